"""What is said of an answer of a news service that has no articles."""

from __future__ import annotations

import io
import json as json_module
from collections.abc import Callable

from indexer.readers.shared.record import Origin
from indexer.readers.tables import json
from search import BadRecord
from search.errors import NoArticle
from tests import waiting
from tests.cases import cases

ORIGIN = Origin("news", "archive/a.json", "a.json")
ADVICE = "If it is an article, say which field is its text: --map text=NAME."


def problem(data: object) -> BadRecord:
    (found,) = json.read(io.BytesIO(json_module.dumps(data).encode()), ORIGIN)
    assert isinstance(found, BadRecord)
    return found


@cases("answer, name", [
    ({"status": "ok", "totalResults": 0, "articles": []}, "articles"),
    ({"response": {"status": "ok", "total": 0, "results": []}}, "response.results"),
    ({"items": [], "facets": [{"name": "politics", "count": 0}]}, "items"),
    ({"title": "Feed", "items": []}, "items"),
    ({"articles": [], "sources": []}, "articles"),
])  # fmt: skip
def test_an_empty_answer_is_no_article(answer: object, name: str) -> None:
    found = problem(answer)

    assert isinstance(found, NoArticle)
    assert found.reason == f"It has no articles: its list “{name}” is empty."


def test_an_object_that_may_be_an_article_or_an_empty_answer_is_told_both() -> None:
    found = problem({"otsikko": "K", "teksti": "A text.", "tags": []})

    assert not isinstance(found, NoArticle)
    assert found.reason == f"It has no text, and its list “tags” is empty. {ADVICE} It has: otsikko, teksti, tags."


@cases("article", [
    {"title": "T", "content": None, "tags": []},
    {"title": "T", "text": "", "tags": []},
    {"title": "T", "date": "2024-05-01", "teksti": "A text.", "tags": []},
    {"title": "T", "teksti": "A text.", "error": ""},
])  # fmt: skip
def test_an_article_without_a_known_text_is_no_empty_answer(article: object) -> None:
    assert problem(article).reason.startswith("It has no text.")


@cases("answer, said", [
    ({"status": "error", "code": "rateLimited", "message": "Too many requests."}, "Too many requests."),
    ({"status": "error", "code": "rateLimited"}, "rateLimited"),
    ({"status": "error", "message": "No key.", "articles": []}, "No key."),
    ({"response": {"status": "error", "message": "Not found."}}, "Not found."),
    ({"error": {"code": 429, "message": "Slow down."}}, "Slow down."),
    ({"error": "invalid_key", "error_description": "It has expired."}, "invalid_key"),
    ({"error": True, "message": "Slow down."}, "Slow down."),
    ({"errors": [{"message": "No such field.", "path": ["a"]}], "data": None}, "No such field."),
    ({"errors": ["You have no key."]}, "You have no key."),
    ({"fault": {"faultstring": "Quota violation.", "detail": {"errorcode": "q"}}}, "Quota violation."),
    ({"type": "about:blank", "title": "Not found", "status": 404, "detail": "There is none."}, "There is none."),
    ({"statusCode": "503", "message": "a\nb" * 200}, ("a b" * 200)[:200]),
    ({"status": "failed"}, "failed"),
    ({"error": "Who are you?"}, "Who are you?"),
    ({"error": "キーが無効です。"}, "キーが無効です。"), ({"errors": {}, "code": 500}, "500"),
    ({"error": {"at": 1}}, "error"),
    ({"error": [[[{"detail": {"message": "Deep."}}]]]}, "Deep."),
])  # fmt: skip
def test_an_error_of_a_service_is_quoted(answer: dict[str, object], said: str) -> None:
    found = problem(answer)

    assert not isinstance(found, NoArticle)
    stop = "" if said.endswith((".", "?", "。")) else "."
    assert found.reason.startswith(f"It is an error of the service: “{said}”{stop} Fetch it again.")


def test_an_article_that_states_an_error_is_told_how_to_name_its_text() -> None:
    assert ADVICE in problem({"error": "e", "teksti": "A text of the article."}).reason


@cases("status", ["ok", 200, "success", None, "error-free", 4_040])
def test_what_is_no_error_is_none(status: object) -> None:
    assert problem({"status": status, "name": "n"}).reason.startswith("It has no text.")


@cases("shape", ["objects", "lists", "errors"])
def test_a_reason_is_found_in_linear_time(shape: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        parts: dict[str, object] = {
            "objects": {"articles": [], **{f"n{n}": {"a": {"b": n}} for n in range(count)}},
            "lists": {f"n{n}": [] for n in range(count)},
            "errors": {"error": [{"message": "m"}] * count},
        }
        assert problem(parts[shape])
        return lambda: problem(parts[shape])

    few = amount(2_000, few=100 if shape == "objects" else 500)
    assert waiting.grows_less(8, reading, few, 4 * few)
