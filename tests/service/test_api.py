from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

import search
from search import Article, Query
from search.engine import Engine
from search.errors import DatelineError
from search.values.query import HIT_FIELDS
from service.http import problems
from tests.cases import cases
from tests.service.api.test_features import get

Client = falcon.testing.TestClient
Serve = Callable[[Path], Client]


def assert_problem(answer: falcon.testing.Result, status: int) -> Any:
    """The one shape of every error."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["type"] == "about:blank"
    assert answer.json["title"]
    assert answer.json["detail"].endswith((".", "…"))
    return answer.json


def test_search_answers_in_the_shape_of_the_contract(client: Client) -> None:
    answer = get(client, "/api/search", q="berlin wall")

    assert list(answer) == [
        "total", "exact", "took_ms", "generation", "incomplete", "query", "did_you_mean", "hits", "facets", "links",
    ]  # fmt: skip
    assert answer["exact"] is True
    assert answer["query"]["canonical"] == "berlin AND wall"
    assert [term["term"] for term in answer["query"]["terms"]] == ["berlin", "wall"]
    assert set(answer["hits"][0]) == set(HIT_FIELDS)
    assert list(answer["facets"]) == ["person", "country", "topic", "date"]
    assert set(answer["facets"]["person"]) == {"values", "distinct", "missing"}
    assert set(answer["facets"]["person"]["values"][0]) == {"value", "label", "count", "selected"}
    assert set(answer["facets"]["date"]) == {"interval", "buckets", "missing"}
    assert answer["links"]["self"] == "/api/search?q=berlin+wall"


def test_facets_agree_with_the_articles_themselves(client: Client, engine: Engine) -> None:
    articles = list(engine.export(Query()))
    facets = get(client, "/api/search", facet_size=1000, size=0)["facets"]

    for name in ("person", "country"):
        values = [value for article in articles for value in getattr(article, name)]
        counted = {entry["value"]: entry["count"] for entry in facets[name]["values"]}
        assert counted == {value: values.count(value) for value in set(values)}
        assert facets[name]["missing"] == sum(not getattr(article, name) for article in articles)
    assert sum(bucket["count"] for bucket in facets["date"]["buckets"]) == sum(
        a.published is not None for a in articles
    )


def test_marks_stand_on_the_words_of_the_query(client: Client) -> None:
    hits = get(client, "/api/search", q="mandela", size=100)["hits"]
    marked = [s["text"][a:b].lower() for hit in hits for s in hit["snippets"] for a, b in s["marks"]]

    assert marked
    assert set(marked) <= {"mandela", "mandelas", "mandela's", "mandela’s"}


def test_links_lead_through_every_hit_once(client: Client) -> None:
    seen: list[str] = []
    link = "/api/search?size=40"
    while link:
        answer = client.simulate_get(link).json
        seen += [hit["id"] for hit in answer["hits"]]
        link = answer["links"]["next"]

    assert len(seen) == len(set(seen)) == answer["total"]


def test_a_link_header_names_the_next_page(client: Client) -> None:
    answer = client.simulate_get("/api/search?size=1")

    assert f"<{answer.json['links']['next']}>; rel=next" in answer.headers["link"]
    assert "</opensearch.xml>; rel=search" in answer.headers["link"]


def test_fields_choose_what_a_hit_has(client: Client) -> None:
    assert set(get(client, "/api/search", fields="id,published")["hits"][0]) == {"id", "published"}


def test_an_article_comes_whole_with_its_evidence(client: Client) -> None:
    article = get(client, "/api/articles/1961-08-berlin-wall")

    assert article["published"] == "1961-08-13"
    for name in ("person", "country"):
        for entry in article["evidence"][name]:
            assert entry["value"] in article[name]
            assert article[entry["in"]][entry["start"] : entry["end"]] == entry["text"]
            assert entry["why"] != entry["rule"]
    assert {entry["in"] for entry in article["evidence"]["country"]} == {"text", "title"}


@cases("path, status", [
    ("/api/search?contry=FR", 400), ("/api/search?cursor=x", 400), ("/api/articles/1961-08-berlin-wall?bogus=1", 400),
    ("/api/articles/nowhere", 404), ("/nowhere", 404),
])  # fmt: skip
def test_errors_have_one_shape(client: Client, path: str, status: int) -> None:
    assert_problem(client.simulate_get(path), status)


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@cases("accept, path, method, status, page", [
    (BROWSER, "/nowhere", "GET", 404, True),
    (BROWSER, "/docs", "DELETE", 405, True),
    (BROWSER, "/static/nowhere.css", "GET", 404, True),
    (BROWSER, "/api/nowhere", "GET", 404, False),
    ("text/html;q=0.5, application/json", "/nowhere", "GET", 404, False),
    ("application/json", "/nowhere", "GET", 404, False),
    ("*/*", "/nowhere", "GET", 404, False),
    (None, "/nowhere", "GET", 404, False),
    ("nonsense", "/nowhere", "GET", 404, False),
    ("text/html, nonsense", "/nowhere", "GET", 404, False),
])  # fmt: skip
def test_a_browser_gets_a_page(
    client: Client, accept: str | None, path: str, method: str, status: int, page: bool
) -> None:
    answer = client.simulate_request(method, path, headers={} if accept is None else {"Accept": accept})

    assert answer.status_code == status
    assert "Accept" in answer.headers["vary"]
    if page:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<h1>Page not found</h1>" in answer.text or "<h1>Not allowed</h1>" in answer.text
        assert 'name="q"' in answer.text
    else:
        assert_problem(answer, status)


def test_a_method_that_is_not_there_is_405_with_allow(client: Client) -> None:
    answer = client.simulate_post("/api/search")

    assert_problem(answer, 405)
    assert "GET" in answer.headers["allow"]


def test_files_are_not_written_to(client: Client) -> None:
    assert client.simulate_put("/static/dateline.css").status_code == 405


@cases("path", ["/api/search?size=1&page=2", "/api/articles/{}/similar?size=1", "/api/facets/person?limit=1&offset=1"])
def test_links_begin_where_the_application_is_mounted(client: Client, path: str) -> None:
    path = path.format(get(client, "/api/search", size=1)["hits"][0]["id"])
    answer = client.simulate_get(path, root_path="/archive")
    headers = re.findall("<(.*?)>", answer.headers["link"])
    links = [*headers, *filter(None, answer.json.get("links", {}).values())]

    assert len(headers) >= 2
    assert [link for link in links if not link.startswith("/archive/")] == []


def test_links_keep_how_the_answer_is_shown(client: Client) -> None:
    answer = get(client, "/api/search", fields="id", size=1, strict="true")

    assert re.fullmatch(r"/api/search\?size=1&cursor=[\w-]+&strict=true&fields=id", answer["links"]["next"])
    later = get(client, "/api/search", fields="id", size=1, strict="true", page=2)
    assert later["links"]["next"] == "/api/search?size=1&page=3&strict=true&fields=id"


def test_errors_name_each_parameter(client: Client) -> None:
    problem = assert_problem(client.simulate_get("/api/search?contry=FR&size=x"), 400)

    assert [entry["parameter"] for entry in problem["errors"]] == ["contry", "size"]
    assert problem["errors"][0] == {
        "parameter": "contry",
        "value": "FR",
        "reason": "No parameter “contry”.",
        "hint": "Nearest: country.",
    }


def test_a_list_is_followed_as_it_was_and_is_gone_after_a_takedown(tmp_path: Path, serve: Serve) -> None:
    place = tmp_path / "idx"
    with search.writer(place) as writer:
        for n in range(6):
            writer.add(Article(f"a{n}", "zebra"))
    client = serve(place)
    link = "/api/search?q=zebra&size=2"
    seen: list[str] = []
    while link:
        answer = client.simulate_get(link).json
        seen += [hit["id"] for hit in answer["hits"]]
        last, link = link, answer["links"]["next"]
        with search.writer(place) as writer:
            writer.add(Article(f"a{len(seen) - 1}", "zebra zebra"))
            writer.add(Article(f"b{len(seen)}", "zebra zebra"))
    assert seen == [f"a{n}" for n in range(6)]

    with search.writer(place) as writer:
        writer.block("a3")
    problem = assert_problem(client.simulate_get(last), 410)
    assert problem["errors"][0]["parameter"] == "cursor"
    assert "first page, or export" in problem["detail"]
    page = client.simulate_get(last.replace("/api/search", "/"))
    assert page.status_code == 410
    assert "first page, or export" in page.text


def every(kind: type[DatelineError]) -> list[type[DatelineError]]:
    """A kind of error, and all that are of that kind."""
    return [kind, *(below for own in kind.__subclasses__() for below in every(own))]


def test_alive_without_an_index_but_not_ready_until_there_is_one(
    tmp_path: Path, seeds_index: Path, serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    client = serve(tmp_path / "later.idx")

    assert client.simulate_get("/healthz").status_code == 200
    unready = client.simulate_get("/readyz")
    problem = assert_problem(unready, 503)
    assert "later.idx" not in problem["detail"]
    (told,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert str(tmp_path / "later.idx") in told["problem"]
    assert told["request"] == unready.headers["x-request-id"]
    assert int(unready.headers["retry-after"]) > 0
    assert_problem(client.simulate_get("/api/search"), 503)
    assert client.simulate_get("/").status_code == 503

    shutil.copytree(seeds_index, tmp_path / "later.idx")
    assert client.simulate_get("/readyz").json["status"] == "ready"
    assert get(client, "/api/search")["total"] > 100


def not_an_index(place: Path) -> None:
    place.mkdir()
    (place / "other.txt").write_text("Something else.", "utf-8")


def damaged(place: Path) -> None:
    with search.writer(place) as writer:
        writer.add(Article("a", "zebra"))
    for file in place.glob("generation_*.sum"):
        file.write_bytes(b"nonsense")


def keys_damaged(place: Path) -> None:
    search.writer(place).close()
    (place / "keys.json").write_text("{", "utf-8")


def forbidden(place: Path) -> None:
    place.write_text("A file.", "utf-8")


@cases("spoil", [lambda place: None, not_an_index, damaged, keys_damaged, forbidden])
def test_no_answer_names_a_file_or_folder(spoil: Callable[[Path], None], tmp_path: Path, serve: Serve) -> None:
    place = tmp_path / spoil.__name__.strip("<>") / "private.idx"
    place.parent.mkdir()
    spoil(place)
    client = serve(place)
    paths = ("/readyz", "/", "/api/search", "/api/export", "/api/articles/a", "/feed", "/metrics")
    for path, headers in product(paths, ({}, {"Authorization": "Bearer nonsense"})):
        answer = client.simulate_get(path, headers=headers)
        said = answer.text + " ".join(answer.headers.values())
        assert not [part for part in (str(tmp_path), tmp_path.name, "private.idx", ".json”") if part in said], said


@cases("kind", [kind for kind in every(DatelineError) if not issubclass(kind, problems.WITH_DETAIL)])
def test_an_error_that_may_name_files_says_nothing_of_them(
    kind: type[DatelineError], capsys: pytest.CaptureFixture[str]
) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "“/private/place” cannot be read.")

    assert "private" not in problems.sentence(error)
    assert problems.sentence(error).endswith(".")
    assert "/private/place" in capsys.readouterr().err


def test_answers_keep_to_the_described_schemas(client: Client) -> None:
    document = get(client, "/openapi.json")

    def check(value: Any, schema: dict[str, Any], where: str) -> None:
        if "$ref" in schema:
            return check(value, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], where)
        if "oneOf" in schema:
            fitting = [s for s in schema["oneOf"] if set(s.get("required", ())) <= set(value or ())]
            assert fitting, where
            return check(value, fitting[0] if value is not None else {}, where)
        kinds = schema.get("type", [])
        names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
        actual = "null" if value is None else names[type(value)]
        allowed = [kinds] if isinstance(kinds, str) else kinds
        assert not allowed or actual in allowed or (actual == "integer" and "number" in allowed), where
        if isinstance(value, dict):
            assert set(schema.get("required", ())) <= set(value), where
            extra = schema.get("additionalProperties")
            for name, inner in value.items():
                described = schema.get("properties", {}).get(name, extra)
                if "properties" in schema and extra is None:
                    assert described is not None, f"{where}.{name} is not described"
                if described:
                    check(inner, described, f"{where}.{name}")
        if isinstance(value, list):
            for entry in value:
                check(entry, schema.get("items", {}), f"{where}[]")
        return None

    for path, target in (
        ("/api/search", "/api/search?q=berlin+OR+talks"),
        ("/api/articles/{article_id}", "/api/articles/1961-08-berlin-wall"),
        ("/api/articles/{article_id}/similar", "/api/articles/1961-08-berlin-wall/similar"),
        ("/api/articles/{article_id}/event", "/api/articles/1961-08-berlin-wall/event"),
        ("/api/facets/{field}", "/api/facets/person?q=berlin"),
        ("/api/facets/{field}", "/api/facets/date?q=berlin"),
        ("/api/suggest", "/api/suggest?q=b"),
        ("/api/trend", "/api/trend?q=berlin"),
        ("/api/special", "/api/special?q=berlin"),
        ("/api/pairs", "/api/pairs?min=1"),
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
    ):
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        check(client.simulate_get(target).json, schema, target)


KEYWORDS = {
    "$ref", "additionalProperties", "const", "default", "description", "enum", "example", "examples", "format",
    "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minProperties", "minimum", "oneOf",
    "pattern", "properties", "required", "type",
}  # fmt: skip
"""Those of JSON Schema that are used here: a reader ignores any other."""


def schemas(value: Any) -> Iterator[dict[str, Any]]:
    """The schemas in a part of the description, those within others too."""
    if isinstance(value, list):
        for inner in value:
            yield from schemas(inner)
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "schema":
                yield from in_schema(inner)
            else:
                yield from schemas(inner)


def in_schema(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema, and those within it."""
    yield schema
    for inner in schema.get("properties", {}).values():
        yield from in_schema(inner)
    for inner in (*schema.get("oneOf", ()), schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from in_schema(inner)


def test_schemas_say_nothing_that_readers_ignore(client: Client) -> None:
    document = get(client, "/openapi.json")
    named = document["components"]["schemas"]
    found = [*schemas(document["paths"]), *(one for schema in named.values() for one in in_schema(schema))]

    assert len(found) > 100
    assert {name for schema in found for name in schema} <= KEYWORDS
    assert all(set(schema.get("required", ())) <= set(schema.get("properties", ())) for schema in found)


def test_security_headers_are_on_every_answer(client: Client) -> None:
    for path in ("/", "/api/search", "/nowhere", "/static/dateline.css"):
        headers = client.simulate_get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"


@cases("address, accept, form", [
    ("/", "text/html", "text/html"), ("/lists", "text/html", "text/html"), ("/api/search", "text/html", "problem+json"),
])  # fmt: skip
def test_an_internal_error_is_a_page_for_people_and_a_problem_for_programs(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
    accept: str,
    form: str,
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("service.archive.Archive.engine", property(fail))
    answer = client.simulate_get(address, headers={"Accept": accept})

    assert answer.status_code == 500
    assert form in answer.headers["content-type"]
    assert form != "problem+json" or assert_problem(answer, 500)
    assert "the server's log says why" in html.unescape(answer.text)
    assert "secret" not in answer.text
    assert "secret detail" in capsys.readouterr().err


def test_a_score_is_the_sum_of_what_explains_it(client: falcon.testing.TestClient) -> None:
    answer = client.simulate_get("/api/search?q=berlin+wall+east+zebra&match=any&explain=true&facets=").json

    for hit in answer["hits"]:
        assert hit["score"] == pytest.approx(sum(one["score"] for one in hit["scored"]), abs=1e-4)
    assert any(one.get("expansion") for hit in answer["hits"] for one in hit["scored"])
    assert "scored" not in client.simulate_get("/api/search?q=berlin").json["hits"][0]


def test_a_sentence_of_unrelated_words_is_told_how_many_have_any_of_them(client: Client) -> None:
    asked = {"q": "berlin quokka zebra xylophone", "size": 0}
    found = get(client, "/api/search", match="auto", **asked)

    assert found["total"] == 0
    assert found["query"]["match"] == {
        "least": 3, "of": 4, "complete": 0, "any": get(client, "/api/search", match="any", **asked)["total"],
    }  # fmt: skip
    assert found["query"]["match"]["any"] > 5
