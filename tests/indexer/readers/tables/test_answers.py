"""Which of the objects in an answer of a news service are the articles."""

from __future__ import annotations

import io
import json as json_module
from collections.abc import Callable
from typing import Any

import pytest

from indexer.readers.shared.record import Item, Origin
from indexer.readers.tables import json
from indexer.safe import json_values
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases

ORIGIN = Origin("news", "archive/a.json", "a.json")
LIMIT = 3_000
"""Characters of a value, for answers that are too large."""
FULL = {"title": "A", "text": "x", "date": "2024-05-01"}
COMMENT = {"text": "y", "date": "2024-05-02", "url": "https://e.org/c"}


def read(data: object, **names: str) -> list[Item]:
    text = data if isinstance(data, str) else json_module.dumps(data)
    return list(json.read(io.BytesIO(text.encode()), ORIGIN, names))


def texts(data: object, **names: str) -> list[str]:
    return [found.text for found in read(data, **names) if isinstance(found, Article)]


def problems(data: object, **names: str) -> list[str]:
    return [found.reason for found in read(data, **names) if isinstance(found, BadRecord)]


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "MAX_CHARACTERS", LIMIT)
    monkeypatch.setattr(json_values, "_PIECE", 64)


@cases("odd, said", [
    ("ad", "Record 2: It is not a JSON object: it is a string, “ad”."),
    (7, "Record 2: It is not a JSON object: it is a number, “7”."),
    (True, "Record 2: It is not a JSON object: it is “true”."),
    ([FULL], "Record 2: It is not a JSON object: it is a list."),
    ("a" * 1_000, f"Record 2: It is not a JSON object: it is a string, “{'a' * 60}”."),
])  # fmt: skip
def test_an_odd_element_costs_only_itself(odd: object, said: str) -> None:
    whole = {"articles": [{"text": "x"}, odd, {"text": "y"}]}
    cut = json_module.dumps({**whole, "articles": [*whole["articles"], {"text": "z"}]})[:-4]

    assert (texts(whole), problems(whole)) == (["x", "y"], [said])
    assert (texts(cut), problems(cut)[0]) == (["x", "y"], said)
    assert texts({"articles": [odd, {"text": "x"}]}) == ["x"]


def test_an_element_that_is_null_is_reported() -> None:
    data = {"articles": [{"text": "x"}, None, {"text": "y"}, "odd"]}

    assert texts(data) == ["x", "y"]
    assert problems(data) == ["Record 2: It is null.", "Record 4: It is not a JSON object: it is a string, “odd”."]


@cases("odd", [None, "ad"])
def test_an_answer_may_begin_with_many_odd_elements(odd: object, small_limit: None) -> None:
    many: dict[str, Any] = {"articles": [*[odd] * 200, *[FULL] * 200], "comments": [COMMENT]}

    assert texts(many) == ["x"] * 200
    assert texts({**many, "articles": many["articles"][:210]}) == ["x"] * 10


@cases("other", [
    {"comments": [COMMENT] * 3},
    {"sources": [{"name": "N", "content": "y"}]},
    {"promoted": [{"title": "P", "text": "y"}]},
    {"promoted": [{"title": "P", "text": "y", "url": "https://e.org"}], "tags": [{"name": "n"}]},
    {"more": {"related": [FULL]}},
])  # fmt: skip
@cases("count", [1, 100])
@cases("is_first", [True, False])
def test_of_several_lists_that_of_the_whole_articles_is_read(
    other: dict[str, object], count: int, is_first: bool, small_limit: None
) -> None:
    listed = {"articles": [{"title": "no text"}, *[FULL | {"url": "https://e.org/1"}] * count]}

    data = {**listed, **other} if is_first else {**other, **listed}

    assert texts(data) == ["x"] * count
    assert problems(data) == ["Record 1: It has no text. Say which field is: --map text=NAME. It has: title."]


