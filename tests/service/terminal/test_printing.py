"""What people read in a terminal."""

from __future__ import annotations

import io

import pytest

from indexer.report import MOST_SKIPPED, Report
from search import Article, Evidence
from search.values.results import (
    Bucket,
    Copies,
    DateFacet,
    FacetCount,
    Hit,
    Reading,
    Results,
    Snippet,
    Stats,
    TermCount,
    ValueFacet,
)  # fmt: skip
from service.terminal import printing as terminal
from tests.cases import cases

Captured = pytest.CaptureFixture[str]


def report(**counts: float) -> Report:
    made = Report(seconds=1.25)
    for name, count in counts.items():
        setattr(made, name, count)
    return made


@cases(
    "made, dry_run, said",
    [
        (report(), False, "0 articles read: 0 added, 0 updated, 0 unchanged, in 1.2 s."),
        (report(read=1, added=1), False, "1 article read: 1 added, 0 updated, 0 unchanged, in 1.2 s."),
        (
            report(read=2000, added=1500, updated=500, unchanged=3, removed=4, embargoed=5),
            False,
            "2,000 articles read: 1,500 added, 500 updated, 3 unchanged, 4 removed, 5 embargoed, in 1.2 s.",
        ),
        (
            report(read=2, added=1, unchanged=1, removed=1),
            True,
            "2 articles read: 1 would be added, 0 would be updated, 1 unchanged, 1 would be removed, in 1.2 s.",
        ),
    ],
)
def test_a_report_begins_with_its_counts(made: Report, dry_run: bool, said: str, capsys: Captured) -> None:
    terminal.print_report(made, dry_run)

    assert capsys.readouterr() == ("", f"{said}\n")


@cases(
    "reasons, lines",
    [
        ([("a.txt", None, "It is empty.")], ["1 rejected:", "  a.txt: It is empty."]),
        ([("a.csv", 7, "No [title].")], ["1 rejected:", "  a.csv:7: No [title]."]),
        (
            [(f"{name}.csv", 1, "It is empty.") for name in "abc"],
            ["3 rejected:", "  a.csv:1, b.csv:1, c.csv:1: It is empty."],
        ),
        (
            [(f"{name}.csv", 1, "It is empty.") for name in "abcde"],
            ["5 rejected:", "  a.csv:1, b.csv:1, c.csv:1 … and 2 more: It is empty."],
        ),
        (
            [(path, None, "It is empty.") for path in "aab"],
            ["3 rejected:", "  a, b … and 1 more: It is empty."],
        ),
        (
            [("a", None, f"It has {count} lines.") for count in (3, 4)] + [("b", None, "It has 5 lines.")],
            ["3 rejected:", "  a: It has 3 lines. … and 2 more like it: b"],
        ),
    ],
)
def test_rejected_records_are_told_by_reason(
    reasons: list[tuple[str, int | None, str]], lines: list[str], capsys: Captured
) -> None:
    made = Report()
    for path, line, reason in reasons:
        made.skip(path, line, reason)
    terminal.print_report(made, False)

    assert capsys.readouterr().err.splitlines()[1:] == lines


@cases("count, more", [(terminal.SHOWN_REASONS, False), (terminal.SHOWN_REASONS + 1, True)])
def test_so_many_reasons_and_warnings_are_shown(count: int, more: bool, capsys: Captured) -> None:
    made = Report()
    for number in range(count):
        made.skip("a", None, f"It is {chr(97 + number) * 3}.")
        made.warn("w", None, f"It was {chr(97 + number) * 3}.")
    terminal.print_report(made, False)
    lines = capsys.readouterr().err.splitlines()

    rest = f"  … and more; --json counts every reason and names the first {MOST_SKIPPED:,} records."
    assert sum(line.startswith("  a: It is ") for line in lines) == terminal.SHOWN_REASONS
    assert sum(line.startswith("w: It was ") for line in lines) == terminal.SHOWN_REASONS
    assert (rest in lines) is more
    assert ("  … and 1 more; --json names them." in lines) is more


def test_an_id_is_printed_as_it_is(capsys: Captured) -> None:
    made = Report(read=1)
    made.warn("a.json", None, "“urn:x:1” has [red]a date[/] like :smile:.")
    terminal.print_report(made, False)

    assert "a.json: “urn:x:1” has [red]a date[/] like :smile:." in capsys.readouterr().err


