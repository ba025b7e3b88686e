"""Counts to take away: each CSV and SVG states what was asked, has the figures of the answer, and harms no program."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import falcon.testing
import pytest

import search
from search import Article, Query
from search.measures.cross_table import Axis, CrossTable
from search.values.results import Share, Trend
from service.formats.export import Provenance
from service.html.parts import figure
from tests.cases import cases
from tests.service.api.test_features import get

Client = falcon.testing.TestClient

SVG = "{http://www.w3.org/2000/svg}"
TITLES = {
    "/api/special": ("Words more frequent than expected", "Persons less frequent than expected"),
    "/api/pairs": ("Persons in the same articles", "Persons and Countries in the same articles"),
    "/api/facets/country": ("Articles by country",), "/api/trend": ("Articles by ",), "/api/count": ("Articles by ",),
    "/api/compare": ("Articles by ",),
}  # fmt: skip
CROSS: dict[str, Any] = {"q": "president", "by": ["country", "decade"]}
FILES: dict[str, dict[str, Any]] = {
    "/api/facets/country": {"q": "president", "limit": 4},
    "/api/facets/date": {"q": "president", "interval": "decade"},
    "/api/trend": {"q": "president", "interval": "decade"},
    "/api/special": {"q": "president", "field": "person", "limit": 4},
    "/api/pairs": {"q": "president", "limit": 4},
    "/api/compare": {"q": ["president", "moon"], "interval": "decade"},
    "/api/count": CROSS,
    "/api/concordance": {"q": "president"},
}


def table(answer: falcon.testing.Result) -> tuple[dict[str, str], list[str], list[list[str]]]:
    """What a file says of itself, the names of its columns, and its rows."""
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert all(len(row) == len(rows[3]) for row in rows[3:])
    return {row[0]: row[1] for row in rows[:3]}, rows[3], rows[4:]


@cases("path", FILES)
def test_each_table_states_its_question_generation_and_time(client: Client, path: str) -> None:
    answer = client.simulate_get(path, params={**FILES[path], "country.not": "FR", "format": "csv"})
    said, head, rows = table(answer)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="dateline-' in answer.headers["content-disposition"]
    assert answer.headers["etag"].startswith('W/"')
    assert set(said) == {"# question", "# generation", "# time"}
    assert "q=president" in said["# question"]
    assert "country.not=FR" in said["# question"]
    assert "format" not in said["# question"]
    assert said["# generation"] == str(client.simulate_get("/readyz").json["generation"])
    assert said["# time"].endswith("+00:00")
    assert head
    assert rows


def test_the_tables_have_the_figures_of_the_answers(client: Client) -> None:
    def both(path: str, **more: str) -> tuple[Any, list[str], list[list[str]]]:
        asked = {**FILES[path], "group": "story"} if path != "/api/special" else FILES[path]
        _, head, rows = table(client.simulate_get(path, params={**asked, **more, "format": "csv"}))
        return get(client, path, **asked), head, rows

    found, head, rows = both("/api/facets/country")
    assert head == ["value", "label", "count"]
    assert rows[:4] == [[one["value"], one["label"], str(one["count"])] for one in found["values"]]
    assert rows[4:] == ([["", "none", str(found["missing"])]] if found["missing"] else [])
    found, head, rows = both("/api/facets/date")
    assert head == ["decade", "count"]
    assert rows[: len(found["buckets"])] == [[one["start"], str(one["count"])] for one in found["buckets"]]
    found, head, rows = both("/api/trend")
    assert head == ["decade", "count", "of", "share"]
    assert rows == [
        [one["start"], str(one["count"]), str(one["of"]), str(round(one["count"] / one["of"], 6)) if one["of"] else ""]
        for one in [*found["buckets"], {"start": "", "count": found["missing"], "of": found["of_missing"]}]
    ]
    found, head, rows = both("/api/special")
    assert [row[:4] for row in rows] == [
        [one["value"], one["label"], str(one["count"]), str(one["of"])] for one in found["values"]
    ]
    found, head, rows = both("/api/concordance")
    assert len(rows) == found["total"]
    assert rows == [["" if cell is None else str(cell) for cell in one.values()] for one in found["rows"]]
    found, head, rows = both("/api/compare")
    assert head == ["decade", "president", "moon", "of"]
    assert rows[:-1] == [[one["start"], *map(str, one["counts"]), str(one["of"])] for one in found["buckets"]]
    assert rows[-1] == ["", *(str(one["missing"]) for one in found["queries"]), str(found["of_missing"])]
    found, head, rows = both("/api/compare", table="overlaps")
    assert [row[1:] for row in rows] == [[str(one["count"]), str(one["only"])] for one in found["overlaps"]]
    assert rows[2][0] == "(president) + (moon)"
    found, head, rows = both("/api/compare", table="differences")
    assert head == ["field", "value", "label", "president", "moon", "g2"]
    assert [row[3:5] for row in rows] == [
        [str(count) for count in one["counts"]] for values in found["differences"].values() for one in values
    ]
    found, head, rows = both("/api/count")
    one, other = found["axes"]
    assert head == ["country", "label", "count", *(value["label"] for value in other["values"])]
    assert rows[0] == ["", "all", str(found["total"]), *(str(value["count"]) for value in other["values"])]
    assert rows[1:] == [
        [value["value"] or "", value["label"], str(value["count"]), *map(str, cells)]
        for value, cells in zip(one["values"], found["cells"], strict=True)
    ]


@cases("by", [["country", "decade"], ["year", "person"], ["topic", "source"], ["author"], ["date"]])
@cases("group", [{}, {"group": "story"}])
def test_each_cell_of_a_cross_table_is_the_total_of_a_search(
    client: Client, by: list[str], group: dict[str, str]
) -> None:
    asked = {"q": "president OR moon", "from": "1955-03", **group}
    found = get(client, "/api/count", by=by, limit=4, **asked)

    def narrowed(axis: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        if axis["by"] in ("year", "decade", "month"):
            if value["value"] is None:
                return {"date.missing": "true"}
            width = {
                "year": value["value"][:4],
                "decade": f"{int(value['value'][:4]) + 9}",
                "month": value["value"][:7],
            }
            return {"from": max(value["value"], "1955-03-01"), "to": width[axis["by"]]}
        if value["value"] is None:
            return {f"{axis['by']}.missing": "true"}
        return {f"{axis['by']}.all": value["value"]}

    def total(**more: str) -> int:
        return int(get(client, "/api/search", size=0, **{**asked, **more})["total"])

    assert found["total"] == total()
    assert len(found["axes"]) == len(by)
    rows, *others = found["axes"]
    for number, row in enumerate(rows["values"]):
        assert row["count"] == total(**narrowed(rows, row))
        for place, column in enumerate(others[0]["values"] if others else ()):
            count = found["cells"][number][place]
            if count or place % 7 == 0:
                assert count == total(**narrowed(rows, row), **narrowed(others[0], column))


@cases(
    "path, asked",
    [
        ("/api/trend", {"q": "president"}), ("/api/trend", {"q": "xyzzy"}), ("/api/count", CROSS),
        ("/api/count", {"by": "person", "limit": "3"}), ("/api/count", {"q": "xyzzy"}),
        ("/api/compare", {"q": ["president", "moon <&>"], "interval": "year"}), ("/api/compare", {"q": "xyzzy"}),
        ("/api/special", {"q": "president"}), ("/api/special", {"q": "moon", "field": "person", "sort": "under"}),
        ("/api/special", {"q": "xyzzy"}), ("/api/pairs", {"q": "president"}), ("/api/pairs", {"q": "xyzzy"}),
        ("/api/pairs", {"q": "moon OR president", "fields": "person,country", "measure": "npmi"}),
        ("/api/facets/country", {"q": "president"}), ("/api/facets/country", {"q": "xyzzy"}),
    ],
)  # fmt: skip
def test_each_chart_has_a_title_and_a_source(client: Client, path: str, asked: dict[str, Any]) -> None:
    answer = client.simulate_get(path, params={**asked, "from": "1950", "format": "svg"})
    root = ElementTree.fromstring(answer.content)
    said = [element.text or "" for element in root.iter(f"{SVG}text")]

    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"].endswith('.svg"')
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text or "").startswith(TITLES[path])
    assert said.count(title.text or "") == 1
    generation = client.simulate_get("/readyz").json["generation"]
    assert any(text.startswith(f"Source: Dateline, generation {generation}, ") for text in said)
    assert any("from=1950" in text for text in said)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ("svg", "title", "desc", "rect", "text", "polyline", "path")


@cases("by, more", [("year", {}), ("decade", {"field": "source"}), ("month", {"limit": "1"})])
def test_a_table_of_periods_says_all_that_the_answer_says(client: Client, by: str, more: dict[str, str]) -> None:
    asked = {"q": "moon", "by": by, **more}
    found = get(client, "/api/special", **asked)
    lines = list(csv.reader(io.StringIO(client.simulate_get("/api/special", params={**asked, "format": "csv"}).text)))
    head, rows = lines[4], lines[5:]

    assert lines[3] == ["# earlier", str(found["earlier"])]
    assert head == [
        "start", "end", "period_total", "period_of", "value", "label", "count", "of", "expected", "g2", "log_ratio",
    ]  # fmt: skip
    assert [row[:5] for row in rows] == [
        [one["start"], one["end"], str(one["total"]), str(one["of"]), value["value"]]
        for one in found["periods"]
        for value in one["values"] or [{"value": ""}]
    ] + [["", "", str(found["missing"]), "", ""]]
    assert {len(row) for row in rows} == {len(head)}


def test_a_table_of_periods_has_those_without_values_and_counts_those_left_out(
    tmp_path: Path, serve: Callable[[Path], Client]
) -> None:
    with search.writer(tmp_path / "news.idx") as writer:
        for year in range(1950, 1980):
            writer.add(Article(str(year), "Oil.", published=str(year)))
    asked = {"q": "oil", "by": "year", "format": "csv"}
    lines = serve(tmp_path / "news.idx").simulate_get("/api/special", params=asked).text.splitlines()

    assert lines[3] == "# earlier,6"
    assert lines[5] == "1956-01-01,1956-12-31,1,1,,,,,,,"
    assert len(lines[5:]) == 24


def titles(answer: falcon.testing.Result, tag: str) -> list[str]:
    """What the marks of a chart say."""
    drawn = ElementTree.fromstring(answer.content).iter(f"{SVG}{tag}")
    return [title.text or "" for mark in drawn if (title := mark.find(f"{SVG}title")) is not None]


def test_charts_have_the_figures_of_their_answers(client: Client) -> None:
    found = get(client, "/api/facets/country", q="president", limit=1000)
    drawn = titles(client.simulate_get("/api/facets/country?q=president&format=svg"), "rect")
    assert sorted(drawn) == sorted(f"{one['label']}: {one['count']:,}" for one in found["values"])

    asked = {"q": "president", "field": "person"}
    drawn = titles(client.simulate_get("/api/special", params={**asked, "format": "svg"}), "rect")
    assert drawn == [
        f"{one['label']}: {one['count']:,} of {one['of']:,}, expected {one['expected']:,.1f}"
        for one in get(client, "/api/special", **asked)["values"]
    ]

    found = get(client, "/api/pairs", q="president")
    drawn = titles(client.simulate_get("/api/pairs?q=president&format=svg"), "path")
    listed = [f"{one['a']} and {one['b']}: {one['count']:,}, NPMI {one['npmi']:.3f}" for one in found["edges"]]
    assert drawn
    assert set(drawn) <= set(listed)
    assert drawn[-1] == listed[0]


@cases("field", ["person", "date"])
def test_only_countries_have_a_map(client: Client, field: str) -> None:
    answer = client.simulate_get(f"/api/facets/{field}?format=svg")

    assert answer.status_code == 400
    assert f"{field} has no map. Ask /api/count?by={field}&format=svg" in answer.json["detail"]


def test_bars_are_as_high_as_their_counts(client: Client) -> None:
    asked = {"q": "president", "interval": "decade"}
    root = ElementTree.fromstring(client.simulate_get("/api/trend", params={**asked, "format": "svg"}).content)
    bars = [float(bar.get("height", "")) for bar in root.iter(f"{SVG}rect") if bar.get("fill") == figure.LINES[0]]
    counts = [one["count"] for one in get(client, "/api/trend", **asked)["buckets"] if one["count"]]

    assert bars == pytest.approx([max(bars) * count / max(counts) for count in counts], abs=0.02)


@cases("path", ["/api/count", "/api/trend", "/api/compare"])
def test_the_question_of_a_table_can_be_asked_again(client: Client, path: str) -> None:
    asked: dict[str, Any] = {"q": '"köln & bonn" OR 50%+#1 OR a=b', "country.not": "FR", "from": "1960"}
    said, _, _ = table(client.simulate_get(path, params={**asked, "format": "csv"}))
    again = client.simulate_get(f"{path}?{said['# question']}")

    assert said["# question"].isascii()
    assert " " not in said["# question"]
    assert parse_qsl(said["# question"]) == [*asked.items()]
    assert again.json == client.simulate_get(path, params=asked).json


CONTROLS = "".join(chr(number) for number in (*range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0x7F, 0xA0)))


def test_a_table_has_no_control_characters(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    name = f"Ann {CONTROLS}[31m Lee"
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", f"Met\n{CONTROLS}.", f"Title {CONTROLS}", person=(name, "Bo"), source=name))
    client = serve(tmp_path / "idx")

    given: dict[str, dict[str, Any]] = {
        "/api/facets/person": {}, "/api/count": {"by": ["person", "source"]}, "/api/pairs": {"min": "1"},
        "/api/compare": {"q": [f"met {CONTROLS}", "bo"]}, "/api/special": {"field": "person"}, "/api/export": {},
    }  # fmt: skip
    for path, asked in given.items():
        text = client.simulate_get(path, params={**asked, "format": "csv"}).content.decode()
        assert "Ann" in text or path in ("/api/compare", "/api/special"), path
        assert not [c for c in text if c in CONTROLS], path


def test_a_table_runs_nothing_in_a_spreadsheet(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "Met.", person=("=Ann", "+Bo, Cy"), source="@wire\x01"))
    client = serve(tmp_path / "idx")

    given: dict[str, dict[str, Any]] = {
        "/api/facets/person": {}, "/api/count": {"by": ["person", "source"]}, "/api/pairs": {"min": "1"},
        "/api/compare": {"q": ["=met", "@met\n=1+1"]}, "/api/special": {"field": "person"},
    }  # fmt: skip
    for path, asked in given.items():
        answer = client.simulate_get(path, params={**asked, "format": "csv"})
        assert answer.status_code == 200
        cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))], path


def test_long_questions_are_written_on_several_lines() -> None:
    origin = Provenance("q=" + "word " * 100, 3, "2026-11-26T10:00:00+00:00")
    root = ElementTree.fromstring(
        figure.cross(CrossTable(0, (Axis("person", 0, ()),), ()), Query("word " * 100), origin, "X")
    )
    lines = [element.text or "" for element in root.iter(f"{SVG}text")]

    assert max(map(len, lines)) <= figure.LONGEST
    assert "".join(lines).count("word") > 100
    assert float(root.get("height", "0")) > max(float(element.get("y", "0")) for element in root.iter(f"{SVG}text"))


@cases("most, top", [(0, 2), (1, 2), (2, 2), (3, 4), (7, 8), (9, 10), (11, 20), (61, 80), (100, 100)])
def test_an_axis_ends_at_a_number_whose_half_is_whole(most: int, top: int) -> None:
    buckets = (Share.of_counts("1989-01-01", most, 200),)
    drawn = figure.trend(Trend("year", "filters", buckets, (), 0, 0), Query(), Provenance("", 1, "now"), "X")
    said = [element.text for element in ElementTree.fromstring(drawn).iter(f"{SVG}text")]

    assert {"0", str(top // 2), str(top)} <= set(said)