@cases("count", [1, 100])
@cases("outer", [0, 1])
def test_several_lists_of_equal_records_are_named(count: int, outer: int, small_limit: None) -> None:
    data: dict[str, Any] = {"best": [FULL], "latest": [FULL] * count}
    for _ in range(outer):
        data = {"r": data}

    names = ["r.best", "r.latest"] if outer else ["best", "latest"]

    (said,) = problems(data)
    assert said.startswith(f"Its lists “{names[0]}” and “{names[1]}” may each be the articles.")
    assert "--map text=NAME" in said
    assert not texts(data)
    assert texts(f"{json_module.dumps(data)}\n{json_module.dumps({'articles': [FULL]})}") == ["x"]


@cases("count", [1, 100])
def test_a_name_that_is_given_for_the_text_decides(count: int, small_limit: None) -> None:
    data = {"latest": [FULL], "stories": [{"title": "A", "story": "z"}] * count}

    assert texts(data) == ["x"]
    assert texts(data, text="story") == ["z"] * count


@cases("depth", [1, 3, json_values.MAX_OUTER])
@cases("count", [2, 100])
def test_the_articles_may_be_in_several_objects(depth: int, count: int, small_limit: None) -> None:
    data: dict[str, Any] = {"results": [FULL] * count, "tags": [{"name": "n"}]}
    for _ in range(depth - 1):
        data = {"status": "ok", "response": data, "facets": [{"count": 1}]}

    assert texts(data) == ["x"] * count
    assert not problems(data)


def test_what_is_nested_without_end_is_refused() -> None:
    deep = '{"a":' * 200 + json_module.dumps([FULL]) + "}" * 200

    assert problems(deep) == ["It has no text. Say which field is: --map text=NAME. It has: a."]
    assert "nested too deeply" in problems('{"a":' * 200_000)[0]


@cases("article", [
    {"title": "T", "content": None, "media": [{"text": "caption"}]},
    {"title": "T", "text": "", "media": [{"text": "caption"}]},
    {"title": "T", "date": "2024-05-01", "teksti": "A text.", "media": {"items": [{"text": "caption"}]}},
    {"title": "T", "body": [{"text": "A part."}, {"text": "Another."}]},
    {"title": "T", "body": [{"type": "of-no-known-kind", "text": "A part."}]},
    {"title": "T", "date": "2024-05-01", "images": [{"title": "C", "text": "caption", "url": "https://e.org/i.jpg"}]},
    {
        **{"title": "T", "date": "2024-05-01", "url": "https://e.org/1"},
        "comments": [{"title": "Re: T", "text": "comment", "date": "2024-05-02", "url": "https://e.org/2"}],
    },
    {"title": "T", "body": "one", "content": "other", "media": [{"text": "caption"}]},
])  # fmt: skip
def test_an_article_without_a_known_text_is_no_answer(article: object) -> None:
    assert not texts(article)
    assert len(problems(article)) == 1


def test_the_list_of_a_feed_with_a_title_and_an_address_is_read() -> None:
    feed = {"title": "Feed", "link": "https://e.org", "items": [{"text": "x", "url": "https://e.org/1"} | FULL]}

    assert texts(feed) == ["x"]


BRIEF = {"title": "A", "url": "https://e.org/1", "date": "2024-05-01", "description": "In brief."}


def test_a_feed_with_a_description_is_read_as_its_items() -> None:
    feed = {"title": "Feed", "link": "https://e.org", "description": "All that is new in the harbour.", "item": [BRIEF]}

    assert texts(feed) == texts({"rss": feed}) == ["In brief."]


@cases("count", [1, 100])
def test_lists_of_summaries_are_read_or_named(count: int, small_limit: None) -> None:
    data = {"results": [BRIEF] * count, "facets": [{"name": "n"}]}

    assert texts(data) == ["In brief."] * count
    assert texts({**data, "letters": [COMMENT]}) == ["y"]
    assert problems({**data, "latest": [BRIEF]})[0].startswith("Its lists “results” and “latest” may each be")
    assert texts(json_module.dumps({"results": [BRIEF, BRIEF, BRIEF]})[:-9]) == ["In brief."] * 2


