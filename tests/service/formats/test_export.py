from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import falcon.testing
import pytest
from click.testing import CliRunner

import search
from search import Article, Filter, Query
from search.engine import Engine
from search.values.query import SORTS
from service.commands.cli import main
from service.formats import export
from service.formats import references as citations
from service.formats.export import Provenance
from service.wording.printable import printable
from tests.cases import cases

Client = falcon.testing.TestClient
WHERE = Provenance("q=berlin", 7, "2026-01-02T03:04:05+00:00")
HOSTILE = Article(
    "a@b~c", "text", 'Rise & fall} of {"50% $x_y#z^~\\\n\r\nER  - \nTY  - BOOK\u2028', source="@article{evil,",
    byline="A\tB", published="1998-05", url="https://example.org/a{b}c d%20é\\_x?y=1&z", person=("Ann Lee, Jr", "Bo"),
    country=("DE",),
)  # fmt: skip


def bibtex_entries(text: str) -> list[dict[str, str]]:
    """What a reader of BibTeX finds: entries at depth 0, fields at depth 1, braces counted, backslashed ones not."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r"(?<!\\)[{}]", text):
        depth += 1 if match[0] == "{" else -1
        assert depth >= 0
        if depth == 1 and match[0] == "{" and start == 0:
            start = match.end()
        if depth == 0:
            found.append(text[start : match.start()])
            start = 0
    assert depth == 0
    fields = re.compile(r"\n  (\w+) = \{(.*)\},?(?=\n)")
    return [dict(fields.findall(entry + "\n")) for entry in found]


def ris_records(text: str) -> list[list[tuple[str, str]]]:
    records: list[list[tuple[str, str]]] = [[]]
    for line in text.split("\r\n"):
        if line:
            match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
            assert match is not None, line
            records[-1].append((match[1], match[2]))
            if match[1] == "ER":
                records.append([])
    assert records.pop() == []
    return records


def ids(engine: Engine) -> list[str]:
    return [article.id for article in engine.export(Query())]


@cases("name", export.FORMATS)
def test_every_format_has_every_article_once_newest_first(client: Client, engine: Engine, name: str) -> None:
    answer = client.simulate_get("/api/export", params={"format": name})
    text = answer.content.decode("utf-8")
    expected = ids(engine)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == export.FORMATS[name].media_type
    if name == "jsonl":
        assert [json.loads(line)["id"] for line in text.splitlines()] == expected
    elif name == "csv":
        assert [row["id"] for row in csv.DictReader(io.StringIO(text, newline=""))] == expected
    elif name == "ris":
        assert [dict(record)["ID"] for record in ris_records(text)] == expected
    else:
        keys = re.findall(r"^@article\{([^,]*),$", text, re.MULTILINE)
        letter = "2008-02-svalbard-seed-vault@example.org"  # a key has no @
        assert [key.replace("vault-example.org-ee1a", "vault@example.org") for key in keys] == expected
        assert letter in expected
        assert len(bibtex_entries(text)) == len(expected) + 1


@cases("name", export.FORMATS)
def test_every_format_says_where_it_is_from(client: Client, engine: Engine, name: str) -> None:
    answer = client.simulate_get("/api/export", params={"format": name, "q": "berlin wall", "country": "de"})
    exported = answer.headers["dateline-exported"]

    assert answer.headers["dateline-query"] == "q=berlin wall&country=DE"
    assert answer.headers["dateline-generation"] == str(engine.generation)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", exported)
    for part in ("q=berlin wall&country=DE", exported):
        assert part in answer.text.replace("\\u0026", "&")
    assert f'filename="berlin-wall-Germany-{exported[:10]}.' in answer.headers["content-disposition"]


@cases("query, name", [
    (Query(), "all-articles"),
    (Query('"oil prices" OR gas'), "oil-prices-OR-gas"),
    (Query("öl", {"person": Filter(any=("Al Gore",), none=("X",))}), "öl-Al-Gore-not-X"),
    (Query(filters={"country": Filter(missing=True)}, date_from="1987-03"), "no-country-from-1987-03"),
    (Query(date_from="1987", date_to="-7d"), "from-1987-to-7d"),
    (Query("../../etc/passwd\n\x00"), "etc-passwd"),
    (Query("a" * 300), "a" * 80),
    (Query("?!"), "all-articles"),
])  # fmt: skip
def test_a_file_is_named_by_its_question_and_the_day(query: Query, name: str) -> None:
    assert export.file_name(query, "2026-11-27", "csv") == f"{name}-2026-11-27.csv"


def test_a_table_has_codes_and_labels(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.simulate_get("/api/export?format=csv&country=DE").text)))

    assert rows
    for row in rows:
        codes, labels = row["country"].split("; "), row["country_label"].split("; ")
        assert dict(zip(codes, labels, strict=True))["DE"] == "Germany"
        assert len(row["topic"].split("; ")) == len(row["topic_label"].split("; "))
        assert (row["language"], row["language_label"]) in {("de", "German"), ("en", "English")}


def test_a_table_begins_with_a_byte_order_mark_on_wish(client: Client) -> None:
    plain = client.simulate_get("/api/export?format=csv&country=DE").content
    marked = client.simulate_get("/api/export?format=csv&country=DE&bom=true").content

    assert marked[:3] == codecs.BOM_UTF8
    assert marked[3:].split(b"\r\n")[0] == plain.split(b"\r\n")[0]
    assert client.simulate_get("/api/export?format=jsonl&bom=true").content[:1] == b"{"


def test_a_line_is_the_article_as_the_api_gives_it(client: Client) -> None:
    line = json.loads(client.simulate_get("/api/export?q=berlin").text.splitlines()[0])
    where = line.pop("export")
    article = client.simulate_get(f"/api/articles/{line['id']}").json

    assert {name: article[name] for name in line} == line
    assert list(where) == ["query", "generation", "exported"]


@cases(
    "query", ["", "berlin", "q=berlin OR talks", "country=DE&from=1961", "person.missing=true", "strict=true&q=wall"]
)
def test_the_total_is_the_number_of_rows(client: Client, query: str) -> None:
    asked = query if "=" in query else f"q={query}"
    total = client.simulate_get("/api/search", query_string=asked).json["total"]

    assert len(client.simulate_get("/api/export", query_string=asked).text.splitlines()) == total


@cases("sort", list(SORTS))
def test_a_download_has_the_order_of_the_screen(client: falcon.testing.TestClient, sort: str) -> None:
    asked = f"q=president&country=US&sort={sort}"
    shown = client.simulate_get(f"/?{asked}&size=100").text
    hits = [hit["id"] for hit in client.simulate_get(f"/api/search?{asked}&size=100").json["hits"]]
    link = f"/api/export?{asked}" if sort != "newest" else "/api/export?q=president&country=US"
    lines = client.simulate_get(link).text.splitlines()

    assert f'href="{link}&format=csv"'.replace("&", "&amp;") in shown
    assert [json.loads(line)["id"] for line in lines] == hits != []


def test_an_order_that_reads_articles_one_by_one_has_a_limit(
    client: falcon.testing.TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.formats.export.MAX_DEPTH", 10)
    refused = client.simulate_get("/api/export?q=president&sort=relevance")

    assert (refused.status_code, refused.json["errors"][0]["parameter"]) == (400, "sort")
    assert "are more than are exported in this order" in refused.json["errors"][0]["reason"]
    assert client.simulate_get("/api/export?q=president&sort=oldest").status_code == 200


@cases("query, parameter", [
    ("format=xml", "format"), ("size=3", "size"), ("cursor=x", "cursor"), ("sort=best", "sort"),
    ("contry=FR", "contry"),
])  # fmt: skip
def test_what_does_not_apply_is_400(client: Client, query: str, parameter: str) -> None:
    answer = client.simulate_get("/api/export", query_string=query)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json["errors"]] == [parameter]


def test_newest_is_the_order_there_is(client: Client) -> None:
    assert client.simulate_get("/api/export?sort=newest&format=").status_code == 200


BEFORE = (
    "", " ", "\n", "\v", "\f", "\x00", "\x1f", "\xa0", "\u200b", "\u2028", "\u3000", "\ufeff", "\u202e",
    " \u3000\u200b ",
)  # fmt: skip
"""What is not seen, or ignored, before a sign."""
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫⁼⁺₌₊"


@cases("start", [*(before + sign for before in BEFORE for sign in SIGNS), "\t", "\r", " \t", "\u200b\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    article = Article("a", "text", title=f"{start}1+1", person=(f"{start}x",), byline=f"{start}y")
    data = b"".join(export.table([article], replace(WHERE, query="=cmd"))).decode("utf-8")
    (row,) = csv.DictReader(io.StringIO(data, newline=""))

    before, sign = (start[:-1], start[-1]) if start[:1] == "\n" else ("", start)
    assert row["title"] == f"'{before}{chr(39) if before else ''}{printable(sign)}1+1"
    assert all(row[name].startswith("'") for name in ("person", "byline", "query"))


@cases("between", ";|\t\r\n")
@cases("sign", ["=", "+", "-", "@", " =", '"=', "＝"])
def test_no_piece_of_a_cell_is_a_formula_where_other_signs_part_columns(between: str, sign: str) -> None:
    assert export.cell(f"a{between}{sign}1+1{between}b") == f"a{between}'{sign}1+1{between}b"


@cases("text", ["1+1", "A = b", "“=1+1”", "Ｆ＝１", "", "  ", "…", "É-1"])
def test_what_is_no_formula_is_left_as_it_is(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(b"".join(export.table([Article("a", "text", title=text)], WHERE)).decode()))

    assert row["title"] == text


def test_no_title_ends_a_record_of_ris() -> None:
    (record,) = ris_records(citations.ris(HOSTILE, "note\r\nER  - "))

    assert [tag for tag, _ in record].count("TY") == 1
    assert record[0] == ("TY", "NEWS")
    assert record[-1] == ("ER", "")
    assert dict(record)["DA"] == "1998/05/"
    assert [value for tag, value in record if tag == "KW"] == ["Ann Lee, Jr", "Bo", "Germany"]


def test_no_title_ends_an_entry_of_bibtex() -> None:
    text = b"".join(export.bibtex([HOSTILE], replace(WHERE, query="q=}@article{x"))).decode("utf-8")
    remark, entry = bibtex_entries(text)

    assert remark == {}
    assert entry["title"].startswith(r"{Rise \& fall\} of \{")
    assert r"50\% \$x\_y\#z\textasciicircum{}\textasciitilde{}\textbackslash{}" in entry["title"]
    assert (entry["year"], entry["month"]) == ("1998", "5")
    assert entry["url"] == "https://example.org/a%7Bb%7Dc%20d%20%C3%A9%5C_x?y=1&z"
    assert re.search(r"^@article\{a-b-c-[0-9a-f]{4},$", text, re.MULTILINE)


def test_one_export_is_of_one_generation(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    place = tmp_path / "idx"
    with search.writer(place) as writer:
        for n in range(50):
            writer.add(Article(f"a{n}", "zebra"))
    engine = search.open(place)
    articles, provenance = export.begin(engine, Query("zebra"))
    first = next(articles)
    with search.writer(place) as writer:
        writer.add(Article("late", "zebra"))
        writer.delete("a7")

    seen = [first, *articles]
    engine.close()

    assert len(seen) == 50
    assert provenance.generation == 1


@cases("name", export.FORMATS)
def test_the_command_writes_what_the_service_sends(client: Client, seeds_index: Path, name: str) -> None:
    command = ["export", str(seeds_index), "berlin", "--country", "DE", "--format", name]
    written = CliRunner().invoke(main, command).stdout_bytes.decode()
    sent = client.simulate_get("/api/export", params={"format": name, "q": "berlin", "country": "DE"}).text
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")

    assert moment.sub("", written) == moment.sub("", sent)
