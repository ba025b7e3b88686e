"""The command as a person runs it: a process of its own, its output, its exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer.report import Report
from service.cli import main
from service.terminal import print_report
from tests import waiting

ROOT = Path(__file__).parent.parent.parent
SEED = "---\nsource: Wire\n---\nBerlin wall opens\n\nThe wall in Berlin opened on Thursday."


def dateline(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "service", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=waiting.HANG_S, check=False)


def refused(*arguments: object) -> str:
    """The sentence of a refusal, which stands alone on stderr."""
    run = dateline(*arguments)
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    return run.stderr


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "wall.txt").write_text(SEED, "utf-8")
    assert dateline("index", tmp_path / "news.idx", tmp_path / "wall.txt").returncode == 0
    return tmp_path / "news.idx"


def test_index_reports_as_the_contract_says(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "wall.txt").write_text(SEED, "utf-8")
    (tmp_path / "in" / "bad.jsonl").write_text('{"text": "x"}\nbroken\n', "utf-8")
    run = dateline("index", tmp_path / "idx", tmp_path / "in", "--json")
    report = json.loads(run.stdout)

    assert run.returncode == 0
    assert list(report) == [
        "read", "added", "updated", "unchanged", "removed", "embargoed", "skipped", "skipped_count", "reasons",
        "warnings", "warning_count", "internal_errors", "seconds", "generation",
    ]  # fmt: skip
    assert (report["read"], report["added"], report["generation"]) == (2, 2, 1)
    assert list(report["skipped"][0]) == ["path", "line", "reason"]
    assert (report["skipped"][0]["path"], report["skipped"][0]["line"]) == (str(tmp_path / "in" / "bad.jsonl"), 2)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_text_that_is_too_long_for_its_facts_is_kept_and_says_so(tmp_path: Path, workers: int) -> None:
    text = "Angela Merkel met Barack Obama in Berlin. " * 12_000 + "Zebras in Nairobi, Kenya. "
    (tmp_path / "long.json").write_text(json.dumps({"id": "long", "text": text}), "utf-8")
    run = dateline("index", tmp_path / "idx", tmp_path / "long.json", "--json", "--workers", workers)
    report = json.loads(run.stdout)
    (warning,) = report["warnings"]
    shown = json.loads(dateline("show", tmp_path / "idx", "long", "--json").stdout)
    said = "Facts are those of the first 499,998 of 504,025 characters."

    assert (report["added"], report["skipped"]) == (1, [])
    assert warning == {"path": str(tmp_path / "long.json"), "line": None, "reason": f"“long” is indexed. {said}"}
    assert shown["country"] == ["DE"]
    assert [(entry["rule"], entry["value"]) for entry in shown["evidence"]["text"]] == [("limit", said)]
    assert said in dateline("show", tmp_path / "idx", "long").stdout
    assert dateline("search", tmp_path / "idx", "zebras").returncode == 0


def test_a_warning_is_told_beside_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(read=1, added=1)
    report.warn("in/long.json", None, "“long” is indexed.")
    print_report(report, dry_run=False)

    assert "in/long.json: “long” is indexed." in capsys.readouterr().err


@pytest.mark.parametrize(("warnings", "said"), [(22, "… and 2 more; --json names them."),
                                                (250, "… and 230 more; --json names the first 100.")])  # fmt: skip
def test_warnings_that_are_not_named_are_counted(
    warnings: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    report = Report(read=warnings, added=warnings)
    for number in range(warnings):
        report.warn(f"in/{number}.json", None, "It is long.")
    print_report(report, dry_run=False)

    assert said in " ".join(capsys.readouterr().err.split())
    assert (report.as_json()["warning_count"], len(report.warnings)) == (warnings, min(warnings, 100))


def test_an_archive_without_articles_is_exit_1(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run = dateline("index", tmp_path / "idx", tmp_path / "in")

    assert run.returncode == 1
    assert dateline("search", tmp_path / "idx", "anything").returncode == 1
    assert dateline("stats", tmp_path / "idx").returncode == 0


def test_search_finds_and_exits_0(index: Path) -> None:
    run = dateline("search", index, "berlin")

    assert run.returncode == 0
    assert "Berlin wall opens" in run.stdout
    assert "1 article" in run.stderr


def test_search_that_finds_nothing_exits_1_and_says_why(index: Path) -> None:
    run = dateline("search", index, "berlin zebra")

    assert run.returncode == 1
    assert "zebra 0" in run.stderr


def test_search_says_how_many_words_are_required_and_which_are_missing(seeds_index: Path) -> None:
    result = dateline("search", seeds_index, "berlin wall east zebra", "--match", "most")

    assert result.returncode == 0
    assert "not in it: " in result.stdout
    assert "No articles have all 4 search terms" in result.stderr


def test_search_explains_scores(seeds_index: Path) -> None:
    result = dateline("search", seeds_index, "berlin wall east zebra", "--match", "any", "--explain", "--size", "1")

    assert re.search(r"score \d+\.\d\d: .*berlin \d+\.\d\d.*, \+\w+ \d+\.\d\d", " ".join(result.stdout.split()))


def test_search_that_finds_nothing_names_the_way_to_fewer_words(seeds_index: Path) -> None:
    result = dateline("search", seeds_index, "berlin wall east zebra")

    assert result.returncode == 1
    assert "--match most" in result.stderr


def test_search_answers_as_the_api_does(seeds_index: Path, client: object) -> None:
    run = dateline(
        "search", seeds_index, "berlin", "--country", "Germany", "--not-person", "Nobody", "--all-country", "US",
        "--missing", "section", "--from", "1948", "--to", "1990", "--sort", "oldest", "--size", "3", "--json",
    )  # fmt: skip
    url = (
        "/api/search?q=berlin&country=Germany&person.not=Nobody&country.all=US&section.missing=true"
        "&from=1948&to=1990&sort=oldest&size=3"
    )
    by_api = client.simulate_get(url).json  # type: ignore[attr-defined]
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


def test_show_of_nothing_exits_1(index: Path) -> None:
    run = dateline("show", index, "nowhere")

    assert run.returncode == 1
    assert "nowhere" in run.stderr


def test_export_gives_every_match_newest_first(seeds_index: Path) -> None:
    run = dateline("export", seeds_index, "berlin", "--country", "DE")
    found = [json.loads(line) for line in run.stdout.splitlines()]
    total = json.loads(dateline("search", seeds_index, "berlin", "--country", "DE", "--json").stdout)["total"]
    days = [article["published"] for article in found if article["published"]]

    assert len(found) == total > 1
    assert days == sorted(days, reverse=True)
    assert all(article["text"] for article in found)


def test_csv_is_safe_for_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "evil.jsonl").write_text(
        json.dumps({"id": "a", "title": '=HYPERLINK("x")', "text": '+1, "two"\n\nlines', "person": ["@x", "Bo"]}),
        "utf-8",
    )
    dateline("index", tmp_path / "idx", tmp_path / "evil.jsonl")
    heading, row = csv.reader(io.StringIO(dateline("export", tmp_path / "idx", "--format", "csv").stdout))
    record = dict(zip(heading, row, strict=True))

    assert record["title"] == '\'=HYPERLINK("x")'
    assert record["text"] == '\'+1, "two"\n\nlines'
    assert record["person"] == "'@x; Bo"


def test_export_of_nothing_exits_1(index: Path) -> None:
    assert dateline("export", index, "zebra").returncode == 1


def test_export_into_a_closed_pipe_is_quiet(seeds_index: Path) -> None:
    command = f"set -o pipefail; {sys.executable} -m service export {seeds_index} | head -n 1"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=waiting.HANG_S, check=False)

    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout)


def test_delete_removes_and_block_keeps_out(index: Path, tmp_path: Path) -> None:
    (article,) = (json.loads(line) for line in dateline("export", index).stdout.splitlines())
    assert dateline("delete", index, article["id"], "nowhere").returncode == 0
    assert dateline("delete", index, article["id"]).returncode == 1
    assert dateline("search", index, "berlin").returncode == 1

    assert json.loads(dateline("index", index, tmp_path / "wall.txt", "--json").stdout)["added"] == 1
    assert dateline("delete", index, article["id"], "--block").returncode == 0
    report = json.loads(dateline("index", index, tmp_path / "wall.txt", "--json").stdout)
    assert (report["added"], len(report["skipped"])) == (0, 1)
    assert dateline("delete", index, article["id"], "--unblock").returncode == 0
    assert json.loads(dateline("index", index, tmp_path / "wall.txt", "--json").stdout)["added"] == 1


def test_an_article_is_blocked_by_the_id_that_its_source_gave_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"id": "Desk 7/ä", "text": "Agreed."}), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"id": "b", "text": "Refused."}), "utf-8")
    dateline("index", tmp_path / "idx", tmp_path / "b.json")
    blocked = dateline("delete", tmp_path / "idx", "Desk 7/ä", "--block")
    assert "The article “Desk 7/ä” has the id “desk-7-a-" in blocked.stderr

    report = json.loads(dateline("index", tmp_path / "idx", tmp_path / "a.json", "--json").stdout)
    assert (report["added"], len(report["skipped"])) == (0, 1)


def test_delete_reaches_what_an_embargo_keeps_aside(tmp_path: Path) -> None:
    item = {"uri": "urn:x", "headline": "Budget", "body_text": "Agreed.", "embargoed": "2999-01-01T00:00:00Z"}
    (tmp_path / "a.json").write_text(json.dumps(item), "utf-8")
    (tmp_path / "b.txt").write_text("Title\n\nText.", "utf-8")
    dateline("index", tmp_path / "idx", tmp_path / "a.json", tmp_path / "b.txt")
    deleted = dateline("delete", tmp_path / "idx", "urn:x")

    assert deleted.returncode == 0
    assert "“urn:x” was under embargo, and no longer is.\n1 article removed.\n" in deleted.stderr
    assert dateline("delete", tmp_path / "idx", "urn:x").returncode == 1


def test_unblock_lets_in_what_was_withdrawn(tmp_path: Path) -> None:
    item = {"uri": "urn:x", "headline": "Budget", "body_text": "Agreed."}
    (tmp_path / "a.json").write_text(json.dumps(item), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps({**item, "pubstatus": "canceled"}), "utf-8")
    dateline("index", tmp_path / "idx", tmp_path / "a.json", tmp_path / "b.json")
    unblocked = dateline("delete", tmp_path / "idx", "urn:x", "--unblock")

    assert unblocked.returncode == 0
    assert "“urn:x” was withdrawn by its publisher, and no longer is.\n1 article unblocked.\n" in unblocked.stderr
    assert dateline("delete", tmp_path / "idx", "urn:x", "--unblock").returncode == 1
    assert json.loads(dateline("index", tmp_path / "idx", tmp_path / "a.json", "--json").stdout)["added"] == 1


def test_count_prints_a_cross_table(seeds_index: Path) -> None:
    asked = (
        "count",
        seeds_index,
        "president",
        "--by",
        "country",
        "--by",
        "decade",
        "--from",
        "1960",
        "--not-country",
        "FR",
    )
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
    searched = json.loads(
        dateline("search", seeds_index, "president", "--from", "1960", "--not-country", "FR", "--json").stdout
    )
    assert found["total"] == searched["total"]


def test_count_of_nothing_exits_1_and_of_something_unknown_2(seeds_index: Path) -> None:
    assert dateline("count", seeds_index, "xyzzy", "--by", "country").returncode == 1
    refused = dateline("count", seeds_index, "president", "--by", "contry")
    assert refused.returncode == 2
    assert "Nearest: country." in refused.stderr


def test_stats_count(index: Path) -> None:
    stats = json.loads(dateline("stats", index, "--json").stdout)

    assert list(stats) == ["articles", "terms", "segments", "bytes", "generation", "distinct"]
    assert (stats["articles"], stats["segments"], stats["generation"]) == (1, 1, 1)
    assert stats["distinct"]["source"] == 1


def test_warm_compiles_all_that_is_used(tmp_path: Path, seeds_index: Path) -> None:
    cache = tmp_path / "kernels"
    environment = {**os.environ, "DATELINE_KERNEL_CACHE": str(cache)}
    command = [sys.executable, "-m", "service"]
    subprocess.run([*command, "warm"], env=environment, check=True, timeout=waiting.HANG_S)
    compiled = sorted(cache.rglob("*.nbc"))
    (tmp_path / "wall.txt").write_text(SEED, "utf-8")
    text = (ROOT / "seeds" / "1945-1969" / "berlin-wall.txt").read_text("utf-8")
    for name in ("first", "second"):
        (tmp_path / f"{name}.txt").write_text(f"{text}\n\nAs told by the {name}.", "utf-8")
    for rest in (
        ["index", tmp_path / "idx", tmp_path / "wall.txt"],
        ["index", tmp_path / "idx", tmp_path / "first.txt", tmp_path / "second.txt"],
        ["search", seeds_index, '"berlin wall" OR mandela -zebra', "--country", "DE", "--all-country", "US"],
        ["search", seeds_index, "title:ber*", "--not-person", "Nobody", "--missing", "section", "--from", "1961"],
        ["search", seeds_index, "--sort", "oldest", "--missing", "date"],
        ["search", seeds_index, "war", "--group", "story"],
        ["search", seeds_index, "--group", "story", "--country", "DE"],
        ["search", seeds_index, "mandella"],
        ["similar", seeds_index, "1961-08-berlin-wall"],
        ["export", seeds_index, "berlin"],
        ["stats", seeds_index],
    ):
        subprocess.run(
            [*command, *map(str, rest)], env=environment, check=False, capture_output=True, timeout=waiting.HANG_S
        )

    assert compiled
    assert sorted(cache.rglob("*.nbc")) == compiled


def test_map_names_a_field_otherwise(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"headline": "Zebra", "body": "Stripes."}', "utf-8")
    dateline("index", tmp_path / "idx", tmp_path / "a.jsonl", "--map", "title=headline", "--map", "text=body")

    assert dateline("search", tmp_path / "idx", "title:zebra stripes").returncode == 0


@pytest.mark.parametrize("command", ["search", "show", "export", "delete", "stats", "serve"])
def test_a_missing_index_is_a_sentence(command: str, tmp_path: Path) -> None:
    rest = {"show": ["x"], "delete": ["x"]}.get(command, [])

    assert "There is no index at" in refused(command, tmp_path / "none.idx", *rest)
    assert not (tmp_path / "none.idx").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "INDEX", "x", "--country", "Chima"], "Nearest: China."),
        (["search", "INDEX", "x", "--from", "1998-13"], "not in the calendar"),
        (["search", "INDEX", "x", "--size", "1000"], "from 0 to 100"),
        (["search", "INDEX", "x", "--missing", "sauce"], "no such field"),
        (["index", "INDEX", "nowhere"], "There is nothing at “nowhere”"),
        (["index", "INDEX", ".", "--map", "titel=headline"], "does not map a field"),
        (["serve", "INDEX", "--port", "99999"], "99999"),
        (["export", "INDEX", "--format", "xml"], "xml"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(arguments: list[str], said: str, index: Path) -> None:
    assert said in refused(*[index if argument == "INDEX" else argument for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search"], "Missing argument 'INDEX'"),
        (["serch", "x"], "'search'"),
        (["search", "x", "--contry", "DE"], "'--country'"),
        (["index", "x", "y", "--workers", "many"], "'many'"),
        (["lists", "x"], "Missing command"),
    ],
)
def test_arguments_that_are_not_understood_are_named_in_one_line(arguments: list[str], said: str) -> None:
    sentence = refused(*arguments)

    assert said in sentence
    assert re.fullmatch(r"Error: [^\n]+ See `dateline[a-z ]* --help`\.\n", sentence)


def test_a_folder_that_is_no_index_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")

    assert "is not an index" in refused("search", tmp_path, "x")
    assert "is not an index" in refused("index", tmp_path, tmp_path / "photo.jpg")
    assert "is a file" in refused("search", tmp_path / "photo.jpg", "x")


def test_a_torn_index_is_a_sentence(index: Path) -> None:
    (manifest,) = index.glob("generation_*.sum")
    manifest.write_bytes(manifest.read_bytes()[:50])

    assert "cannot be read" in refused("search", index, "x")


def test_a_port_in_use_is_a_sentence(index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("serve", index, "--port", port)

    assert f"Port {port} on 127.0.0.1 cannot be used" in said
    assert "--port" in said


def test_names_of_any_bytes_are_taken(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)
    for name, data in ((b"\xff.txt", b"Title\n\nText of a zebra."), (b"\xfe.csv", b"a,b")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    command = [sys.executable.encode(), b"-m", b"service"]
    index = os.fsencode(tmp_path / "idx")
    run = subprocess.run(
        [*command, b"index", index, folder, b"--collection", b"\xff", b"--json"], capture_output=True, check=True
    )
    report = json.loads(run.stdout)
    asked = subprocess.run(
        [*command, b"search", index, b"zebra", b"--source", b"\xff", b"--json"], capture_output=True, check=False
    )

    assert (report["added"], len(report["skipped"])) == (1, 1)
    assert (asked.returncode, json.loads(asked.stdout)["total"]) == (1, 0)


@pytest.mark.parametrize("name", ["Zürich".encode(), "наука".encode(), b"Z\xfcrich"])
@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_a_file_and_its_metadata_are_read_whatever_the_locale_and_its_name(
    tmp_path: Path, name: bytes, locale: dict[str, str]
) -> None:
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)
    for end, data in ((b".txt", b"Title\n\nText of a zebra."), (b".json", b'{"published": "1999-05-01"}')):
        Path(os.fsdecode(os.path.join(folder, name + end))).write_bytes(data)
    command = [sys.executable, "-m", "service"]

    def run(*arguments: str) -> dict[str, Any]:
        process = subprocess.run([*command, *arguments], capture_output=True, check=True, env=os.environ | locale)
        found: dict[str, Any] = json.loads(process.stdout)
        return found

    first = run("index", str(tmp_path / "idx"), str(tmp_path / "in"), "--json")
    again = run("index", str(tmp_path / "idx"), str(tmp_path / "in"), "--json")
    asked = run("search", str(tmp_path / "idx"), "zebra", "--json")

    assert (first["added"], first["skipped"], again["unchanged"]) == (1, [], 1)
    assert asked["hits"][0]["published"] == "1999-05-01"


@pytest.mark.skipif(shutil.which("localedef") is None, reason="this system makes no locales")
def test_an_argument_is_text_in_utf_8_or_in_the_encoding_of_the_locale(index: Path, tmp_path: Path) -> None:
    subprocess.run(["localedef", "-i", "de_DE", "-f", "ISO-8859-1", tmp_path / "de_DE"], check=False)
    locale = {"LOCPATH": str(tmp_path), "LC_ALL": "de_DE", "PYTHONUTF8": "0"}

    for query in ("Zürich".encode(), "Zürich".encode("latin-1")):
        command = [sys.executable.encode(), b"-m", b"service", b"search", os.fsencode(index), query, b"--json"]
        asked = subprocess.run(command, capture_output=True, check=False, env=os.environ | locale)
        assert json.loads(asked.stdout)["query"]["text"] == "Zürich"


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("x/news", "y/news"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "1.txt").write_text("Title\n\nText.", "utf-8")

    assert "both are “1.txt” of “news”" in refused("index", tmp_path / "idx", tmp_path / "x/news", tmp_path / "y/news")


def test_a_cluster_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    assert "cannot be reached" in refused("index", "opensearch+http://127.0.0.1:9/news", tmp_path)
    assert "cannot be reached" in refused("search", "opensearch+http://127.0.0.1:9/news", "x")


def test_what_is_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    refused("index", tmp_path / "idx", tmp_path / "nowhere")

    assert not (tmp_path / "idx").exists()


def test_a_second_writer_is_a_sentence(index: Path, tmp_path: Path) -> None:
    import search

    with search.writer(index):
        assert "Another process is writing" in refused("index", index, tmp_path / "wall.txt")


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"Report {n}. " + "Words of news. " * 50}) for n in range(300)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "service", "index", str(tmp_path / "idx"), str(tmp_path / "many.jsonl"), "--json"]
    main, terminal = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, env={**os.environ, "TERM": "xterm"}) as run:
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(main, 4096)
            except OSError:  # the terminal was closed
                break
            if not part:
                break
            shown += part
        assert run.stdout is not None
        assert json.loads(run.stdout.read())["added"] == 300
    os.close(main)

    assert b"Indexing" in shown
    assert b"300 articles" in shown


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


def test_a_search_without_hits_says_what_was_perhaps_meant(index: Path) -> None:
    run = dateline("search", index, "berlni")

    assert run.returncode == 1
    assert "Did you mean: berlin" in run.stderr


def test_help_and_version_load_no_engine() -> None:
    program = """if True:
        import sys
        from service.cli import main
        main([sys.argv[1]], standalone_mode=False)
        sys.exit(bool({"numba", "numpy", "indexer"} & set(sys.modules)))
    """
    for asked in ("--help", "--version"):
        assert subprocess.run([sys.executable, "-c", program, asked], check=False, capture_output=True).returncode == 0


def test_indexing_does_not_load_the_service() -> None:
    program = """if True:
        import sys
        import service.commands.index
        sys.exit(bool({"falcon", "gunicorn"} & set(sys.modules)))
    """
    assert subprocess.run([sys.executable, "-c", program], check=False, capture_output=True).returncode == 0


def test_each_command_is_found_under_its_name() -> None:
    for name, command in main.commands.items():
        assert command.name == name
        assert command.help