def test_pictures_with_descriptions_are_not_the_articles_of_an_article() -> None:
    picture = {"title": "P", "url": "https://e.org/p", "description": "A ship in the harbour."}
    article = {"title": "T", "date": "2024-05-01", "teksti": "A text.", "media": {"items": [picture]}}

    assert not texts(article)
    assert problems(article)[0].startswith("It has no text.")


def test_of_lone_articles_in_objects_equal_ones_are_named() -> None:
    data = {"best": {"a": FULL}, "last": {"b": FULL, "tags": [{"name": "n"}]}}

    assert problems(data)[0].startswith("Its objects “best.a” and “last.b” may each be the articles.")
    assert texts({**data, "items": [FULL]}) == ["x"]
    assert texts({"best": {"a": FULL, "tags": [BRIEF]}}) == ["x"]


def test_of_an_answer_that_is_cut_off_equal_lists_are_named_too() -> None:
    first, second = problems('{"best": [{"text": "x"}], "latest": [{"text": "y"}, {"te')

    assert first.startswith("Its lists “best” and “latest” may each be the articles.")
    assert second.startswith("It is not JSON")


def test_after_an_article_one_that_is_cut_off_is_no_answer() -> None:
    cut = '{"title": "T", "items": [{"text": "first"}, {"text": "ano'

    assert texts(f'{{"text": "x"}}\n{cut}') == ["x"]
    assert texts(cut) == ["first"]


def test_what_is_not_read_of_a_line_is_named_with_its_line(small_limit: None) -> None:
    line = json_module.dumps({"latest": [FULL] * 100, "best": [FULL]})

    told = [found.line for found in read(f'{{"text": "x"}}\n{line}\n') if isinstance(found, BadRecord)]

    assert told == [2]


@cases("count", [1, 100])
def test_answers_in_a_list_are_read_whatever_their_size(count: int, small_limit: None) -> None:
    data = [{"articles": [FULL] * count, "tags": [{"name": "n"}]}, {"articles": [FULL]}, {"articles": [FULL] * count}]

    found = read(data)

    assert texts(data) == ["x"] * (2 * count + 1)
    assert len({one.id for one in found if isinstance(one, Article)}) == len(found) == 2 * count + 1


def test_an_article_in_a_list_that_is_cut_off_is_no_answer() -> None:
    assert texts('[{"text": "x"}, {"title": "T", "media": [{"text": "caption"}, {"te') == ["x"]