def test_records_that_are_not_named_are_said_to_be_more(capsys: Captured) -> None:
    made = Report()
    for _ in range(MOST_SKIPPED + 1):
        made.skip("a", None, "It is empty.")
    terminal.print_report(made, False)

    assert f"names the first {MOST_SKIPPED:,} records." in capsys.readouterr().err


@cases("errors, said", [(1, "1 internal error: "), (2000, "2,000 internal errors: ")])
def test_internal_errors_are_told_apart(errors: int, said: str, capsys: Captured) -> None:
    terminal.print_report(report(internal_errors=errors), False)

    assert capsys.readouterr().err.splitlines()[1].startswith(said)


def results(
    *hits: Hit,
    facets: dict[str, ValueFacet | DateFacet] | None = None,
    total: int = 1,
    notes: tuple[str, ...] = (),
    terms: tuple[TermCount, ...] = (),
    did_you_mean: str | None = None,
    text: str = "",
) -> Results:
    reading = Reading(text, "", notes=notes, terms=terms)
    return Results(total, 12.4, 1, reading, hits, facets or {}, did_you_mean=did_you_mean)


def test_a_hit_is_its_title_where_it_is_from_and_its_passages(capsys: Captured) -> None:
    article = Article("a1", "Text.", "Oil [up]", published="1998-05-17", source="Wire")
    hit = Hit(article, 1.0, (Snippet("Oil rose.", ((0, 3),)), Snippet("word " * 30)), ((0, 3),), Copies("g", 3))
    terminal.print_results(results(hit))

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["Oil [up]", "17 May 1998 · Wire · a1 · +2 copies", "  Oil rose."]
    assert lines[3:-1] == ["  " + " ".join(["word"] * 16), "  " + " ".join(["word"] * 14)]
    assert lines[-1] == ""


def test_a_terminal_obeys_no_article(capsys: Captured) -> None:
    wild = "a\x1b[31m\x07\x9b2J\x7f b"
    article = Article(wild, wild, wild, source=wild, person=(wild,), byline=wild, evidence={
        "person": (Evidence(wild, 0, 3, wild, "name", 0.9),)
    })  # fmt: skip
    values = ValueFacet((FacetCount(wild, wild, 1, False),), 1, 0)
    hit = Hit(article, 1.0, (Snippet(wild, ((0, 1),)),), ((0, 1),), None)
    terminal.print_results(results(hit, facets={"person": values}, notes=(wild,), did_you_mean=wild))
    terminal.print_results(results(total=0, terms=(TermCount(wild, 0),)))
    terminal.print_article(article)
    both = capsys.readouterr()

    for text in (both.out, both.err):
        assert "a\ufffd[31m\ufffd\ufffd2J\ufffd b" in text
        assert not {"\x1b", "\x07", "\x9b", "\x7f"} & {*text}


@cases("size, said", [(None, ""), (1, ""), (2, " · +1 copy"), (1001, " · +1,000 copies")])
def test_copies_are_counted_without_the_hit(size: int | None, said: str, capsys: Captured) -> None:
    terminal.print_results(results(Hit(Article("a1", "x"), None, (), (), Copies("g", size) if size else None)))

    assert capsys.readouterr().out.splitlines()[:2] == ["x", f"undated · a1{said}"]


@cases("total, said", [(0, "0 articles"), (1, "1 article"), (2, "2 articles"), (1234, "1,234 articles")])
def test_the_total_is_said(total: int, said: str, capsys: Captured) -> None:
    terminal.print_results(results(total=total))

    assert capsys.readouterr() == ("", f"{said} in 12 ms.\n")


def test_what_is_found_nowhere_is_explained(capsys: Captured) -> None:
    terms = (TermCount("oil", 1234, False), TermCount("ol", 0, True))
    terminal.print_results(results(total=0, text="oil NOT Öl", terms=terms, notes=("A [note].",), did_you_mean="oils"))

    assert capsys.readouterr().err.splitlines() == [
        "A [note].", "0 articles in 12 ms.", "In the whole archive: oil 1,234, without Öl 0.", "Did you mean: oils",
    ]  # fmt: skip


def test_words_are_counted_only_if_nothing_is_found(capsys: Captured) -> None:
    terminal.print_results(results(terms=(TermCount("oil", 1, False),)))

    assert "whole archive" not in capsys.readouterr().err


