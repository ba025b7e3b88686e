"""What the API offers besides a search: lists of values, completions, likeness, trends, stories."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import falcon.testing
import pytest

import search
from search import Article, Query
from search.engine import Engine
from service.html.parts import figure
from tests.cases import cases

Client = falcon.testing.TestClient


def get(client: Client, path: str, **params: Any) -> Any:
    answer = client.simulate_get(path, params=params, params_csv=False)
    assert answer.status_code == 200, answer.text
    return answer.json


def refused(client: Client, path: str) -> dict[str, str]:
    answer = client.simulate_get(path)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {entry["parameter"]: f"{entry['reason']} {entry['hint']}" for entry in answer.json["errors"]}


def links(client: Client, path: str) -> dict[str, str]:
    header = client.simulate_get(path).headers["link"]
    return {part.split("rel=")[1]: part.split(">")[0].lstrip(" <") for part in header.split(",")}


@cases("field", ["person", "country", "topic", "source", "section", "language", "date"])
def test_a_facet_alone_is_the_facet_of_the_search(client: Client, field: str) -> None:
    asked = {"q": "berlin OR war", "country": "DE", "country.not": "FR", "from": "1950"}

    assert (
        get(client, f"/api/facets/{field}", **asked)
        == get(client, "/api/search", facets=field, **asked)["facets"][field]
    )


def test_a_list_of_values_is_walked_by_its_links(client: Client) -> None:
    seen: list[str] = []
    at: str | None = "/api/facets/person?sort=name&limit=50&q=war"
    while at:
        seen += [entry["value"] for entry in client.simulate_get(at).json["values"]]
        at = links(client, at).get("next")

    assert len(seen) == len(set(seen)) == get(client, "/api/facets/person", q="war")["distinct"]
    assert links(client, "/api/facets/person?offset=20&limit=10")["prev"] == "/api/facets/person?offset=10"


def test_a_prefix_is_typed_letter_by_letter(client: Client) -> None:
    sizes = []
    for letters in ("m", "ma", "man", "mand", "mandela"):
        found = get(client, "/api/facets/person", prefix=letters)
        sizes.append(found["distinct"])
        assert all(any(w.lower().startswith(letters) for w in re.split(r"\W", e["label"])) for e in found["values"])

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] >= 1


def test_topics_have_children(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "A match.", topic=("medtop:20001065", "medtop:20000822")))
        writer.add(Article("b", "A match.", topic=("medtop:20001085",)))
    client = serve(tmp_path / "idx")

    assert [(e["label"], e["count"]) for e in get(client, "/api/facets/topic")["values"]] == [("sport", 2)]
    below = get(client, "/api/facets/topic", parent="Competition discipline")["values"]
    assert [(e["label"], e["count"]) for e in below] == [("soccer", 1), ("tennis", 1)]
    assert get(client, "/api/search", topic="sport")["total"] == 2
    assert get(client, "/api/search", topic="tennis")["total"] == 1


@cases("path, parameter, said", [
    ("/api/facets/person?parent=sport", "parent", "does not apply to person"),
    ("/api/facets/person?interval=year", "interval", "Omit it"),
    ("/api/facets/date?prefix=a", "prefix", "does not apply to date"),
    ("/api/facets/topic?parent=sprot", "parent", "Nearest: sport."),
    ("/api/facets/person?sort=newest", "sort", "count"),
    ("/api/facets/person?limit=1001", "limit", "from 0 to 1000"),
    ("/api/facets/person?offset=-1", "offset", "0 or more"),
    ("/api/facets/person?prefix=" + "a" * 201, "prefix", "201 characters"),
    ("/api/facets/person?size=3", "size", "No parameter"),
    ("/api/suggest?q=" + "a" * 201, "q", "201 characters"),
    ("/api/suggest?limit=0", "limit", "from 1 to 100"),
    ("/api/trend?denominator=all", "denominator", "filters, archive"),
    ("/api/trend?facets=person", "facets", "No parameter"),
    ("/api/trend?strict=true&q=(a", "q", "Unclosed"),
    ("/api/special?field=persons", "field", "Nearest: person."),
    ("/api/special?against=all", "against", "filters, archive"),
    ("/api/special?sort=count", "sort", "over, under"),
    ("/api/special?limit=0", "limit", "from 1 to 1000"),
    ("/api/special?limit=1001", "limit", "from 1 to 1000"),
    ("/api/special?group=story", "group", "No parameter"),
    ("/api/special?by=week", "by", "month, year, decade"),
    ("/api/special?by=year&format=svg", "format", "Use csv or json"),
    ("/api/special?strict=true&q=(a", "q", "Unclosed"),
    ("/api/compare", "q", "one to five times"),
    ("/api/compare?q=" + "&q=".join("abcdef"), "q", "given 6 times"),
    ("/api/compare?q=a&interval=hour", "interval", "day, week"),
    ("/api/compare?q=a&denominator=all", "denominator", "archive"),
    ("/api/compare?q=a&fields=person,words", "fields", "words"),
    ("/api/compare?q=a&limit=1001", "limit", "from 0 to 1000"),
    ("/api/compare?q=a&q=(b&strict=true", "q", "Unclosed"),
    ("/api/compare?q=a&country=contry", "country", "contry"),
    ("/api/compare?q=a&sort=newest", "sort", "No parameter"),
    ("/api/count?by=words", "by", "Nothing is counted by"),
    ("/api/count?by=year&by=month", "by", "not two dimensions"),
    ("/api/count?by=person&by=source&by=year", "by", "one or two dimensions"),
    ("/api/count?limit=0", "limit", "from 1 to 1000"),
    ("/api/count?format=graphml", "format", "csv, svg"),
    ("/api/trend?format=pdf", "format", "csv, svg"),
    ("/api/compare?q=a&table=all", "table", "overlaps"),
    ("/api/special?format=graphml", "format", "csv, svg"),
    ("/api/pairs?fields=person", "fields", "A pair has two facets, not 1."),
    ("/api/pairs?fields=person,persons", "fields", "Nearest: person."),
    ("/api/pairs?fields=person,words", "fields", "No facet “words”"),
    ("/api/pairs?measure=lift", "measure", "count, npmi"),
    ("/api/pairs?min=0", "min", "1 or more"),
    ("/api/pairs?limit=100001", "limit", "from 0 to 100000"),
    ("/api/pairs?format=gexf", "format", "graphml"),
    ("/api/pairs?sort=count", "sort", "No parameter"),
    ("/api/search?strict=true&q=who+is+the+chancellor", "q", "Omitted as too common"),
    ("/api/search?strict=true&q=berlin+or+bonn", "q", "berlin OR bonn"),
    ("/api/search?strict=true&q=wall^2", "q", "cannot be weighted"),
    ("/api/search?strict=true&q=wall~x", "q", "needs a number"),
    ("/api/articles/1961-08-berlin-wall/similar?q=a", "q", "No parameter"),
    ("/api/search?group=story&fields=id,texts", "fields", "texts"),
])  # fmt: skip
def test_what_is_not_understood_is_named(client: Client, path: str, parameter: str, said: str) -> None:
    assert said in refused(client, path)[parameter]


def test_a_facet_that_is_not_there_is_404_with_those_that_are(client: Client) -> None:
    answer = client.simulate_get("/api/facets/persons")

    assert answer.status_code == 404
    assert "person, country" in answer.json["detail"]


def test_completions_count_articles(client: Client, engine: Engine) -> None:
    found = get(client, "/api/suggest", q="ger")["suggestions"]
    germany = next(entry for entry in found if entry["value"] == "DE")

    assert germany["type"] == "country"
    assert germany["label"] == "Germany"
    assert germany["count"] == get(client, "/api/search", country="DE", size=0)["total"]
    assert [entry["count"] for entry in found] == sorted((entry["count"] for entry in found), reverse=True)
    assert get(client, "/api/suggest") == {"suggestions": []}


def test_more_like_an_article(client: Client) -> None:
    answer = get(client, "/api/articles/1961-08-berlin-wall/similar", size=5)

    assert "1961-08-berlin-wall" not in [hit["id"] for hit in answer["hits"]]
    assert "berlin" in [term["term"] for term in answer["query"]["terms"]]
    assert answer["links"]["next"] == "/api/articles/1961-08-berlin-wall/similar?size=5&page=2"
    assert client.simulate_get(answer["links"]["next"]).json["hits"]
    assert client.simulate_get("/api/articles/nowhere/similar").status_code == 404


def test_a_trend_counts_what_a_search_finds(client: Client) -> None:
    trend = get(client, "/api/trend", q="berlin", interval="decade", country="DE")

    assert set(trend) == {"interval", "denominator", "buckets", "gaps", "missing", "of_missing"}
    undated = {"country": "DE", "date.missing": "true", "size": 0}
    assert trend["missing"] == get(client, "/api/search", q="berlin", **undated)["total"]
    assert trend["of_missing"] == get(client, "/api/search", **undated)["total"]
    for bucket in trend["buckets"]:
        last = str(int(bucket["start"][:4]) + 9)
        asked = {"country": "DE", "from": bucket["start"], "to": last, "size": 0}
        assert bucket["count"] == get(client, "/api/search", q="berlin", **asked)["total"]
        assert bucket["of"] == get(client, "/api/search", **asked)["total"]


@cases("field", ["person", "country", "topic", "words"])
@cases("against", ["archive", "filters"])
@cases("sort", ["over", "under"])
def test_what_is_special_is_counted_as_a_search_finds_it(client: Client, field: str, against: str, sort: str) -> None:
    asked = {"q": "president OR minister", "country": "US"}
    base = {"country": "US"} if against == "filters" else {}
    answer = get(client, "/api/special", field=field, against=against, sort=sort, limit=5, **asked)

    assert set(answer) == {"field", "against", "total", "of", "values"}
    total, of = (get(client, "/api/search", size=0, **some)["total"] for some in (asked, base))
    assert (answer["total"], answer["of"]) == (total, of)
    assert len(answer["values"]) == 5
    for entry in answer["values"]:
        own = {f"{field}.all": entry["value"]}
        count, all_of = (
            get(
                client,
                "/api/search",
                size=0,
                **some | ({"q": f"({some.get('q', '')}) ={entry['value']}"} if field == "words" else own),
            )["total"]
            for some in (asked, base)
        )
        assert (entry["count"], entry["of"]) == (count, all_of)
        assert entry["expected"] == pytest.approx(total * all_of / of, abs=1e-4)
        assert (entry["g2"] > 0, entry["log_ratio"] > 0) == (sort == "over",) * 2


@cases("field", ["country", "words"])
@cases("by", ["year", "decade"])
def test_what_is_special_in_a_period_is_special_within_its_dates(client: Client, field: str, by: str) -> None:
    asked = {"q": "president OR minister", "country.not": "FR", "field": field, "limit": "4"}
    answer = get(client, "/api/special", by=by, **{"from": "1955-03", "to": "1975"}, **asked)
    whole = get(client, "/api/special", **{"from": "1955-03", "to": "1975"}, **asked)

    assert {name: answer[name] for name in whole} == whole
    assert (answer["by"], answer["earlier"]) == (by, 0)
    assert answer["periods"][0]["start"] >= "1955-03-01"
    assert sum(period["total"] for period in answer["periods"]) == answer["total"]
    for period in answer["periods"]:
        dates = {"from": period["start"], "to": period["end"]}
        alone = get(client, "/api/special", against="filters", **dates, **asked)
        assert {name: period[name] for name in ("total", "of", "values")} == {
            name: alone[name] for name in ("total", "of", "values")
        }


@cases("missing", [{}, {"date.missing": "true"}])
@cases("dates", [{}, {"from": "1969-08", "to": "2012"}])
def test_each_article_is_in_a_period_or_without_a_date(
    client: Client, dates: dict[str, str], missing: dict[str, str]
) -> None:
    answer = get(client, "/api/special", q="moon", by="decade", **dates, **missing)

    assert answer["missing"] == (0 if dates and not missing else 1)
    assert sum(period["total"] for period in answer["periods"]) + answer["missing"] == answer["total"]


@cases("group", [{}, {"group": "story"}])
@cases("denominator", ["filters", "archive"])
def test_each_count_of_a_comparison_is_that_of_a_search(
    client: Client, denominator: str, group: dict[str, str]
) -> None:
    texts = ["president", "minister OR moon", "country:US -war"]
    common = {"country.not": "FR", "from": "1950-06", "to": "1999", **group}
    found = get(client, "/api/compare", q=texts, denominator=denominator, interval="decade", limit=3, **common)

    def total(**asked: object) -> int:
        return int(get(client, "/api/search", size=0, **{**common, **asked})["total"])

    assert set(found) == {
        "queries", "interval", "denominator", "buckets", "of_missing", "overlaps", "differences", "exact",
    }  # fmt: skip
    assert [(one["text"], one["total"]) for one in found["queries"]] == [(text, total(q=text)) for text in texts]
    assert found["queries"][1]["canonical"] == "minister OR moon"
    for bucket in found["buckets"]:
        decade = int(bucket["start"][:4])
        days = {"from": max(f"{decade}-01-01", "1950-06"), "to": f"{decade + 9}"}
        assert bucket["counts"] == [total(q=text, **days) for text in texts]
        base = group if denominator == "archive" else {**group, "country.not": "FR"}
        assert bucket["of"] == get(client, "/api/search", size=0, **base, **days)["total"]
    assert len(found["overlaps"]) == 7
    for overlap in found["overlaps"]:
        inside = [f"({texts[n]})" for n in overlap["of"]]
        others = [f"-({text})" for n, text in enumerate(texts) if n not in overlap["of"]]
        assert overlap["count"] == total(q=" ".join(inside))
        assert overlap["only"] == total(q=" ".join([*inside, *others]))
    assert set(found["differences"]) == {"person", "country", "topic", "source"}
    for field, values in found["differences"].items():
        assert len(values) <= 3
        for value in values:
            assert value["counts"] == [total(q=text, **{f"{field}.all": value["value"]}) for text in texts]
        assert [value["g2"] for value in values] == sorted((value["g2"] for value in values), reverse=True)


@cases("fields", ["person,person", "country,person", "topic,source"])
@cases("group", [{}, {"group": "story"}])
def test_a_pair_is_counted_as_a_search_finds_it(client: Client, fields: str, group: dict[str, str]) -> None:
    asked = {"q": "president OR minister", "from": "1950", **group}
    answer = get(client, "/api/pairs", fields=fields, min=1, limit=8, **asked)
    one, other = fields.split(",")

    def total(**filters: object) -> int:
        return int(get(client, "/api/search", size=0, **asked, **filters)["total"])

    assert set(answer) == {"fields", "measure", "total", "found", "nodes", "edges"}
    assert answer["total"] == total()
    assert len(answer["edges"]) == 8 <= answer["found"]
    for node in answer["nodes"]:
        assert node["count"] == total(**{f"{node['field']}.all": node["value"]})
    for edge in answer["edges"]:
        a, b = edge["a"], edge["b"]
        both = {f"{one}.all": [a, b]} if one == other else {f"{one}.all": a, f"{other}.all": b}
        assert edge["count"] == total(**both)
    assert {(node["field"], node["value"]) for node in answer["nodes"]} == {
        (name, edge[end]) for edge in answer["edges"] for name, end in ((one, "a"), (other, "b"))
    }


def test_pairs_are_a_table_and_a_graph(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "idx") as writer:
        for name in ("a", "b"):
            writer.add(Article(name, "Met.", person=("=Ann & <Bo>", 'Cy "Z"', "D\x01e"), country=("FR",)))
    client = serve(tmp_path / "idx")
    table = client.simulate_get("/api/pairs?fields=person,country&format=csv")
    graph = client.simulate_get("/api/pairs?format=graphml")

    assert table.headers["content-type"].startswith("text/csv")
    assert 'filename="dateline-person-country.csv"' in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text.split("\n", 3)[3])))
    assert [(row["a"], row["b"], row["count"], row["b_label"], row["a_count"]) for row in rows] == [
        ("'=Ann & <Bo>", "FR", "2", "France", "2"), ('Cy "Z"', "FR", "2", "France", "2"),
        ("D\ufffde", "FR", "2", "France", "2"),
    ]  # fmt: skip
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ElementTree.fromstring(graph.content)
    keys = {(key.get("id"), key.get("for")) for key in root.iter(f"{space}key")}
    nodes = {node.get("id"): {data.get("key"): data.text for data in node} for node in root.iter(f"{space}node")}
    assert [node["node-label"] for node in nodes.values()] == ["=Ann & <Bo>", 'Cy "Z"', "D\ufffde"]
    edges = list(root.iter(f"{space}edge"))
    assert len(edges) == 3
    for edge in edges:
        assert {edge.get("source"), edge.get("target")} <= nodes.keys()
        assert {data.get("key"): data.text for data in edge}["edge-count"] == "2"
    for kind in ("node", "edge"):
        for element in root.iter(f"{space}{kind}"):
            assert {(data.get("key"), kind) for data in element} <= keys


@cases("asked", [{}, {"source": "Meridian Wire"}, {"q": "president", "country": "US", "from": "1960"}])
def test_of_a_gap_there_is_nothing_but_before_and_after(client: Client, asked: dict[str, str]) -> None:
    found = get(client, "/api/trend", interval="year", **asked)["gaps"]

    assert found
    assert {gap["part"] for gap in found} <= {"archive", "collection", "source"}
    assert any(gap["part"] == "source" for gap in found)
    for gap in found:
        of = {"source": gap["name"]} if gap["part"] == "source" else {}
        assert asked.get("source", gap["name"]) == gap["name"] or gap["part"] != "source"
        if gap["part"] == "collection":  # there is no search for one
            continue
        before, after = str(int(gap["start"][:4]) - 1), str(int(gap["end"][:4]) + 1)
        ranges = {"from": gap["start"], "to": gap["end"]}, {"to": before}, {"from": after}
        within, earlier, later = (get(client, "/api/search", size=0, **of, **days)["total"] for days in ranges)
        assert (within, earlier > 0, later > 0) == (0, True, True)


def test_a_search_offers_what_was_meant(client: Client) -> None:
    answer = get(client, "/api/search", q="mandella")

    assert (answer["total"], answer["did_you_mean"]) == (0, "mandela")


def test_excluded_words_are_among_the_terms(client: Client) -> None:
    terms = get(client, "/api/search", q="berlin -berlin", strict="true")["query"]["terms"]

    assert [sorted(term) for term in terms] == [["articles", "term"], ["articles", "excluded", "term"]]
    assert terms[1]["excluded"] is True


def test_a_topic_that_is_not_in_the_archive_finds_nothing(client: Client) -> None:
    assert get(client, "/api/search", topic="curling")["total"] == 0
    assert get(client, "/api/search", topic="medtop:20000890")["total"] == 0


def test_links_lead_back_as_well(client: Client) -> None:
    there = links(client, "/api/search?size=5&page=3")

    assert there["prev"] == "/api/search?size=5&page=2"
    assert there["next"] == "/api/search?size=5&page=4"
    assert there["self"] == "/api/search?size=5&page=3"


def test_stories_are_found_once_and_their_copies_are_listed(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "idx") as writer:
        for name in ("a", "b", "c"):
            writer.add(Article(name, "A storm hit.", f"Storm {name}", group="g" if name != "c" else "gone"))
    client = serve(tmp_path / "idx")
    answer = get(client, "/api/search", group="story", q="storm")

    assert answer["total"] == 2
    assert [(hit["id"], hit["group"]) for hit in answer["hits"]] == [("a", {"id": "g", "size": 2}), ("c", None)]
    assert answer["links"]["self"] == "/api/search?q=storm&group=story"
    assert [copy["id"] for copy in get(client, "/api/articles/a")["copies"]] == ["b"]
    alone = get(client, "/api/articles/c")
    assert (alone["group"], alone["likeness"], alone["copies"]) == (None, None, [])


def test_ids_are_given_without_reading_an_article(
    client: Client, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [hit.article.id for hit in engine.search(Query("war", facets=())).hits]
    monkeypatch.setattr("search.values.record.decode", None)

    assert get(client, "/api/search", q="war", fields="id")["hits"] == [{"id": name} for name in expected]


def test_a_chart_of_too_many_marks_is_refused_with_the_way_out(
    client: falcon.testing.TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = (
        "/api/count?by=person&by=country", "/api/trend?interval=month", "/api/compare?q=soviet&q=moon&interval=month",
    )  # fmt: skip
    for path in paths:
        assert client.simulate_get(f"{path}&format=svg").status_code == 200
    monkeypatch.setattr(figure, "MARKS", 5)
    for path in paths:
        refused = client.simulate_get(f"{path}&format=svg")
        assert refused.status_code == 400
        assert "the maximum is 5" in refused.json["errors"][0]["reason"]
        assert client.simulate_get(f"{path}&format=csv").status_code == 200


def test_a_chart_has_no_marks_for_empty_cells(client: falcon.testing.TestClient) -> None:
    found = client.simulate_get("/api/count?by=person&by=country&limit=900").json
    drawn = client.simulate_get("/api/count?by=person&by=country&limit=900&format=svg").text

    assert drawn.count("<rect") < sum(count > 0 for cells in found["cells"] for count in cells) + 900 + 5