@cases("shape", ["lists", "objects", "depth", "odd", "ids"])
def test_the_articles_are_found_in_linear_time(shape: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        parts: dict[str, dict[str, object]] = {
            "lists": {f"n{n}": [{"name": "n"}] for n in range(count)},
            "objects": {f"n{n}": {"a": {"b": {"c": n}}} for n in range(count)},
            "depth": {f"{'n' * 100}{n}": {"a": {"b": [{"d": n}]}} for n in range(count)},
            "odd": {"a": [*range(count), {"name": "n"}]},
            "ids": {f"n{n}": {"a": BRIEF, "b": BRIEF} for n in range(count)},
        }
        data = json_module.dumps({**parts[shape], "articles": [FULL]})
        assert texts(data) == ["x"]
        return lambda: read(data)

    few = amount(1_000, few=250 if shape == "odd" else 60)
    assert waiting.grows_less(8, reading, few, 4 * few)


@cases("other", [[1], [{**FULL, "url": "https://e.org/a"}]])
def test_what_follows_the_articles_is_compared_with_them_in_linear_time(
    other: list[object], monkeypatch: pytest.MonkeyPatch, amount: Callable[..., int]
) -> None:
    monkeypatch.setattr(json_values, "MAX_CHARACTERS", 100_000)

    def reading(count: int) -> Callable[[], object]:
        articles = json_module.dumps({"articles": [{**FULL, **{f"k{n}": n for n in range(count)}}]})
        others = json_module.dumps({f"n{n}": other for n in range(count)})
        data = articles[:-2] + " " * 300_000 + "], " + others[1:]
        assert texts(data) == ["x"]
        assert len(problems(data)) == (count if isinstance(other[0], dict) else 0)
        return lambda: read(data)

    few = amount(200, few=40)
    assert waiting.grows_less(8, reading, few, 4 * few)


@cases("count", [1, 100])
@cases("comments", [[COMMENT], [COMMENT | {"title": "Re"}], {"data": [COMMENT]}])
def test_comments_are_no_articles_next_to_summaries_of_some(count: int, comments: object, small_limit: None) -> None:
    assert texts({"articles": [BRIEF] * count, "comments": comments}) == ["In brief."] * count
    assert texts({"comments": [COMMENT], "articles": [{"title": "T"}]}) == ["y"]
    assert texts({"comments": [{"teksti": "y"}], "articles": [BRIEF]}, text="teksti") == ["y"]


def test_articles_by_their_ids_are_read_with_these() -> None:
    data = {"a": FULL, "b": FULL | {"id": "own"}, "c": {"title": "C"}, "count": 3, "related": COMMENT}

    assert [found.id for found in read({"news": {"a": FULL, "b": FULL}}) if isinstance(found, Article)] == ["a", "b"]
    assert texts(data) == []
    assert [found.id for found in read(data | {"c": FULL}) if isinstance(found, Article)] == ["a", "own", "c"]
    assert texts({"news": {"a": BRIEF, "b": BRIEF}, "tags": [{"name": "n"}]}) == ["In brief."] * 2


def test_a_record_among_articles_by_their_ids_costs_only_itself() -> None:
    data = {"news": {**{f"n{n}": FULL for n in range(20)}, "odd": {"title": "T"}}}

    assert texts(data) == ["x"] * 20
    assert problems(data) == ["Record 21: It has no text. Say which field is: --map text=NAME. It has: title, id."]


def test_a_lone_whole_article_among_others_by_their_ids_hides_none() -> None:
    data = {"n1": FULL, "n2": {"title": "T"}, "n3": {"title": "T", "date": "2024-05-01"}}

    assert [found.id for found in read(data) if isinstance(found, Article)] == ["n1"]
    assert [each.partition(".")[0] for each in problems(data)] == [
        "Record 2: It has no text",
        "Record 3: It has no text",
    ]
    assert texts({"article": FULL, "section": {"title": "World"}}) == ["x"]
    assert problems({"article": FULL, "section": {"title": "World"}}) == []


def test_a_lone_article_does_not_have_its_place_as_an_id() -> None:
    (found,) = read({"data": {"post": FULL}})

    assert isinstance(found, Article)
    assert found.id != "post"


def test_html_is_the_text_of_a_record_with_a_title() -> None:
    post = {"title": "T", "html": "<p>A <b>text</b>.</p>", "published_at": "2024-05-01", "url": "https://e.org"}

    assert texts({"posts": [post], "meta": {"pagination": {"page": 1}}}) == ["A text."]
    assert texts(post) == texts({"html": "<p>A <b>text</b>.</p>"}) == ["A text."]
    assert texts({"html": "<ul></ul>", "items": [FULL]}) == texts({"html": None, "items": [FULL]}) == ["x"]
    assert texts(post | {"plaintext": "y"}) == ["y"]


def test_a_name_of_map_may_be_a_path() -> None:
    record = {"title": "T", "body": {"parts": {"all": "x", "lead": "y"}}, "a.b": "z", "text": "old"}

    (found,) = read({"news": [record]}, text="body.parts.all")

    assert isinstance(found, Article)
    assert (found.text, found.extra["body"], found.extra["text"]) == ("x", {"parts": {"lead": "y"}}, "old")
    assert texts([record], text="a.b") == ["z"]
    assert texts([{"text": {"long": "x"}}], text="text.long") == ["x"]
    assert texts([record], text="body.none") == ["old"]