def test_facets_are_lines_and_the_dates_are_bars(capsys: Captured) -> None:
    person = ValueFacet((FacetCount("a", "Ann [L]", 1200, False), FacetCount("b", "Bo", 1, False)), 0, 2)
    years = DateFacet("year", tuple(Bucket(f"{1990 + n}-01-01", count) for n, count in enumerate((0, 1, 8, 9, 16))), 0)
    nothing = DateFacet("year", (), 0)
    terminal.print_results(results(facets={"person": person, "topic": ValueFacet((), 0, 0), "date": years}))
    terminal.print_results(results(facets={"date": nothing}))

    assert capsys.readouterr().out.splitlines() == [
        "Person: Ann [L] 1,200, Bo 1",
        "Date, by year: 1990-01-01  ▁▄▅█ 1994-01-01",
    ]


def test_the_time_that_is_left_is_known_once_articles_are_through(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "LINE_EVERY_S", 0)
    with terminal.progress_bar() as update:
        update(1, 100, 10, 0)
        update(50, 100, 20, 0)

    first, second = capsys.readouterr().err.splitlines()
    assert "left" not in first
    assert second.endswith(", 0 min left")


def test_an_article_is_printed_whole(capsys: Captured) -> None:
    evidence = {"country": (Evidence("DE", 0, 7, "Germany", "name", 0.95),)}
    article = Article(
        "a1", "Germany [x].\n\nSecond.", "Title", published="1998-05", source="Wire", byline="By Ann Lee",
        language="en", country=("DE",), evidence=evidence,
    )  # fmt: skip
    terminal.print_article(article)

    lines = capsys.readouterr().out.splitlines()
    assert lines[:7] == ["Title", "May 1998 · Wire · by Ann Lee", "", "Germany [x].", "", "Second.", ""]
    assert "Source: Wire" in lines
    assert "Country: Germany" in lines
    assert "Language: English" in lines
    assert any(line.startswith("Why Germany") and "“Germany”, " in line for line in lines)


@cases(
    "evidence, said",
    [
        (Evidence("DE", 0, 7, "Germany", "name", 0.95), "Why Germany: “Germany”, its name (95 % sure)"),
        (Evidence("DE", None, None, "", "input", 1.0), "Why Germany: stated by the archive"),
    ],
)
def test_a_reason_says_how_sure_it_is_unless_there_is_no_doubt(evidence: Evidence, said: str, capsys: Captured) -> None:
    terminal.print_article(Article("a", "Germany.", country=("DE",), evidence={"country": (evidence,)}))

    assert capsys.readouterr().out.splitlines()[-1] == said


def test_rows_are_a_table_and_none_are_nothing(capsys: Captured) -> None:
    headings = ("id", "scopes", "created", "name")
    terminal.print_table(headings, ())
    assert capsys.readouterr().out == ""

    terminal.print_table(headings, [("k1", "read write", "1998-05-17", "Ann [x]")])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["id", "scopes", "created", "name"], ["k1", "read", "write", "1998-05-17", "Ann", "[x]"]]


def test_statistics_are_a_table(capsys: Captured) -> None:
    terminal.print_stats(Stats(1000, 2, 3, 4000, 5, {"person": 6000}))

    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["articles", "1,000"], ["terms", "2"], ["segments", "3"], ["bytes", "4,000"], ["generation", "5"],
        ["distinct", "values", "of", "person", "6,000"],
    ]  # fmt: skip


@cases(
    "seconds, words",
    [(0, "0 min"), (29, "0 min"), (31, "1 min"), (3569, "59 min"), (3571, "1 h 0 min"), (7290, "2 h 2 min")],
)
def test_a_time_is_in_hours_and_minutes(seconds: float, words: str) -> None:
    assert terminal._in_words(seconds) == words


class Screen(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_last_count_of_a_run_is_shown_however_soon_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(terminal.err, "is_interactive", True)  # which is decided when it is made
    monkeypatch.setattr(terminal.err, "width", 200)
    monkeypatch.setattr(terminal, "REFRESH_S", 3600.0)
    with terminal.progress_bar() as update:
        update(1, 10, 30, 0)
        update(10, 10, 300, 300)

    assert "300 articles read, 300 committed" in screen.getvalue()
    assert "30 articles read" not in screen.getvalue()
