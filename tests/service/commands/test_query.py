"""The commands that ask an index: `search`, `show`, `similar`, `count` and `stats`."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import falcon.testing

from tests.cases import cases
from tests.service.commands.running import dateline, refused


def test_no_command_makes_a_picture_of_a_word_between_colons(tmp_path: Path) -> None:
    index, article = tmp_path / "news.idx", tmp_path / "news.jsonl"
    words = "A ship burned at the harbour of :anchor: and nobody on it was hurt, said its captain."
    article.write_text(json.dumps({"id": "x:key:y", "title": "Of :key:", "source": ":key:", "text": words}), "utf-8")
    dateline("index", index, article, "--workers", 1)
    assert dateline("lists", index, "add", ":key:", "x:key:y").returncode == 0
    assert dateline("keys", index, "add", "--scope", "read", "--name", ":key:").returncode == 0
    (tmp_path / "draft.txt").write_text(words, "utf-8")
    asked = [
        ["search", index, "ship"], ["show", index, "x:key:y"], ["lists", index, "list"], ["keys", index, "list"],
        ["draft", index, tmp_path / "draft.txt"], ["rights", index, "people"],
    ]  # fmt: skip
    for each in asked:
        run = dateline(*each)
        assert run.returncode == 0, run.stderr
        assert re.search(":(key|anchor):", run.stdout), each
        assert not re.search("[🔑⚓]", run.stdout), each


@cases(
    "query, code, said",
    [("berlin", 0, "1 article"), ("berlin zebra", 1, "zebra 0"), ("berlni", 1, "Did you mean: berlin")],
)
def test_search_finds_or_says_why_not(made: Path, query: str, code: int, said: str) -> None:
    run = dateline("search", made, query)

    assert (run.returncode, "Berlin wall opens" in run.stdout) == (code, code == 0)
    assert said in run.stderr


def test_search_says_how_many_words_are_required_and_explains_scores(seeds_index: Path) -> None:
    asked = ("search", seeds_index, "berlin wall east zebra")
    every, most = dateline(*asked), dateline(*asked, "--match", "most")
    explained = " ".join(dateline(*asked, "--match", "any", "--explain", "--size", "1").stdout.split())

    assert (every.returncode, "--match most" in every.stderr) == (1, True)
    assert (most.returncode, "not in it: " in most.stdout) == (0, True)
    assert "No articles have all 4 search terms" in most.stderr
    none = dateline("search", seeds_index, "berlin quokka zebra xylophone", "--match", "auto")
    assert re.search(r"Articles that have any of the words: \d+ by --match any\.", none.stderr)
    assert re.search(r"score \d+\.\d\d: .*berlin \d+\.\d\d.*, \+\w+ \d+\.\d\d", explained)


def test_search_answers_as_the_api_does(seeds_index: Path, client: falcon.testing.TestClient) -> None:
    run = dateline(
        "search", seeds_index, "berlin", "--country", "Germany", "--not-person", "Nobody", "--all-country", "US",
        "--missing", "section", "--from", "1948", "--to", "1990", "--sort", "oldest", "--size", "3", "--json",
    )  # fmt: skip
    url = (
        "/api/search?q=berlin&country=Germany&person.not=Nobody&country.all=US&section.missing=true"
        "&from=1948&to=1990&sort=oldest&size=3"
    )
    by_api = client.simulate_get(url).json
    by_command = json.loads(run.stdout)
    for answer in (by_api, by_command):
        del answer["took_ms"]

    assert by_command == by_api


def test_show_gives_the_article(seeds_index: Path) -> None:
    run = dateline("show", seeds_index, "1961-08-berlin-wall", "--json")
    article = json.loads(run.stdout)

    assert article["id"] == "1961-08-berlin-wall"
    assert article["evidence"]["person"]
    printed = " ".join(dateline("show", seeds_index, "1961-08-berlin-wall").stdout.split())
    assert "East Germany" in printed
    assert "Why East Germany (1949–1990), a main country: “East" in printed


def test_show_of_nothing_exits_1(made: Path) -> None:
    run = dateline("show", made, "nowhere")

    assert run.returncode == 1
    assert "nowhere" in run.stderr


def test_similar_finds_what_is_alike(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(
        '{"id": "a", "text": "A storm hit the coast."}\n'
        '{"id": "b", "text": "Another storm at the coast."}\n'
        '{"id": "c", "text": "Chess."}\n',
        "utf-8",
    )
    place = tmp_path / "idx"
    dateline("index", place, tmp_path / "in.jsonl")
    run = dateline("similar", place, "a", "--json")

    assert run.returncode == 0
    assert [hit["id"] for hit in json.loads(run.stdout)["hits"]] == ["b"]
    assert "Another storm" in dateline("similar", place, "a").stdout
    assert dateline("similar", place, "c").returncode == 1
    assert dateline("similar", place, "nowhere").returncode == 1
    assert "from 0 to 100" in refused("similar", place, "a", "--size", "101")


def test_count_prints_a_cross_table(seeds_index: Path) -> None:
    narrowed = ("--from", "1960", "--not-country", "FR")
    asked = ("count", seeds_index, "president", "--by", "country", "--by", "decade", *narrowed)
    printed = dateline(*asked)
    found = json.loads(dateline(*asked, "--json").stdout)
    lines = printed.stdout.splitlines()
    rows = list(csv.reader(lines[3:]))

    assert printed.returncode == 0
    assert lines[0] == "# question,q=president&country.not=FR&from=1960&by=country&by=decade"
    assert [line.split(",")[0] for line in lines[:3]] == ["# question", "# generation", "# time"]
    assert rows[0][:4] == ["country", "label", "count", "1960s"]
    assert rows[1][:3] == ["", "all", str(found["total"])]
    assert [row[2] for row in rows[2:]] == [str(value["count"]) for value in found["axes"][0]["values"]]
    searched = json.loads(dateline("search", seeds_index, "president", *narrowed, "--json").stdout)
    assert found["total"] == searched["total"]


def test_special_prints_the_words_of_one_query_against_another(seeds_index: Path) -> None:
    printed = dateline("special", seeds_index, "country:US", "--than", "country:GB", "--limit", "3")
    nothing = dateline("special", seeds_index, "country:US", "--than", "zebrafish")

    assert printed.stdout.splitlines()[0] == "# question,q=country%3AUS&than=country%3AGB&limit=3"
    assert printed.stdout.splitlines()[3].startswith("value,label,count,of")
    assert printed.stdout.splitlines()[4].startswith("american,american,")
    assert (printed.returncode, nothing.returncode) == (0, 1)


def test_concordance_prints_every_occurrence(seeds_index: Path) -> None:
    printed = dateline("concordance", seeds_index, "moon", "--sort", "right", "--width", "20")
    near = dateline("concordance", seeds_index, "moon", "--collocates", "3", "--json")
    found = json.loads(near.stdout)

    rows = list(csv.DictReader(printed.stdout.splitlines()[3:]))
    assert len(rows) == found["total"] > 0
    assert {row["match"].lower() for row in rows} <= {"moon", "moons", "moon's", "moon’s"}
    assert 0 < len(found["collocates"]) <= 3


def test_count_of_nothing_exits_1_and_of_something_unknown_2(seeds_index: Path) -> None:
    assert dateline("count", seeds_index, "xyzzy", "--by", "country").returncode == 1
    refused = dateline("count", seeds_index, "president", "--by", "contry")
    assert refused.returncode == 2
    assert "Nearest: country." in refused.stderr


def test_stats_count(made: Path) -> None:
    stats = json.loads(dateline("stats", made, "--json").stdout)

    assert list(stats) == ["articles", "terms", "segments", "bytes", "generation", "distinct"]
    assert (stats["articles"], stats["segments"], stats["generation"]) == (1, 1, 1)
    assert stats["distinct"]["source"] == 1


def test_words_without_an_index_are_told_to_name_one() -> None:
    assert refused("search", "oil talks").endswith("name the index first: dateline search INDEX 'oil talks'.\n")
    assert "INDEX" not in refused("search", "nowhere.idx", "oil")
