from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import permutations, product
from pathlib import Path

import pytest

import search
from indexer import pipeline
from indexer.ledger import Ledger
from indexer.pipeline import Options, Report
from indexer.run import commit
from indexer.run.application import Run
from indexer.withheld import embargo
from search import Query
from search.errors import IndexDamaged
from search.text import dates
from tests import waiting
from tests.processes import killed_at_the_end

TEXT = "The cabinet met in Vienna on Monday and agreed on the budget for the next two years, its speaker said."


def index(place: Path, *paths: Path, **options: object) -> Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, list(paths), Options(place=place, **options))  # type: ignore[arg-type]


def texts(place: Path) -> dict[str, str]:
    with search.open(place) as opened:
        found = {article.id: article.text for article in opened.export(Query())}
    return found


def story(file: Path, name: str, text: str = TEXT, **more: object) -> Path:
    """A ninjs item."""
    file.parent.mkdir(exist_ok=True)
    said = {"uri": name, "type": "text", "headline": "Budget", "versioncreated": "2020-01-01T10:00:00Z"}
    file.write_text(json.dumps({**said, "body_text": text, **more}), "utf-8")
    return file


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.read, report.added, report.updated, report.unchanged


def test_one_id_in_two_files_is_unchanged_the_second_time(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text('{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n', "utf-8")
    (tmp_path / "in" / "b.jsonl").write_text('{"id": "x", "text": "Three."}\n', "utf-8")
    assert counts(index(tmp_path / "idx", tmp_path / "in")) == (3, 1, 2, 0)
    assert counts(index(tmp_path / "idx", tmp_path / "in")) == (3, 0, 0, 3)
    os.utime(tmp_path / "in" / "a.jsonl", (1, 1))

    assert counts(index(tmp_path / "idx", tmp_path / "in")) == (3, 0, 0, 3)
    assert texts(tmp_path / "idx") == {"x": "Three."}


def test_one_id_left_in_one_file_is_what_that_says(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text('{"id": "x", "text": "One."}\n', "utf-8")
    (tmp_path / "in" / "b.jsonl").write_text('{"id": "x", "text": "Two."}\n{"id": "y", "text": "Y."}', "utf-8")
    index(tmp_path / "idx", tmp_path / "in")
    (tmp_path / "in" / "b.jsonl").unlink()
    report = index(tmp_path / "idx", tmp_path / "in", delete_missing=True)

    assert report.removed == 1
    assert texts(tmp_path / "idx") == {"x": "One."}


def test_the_highest_version_stays_in_whatever_order(tmp_path: Path) -> None:
    """Of six articles, whose versions come in six orders."""
    orders = list(permutations((1, 2, 3)))
    for place in range(3):
        for number, order in enumerate(orders):
            version = order[place]
            story(tmp_path / "in" / f"{place}-{number}.json", f"urn:{number}", f"{TEXT} {version}", version=version)
        if place > 0:
            index(tmp_path / "idx", tmp_path / "in")

    assert texts(tmp_path / "idx") == {f"urn:{number}": f"{TEXT} 3" for number in range(len(orders))}
    assert counts(index(tmp_path / "idx", tmp_path / "in")) == (18, 0, 0, 18)


@pytest.mark.parametrize("apart", [False, True])
def test_a_withdrawal_removes_whether_it_comes_before_or_after(apart: bool, tmp_path: Path) -> None:
    for given in ("a", "d"):
        story(tmp_path / "in" / f"{given}.json", f"urn:{given}")
    story(tmp_path / "in" / "c.json", "urn:y")
    if apart:
        index(tmp_path / "idx", tmp_path / "in")
    for given, withdrawn in (("a", "after"), ("d", "before")):
        story(tmp_path / "in" / f"{withdrawn}.json", f"urn:{given}", pubstatus="canceled")
    report = index(tmp_path / "idx", tmp_path / "in")

    assert texts(tmp_path / "idx").keys() == {"urn:y"}
    assert report.removed == (2 if apart else 1)
    again = index(tmp_path / "idx", tmp_path / "in")
    assert (counts(again), again.removed) == ((1, 0, 0, 1), 0)
    assert ["was withdrawn" in entry.reason for entry in again.skipped] == [True, True]


def test_a_later_version_comes_in_after_a_withdrawal(tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", version=1)
    index(tmp_path / "idx", tmp_path / "in")
    story(tmp_path / "in" / "b.json", "urn:x", version=2, pubstatus="canceled")
    assert index(tmp_path / "idx", tmp_path / "in").removed == 1
    story(tmp_path / "in" / "c.json", "urn:x", f"{TEXT} 3", version=3)
    report = index(tmp_path / "idx", tmp_path / "in")

    assert report.added == 1
    assert texts(tmp_path / "idx") == {"urn:x": f"{TEXT} 3"}
    again = index(tmp_path / "idx", tmp_path / "in")
    assert (again.added, again.updated, again.removed) == (0, 0, 0)


def test_a_withdrawal_is_remembered_when_its_file_is_gone(tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", pubstatus="canceled")
    index(tmp_path / "idx", tmp_path / "in")
    (tmp_path / "in" / "a.json").unlink()
    story(tmp_path / "in" / "b.json", "urn:x")

    assert index(tmp_path / "idx", tmp_path / "in").added == 0


def item(file: Path, revision: int | None, *stories: str, status: str = "Usable", name: str = "i") -> None:
    """A NewsML 1 item of stories, each with its component's name and its text."""
    components = "".join(
        f"<NewsComponent Duid='{each}'><NewsLines><HeadLine>{each}</HeadLine></NewsLines><ContentItem><DataContent>"
        f"<p>{each} {revision}</p></DataContent></ContentItem></NewsComponent>"
        for each in stories
    )
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>e</ProviderId><DateId>20200102</DateId>"
        f"<NewsItemId>{name}</NewsItemId>{f'<RevisionId>{revision}</RevisionId>' if revision else ''}</NewsIdentifier>"
        f"</Identification><NewsManagement><Status FormalName='{status}'/></NewsManagement>"
        f"<NewsComponent>{components}</NewsComponent></NewsItem></NewsML>",
        "utf-8",
    )


@pytest.mark.parametrize("apart", [False, True])
def test_a_withdrawal_of_an_item_removes_all_its_stories(apart: bool, tmp_path: Path) -> None:
    """Whether its file is before or after that of the item, and both have a revision or none."""
    cases = list(enumerate(product((("a", "b"), ("b", "a")), (None, 1))))
    for number, (names, revision) in cases:
        item(tmp_path / "in" / f"{names[0]}{number}.xml", revision, "one", "two", "three", name=f"i{number}")
    if apart:
        assert index(tmp_path / "idx", tmp_path / "in").added == 3 * len(cases)
    for number, (names, revision) in cases:
        item(tmp_path / "in" / f"{names[1]}{number}.xml", revision, status="Canceled", name=f"i{number}")
    index(tmp_path / "idx", tmp_path / "in")

    assert texts(tmp_path / "idx") == {}
    assert index(tmp_path / "idx", tmp_path / "in").added == 0


def test_the_stories_of_the_latest_revision_stay_in_whatever_order(tmp_path: Path) -> None:
    stories = {1: ("one", "two", "three"), 2: ("one", "two"), 3: ("one", "three")}
    orders = list(permutations(stories))
    for place in range(3):
        for number, order in enumerate(orders):
            revision = order[place]
            item(tmp_path / "in" / f"{place}-{number}.xml", revision, *stories[revision], name=f"i{number}")
        if place > 0:
            index(tmp_path / "idx", tmp_path / "in")

    assert sorted(texts(tmp_path / "idx").values()) == ["one 3"] * len(orders) + ["three 3"] * len(orders)
    again = index(tmp_path / "idx", tmp_path / "in")
    assert (again.added, again.updated, again.removed) == (0, 0, 0)


@pytest.mark.parametrize("embargo", [None, "2999-01-01T00:00:00Z"])
def test_what_a_file_withdrew_comes_in_when_it_gives_it_again(embargo: str | None, tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", pubstatus="canceled")
    story(tmp_path / "in" / "b.json", "urn:y")
    index(tmp_path / "idx", tmp_path / "in")
    story(tmp_path / "in" / "a.json", "urn:x", **({"embargoed": embargo} if embargo else {}))
    report = index(tmp_path / "idx", tmp_path / "in")

    assert (report.added, report.embargoed, report.skipped) == ((0, 1, []) if embargo else (1, 0, []))
    assert index(tmp_path / "idx", tmp_path / "in").skipped == []


def test_all_stories_of_an_item_come_in_again(tmp_path: Path) -> None:
    item(tmp_path / "in" / "a.xml", None, status="Canceled")
    index(tmp_path / "idx", tmp_path / "in")
    item(tmp_path / "in" / "a.xml", None, "one", "two")

    assert index(tmp_path / "idx", tmp_path / "in").added == 2


@pytest.mark.parametrize("order", [("canceled", "usable"), ("usable", "canceled")])
def test_what_a_file_gives_and_still_withdraws_stays_out(order: tuple[str, str], tmp_path: Path) -> None:
    def write(headline: str) -> None:
        said = {"uri": "urn:x", "type": "text", "headline": headline, "body_text": TEXT}
        lines = [json.dumps({**said, "pubstatus": status}) for status in order]
        (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")

    write("Budget")
    index(tmp_path / "idx", tmp_path / "a.jsonl")
    write("The budget")
    report = index(tmp_path / "idx", tmp_path / "a.jsonl")

    assert (report.added, report.removed, texts(tmp_path / "idx")) == (0, 0, {})


def later(hours: float) -> datetime:
    """So long after now, and not after this module was read, which may be hours ago on a busy machine."""
    return datetime.now(UTC) + timedelta(hours=hours)


def soon() -> str:
    """The end of an embargo, in an hour."""
    return later(1).isoformat()


def test_an_embargoed_article_comes_in_after_its_time(tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", embargoed=soon())
    story(tmp_path / "in" / "b.json", "urn:y")
    report = index(tmp_path / "idx", tmp_path / "in")
    assert (report.embargoed, counts(report)) == (1, (1, 1, 0, 0))
    assert texts(tmp_path / "idx").keys() == {"urn:y"}

    story(tmp_path / "in" / "a.json", "urn:x", embargoed=later(-1).isoformat())
    report = index(tmp_path / "idx", tmp_path / "in")
    assert (report.embargoed, counts(report)) == (0, (2, 1, 0, 1))
    assert counts(index(tmp_path / "idx", tmp_path / "in")) == (2, 0, 0, 2)


@pytest.mark.parametrize("gone", [False, True])
def test_an_embargo_ends_though_its_file_is_as_it_was_or_gone(gone: bool, tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", embargoed=soon())
    story(tmp_path / "in" / "b.json", "urn:y")
    index(tmp_path / "idx", tmp_path / "in")
    again = index(tmp_path / "idx", tmp_path / "in")
    assert (again.embargoed, counts(again)) == (1, (1, 0, 0, 1))
    if gone:
        (tmp_path / "in" / "a.json").unlink()
    report = index(tmp_path / "idx", tmp_path / "in", now=later(2))

    assert (report.embargoed, counts(report)) == (0, (2, 1, 0, 1))
    assert texts(tmp_path / "idx").keys() == {"urn:x", "urn:y"}
    assert index(tmp_path / "idx", tmp_path / "in", now=later(2)).unchanged == (1 if gone else 2)


def test_an_embargo_ends_without_any_file_to_read(tmp_path: Path) -> None:
    until = later(1)
    story(tmp_path / "in" / "a.json", "urn:x", embargoed=until.isoformat())
    index(tmp_path / "idx", tmp_path / "in")
    with Ledger(tmp_path / "idx") as ledger:
        due = embargo.next_due(ledger)
    with search.writer(tmp_path / "idx") as writer:
        assert pipeline.release(writer, tmp_path / "idx").added == 0
        assert pipeline.release(writer, tmp_path / "idx", later(2)).added == 1

    assert due == until
    assert texts(tmp_path / "idx").keys() == {"urn:x"}


def test_a_withdrawal_reaches_what_is_kept_aside(tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", embargoed=soon())
    index(tmp_path / "idx", tmp_path / "in")
    story(tmp_path / "in" / "b.json", "urn:x", pubstatus="canceled")
    index(tmp_path / "idx", tmp_path / "in")

    assert index(tmp_path / "idx", tmp_path / "in", now=later(2)).added == 0


def test_a_correction_after_the_embargo_replaces_what_was_kept_aside(tmp_path: Path) -> None:
    until = soon()
    story(tmp_path / "in" / "a.json", "urn:x", embargoed=until)
    index(tmp_path / "idx", tmp_path / "in")
    story(tmp_path / "in" / "a.json", "urn:x", f"{TEXT} Corrected.", embargoed=until)
    assert counts(index(tmp_path / "idx", tmp_path / "in", now=later(2))) == (1, 1, 0, 0)

    assert texts(tmp_path / "idx") == {"urn:x": f"{TEXT} Corrected."}
    assert counts(index(tmp_path / "idx", tmp_path / "in", now=later(2))) == (1, 0, 0, 1)


@pytest.mark.parametrize("versions", [{}, {"version": 1}])
def test_an_embargo_that_is_lifted_brings_no_old_text_back(versions: dict[str, object], tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", TEXT, embargoed=soon(), **versions)
    index(tmp_path / "idx", tmp_path / "in")
    story(tmp_path / "in" / "b.json", "urn:x", f"{TEXT} Corrected.", **versions)
    index(tmp_path / "idx", tmp_path / "in")
    os.utime(tmp_path / "in" / "a.json", (1, 1))
    index(tmp_path / "idx", tmp_path / "in")
    index(tmp_path / "idx", tmp_path / "in", now=later(2))

    assert texts(tmp_path / "idx") == {"urn:x": f"{TEXT} Corrected."}


def test_a_higher_version_stays_aside_when_a_lower_one_comes_in(tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", f"{TEXT} 2", version=2, embargoed=soon())
    story(tmp_path / "in" / "b.json", "urn:x", f"{TEXT} 1", version=1)
    index(tmp_path / "idx", tmp_path / "in")
    assert texts(tmp_path / "idx") == {"urn:x": f"{TEXT} 1"}
    index(tmp_path / "idx", tmp_path / "in", now=later(2))

    assert texts(tmp_path / "idx") == {"urn:x": f"{TEXT} 2"}


@pytest.mark.parametrize("text", [TEXT, f"{TEXT} Corrected."])
def test_an_embargo_that_was_made_longer_holds(text: str, tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", embargoed=soon())
    index(tmp_path / "idx", tmp_path / "in")
    story(tmp_path / "in" / "a.json", "urn:x", text, embargoed=later(3).isoformat())
    assert index(tmp_path / "idx", tmp_path / "in", now=later(2)).embargoed == 1
    assert texts(tmp_path / "idx") == {}
    index(tmp_path / "idx", tmp_path / "in", now=later(4))

    assert texts(tmp_path / "idx") == {"urn:x": text}


@pytest.mark.parametrize("ended", [False, True])
def test_delete_missing_reaches_what_is_kept_aside(ended: bool, tmp_path: Path) -> None:
    story(tmp_path / "in" / "a.json", "urn:x", embargoed=soon())
    story(tmp_path / "in" / "b.json", "urn:y", embargoed=soon())
    story(tmp_path / "in" / "c.json", "urn:z")
    index(tmp_path / "idx", tmp_path / "in")
    (tmp_path / "in" / "a.json").unlink()
    now = later(2) if ended else None
    report = index(tmp_path / "idx", tmp_path / "in", delete_missing=True, now=now)
    index(tmp_path / "idx", tmp_path / "in", now=later(2))

    assert report.removed == 1
    assert texts(tmp_path / "idx").keys() == {"urn:y", "urn:z"}


def test_an_interrupted_run_keeps_what_was_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    for name in "abc":
        lines = "\n".join(json.dumps({"id": f"{name}{n}", "text": f"Report {n} of {name}."}) for n in range(150))
        (tmp_path / "in" / f"{name}.jsonl").write_text(lines, "utf-8")
    monkeypatch.setattr(commit, "COMMIT_ARTICLES", 100)
    take, taken = Run.take, 0

    def interrupted(self: Run, enriched: list[object]) -> None:
        nonlocal taken
        taken += 1
        if taken == 6:
            raise KeyboardInterrupt
        take(self, enriched)  # type: ignore[arg-type]

    monkeypatch.setattr(Run, "take", interrupted)
    with pytest.raises(KeyboardInterrupt):
        index(tmp_path / "idx", tmp_path / "in")
    kept = len(texts(tmp_path / "idx"))
    monkeypatch.setattr(Run, "take", take)
    report = index(tmp_path / "idx", tmp_path / "in")

    assert 100 <= kept < 450
    assert (report.added, report.unchanged) == (450 - kept, kept)
    assert counts(index(tmp_path / "idx", tmp_path / "in")) == (450, 0, 0, 450)


def test_a_run_that_is_killed_loses_nothing_it_committed(amount: Callable[..., int], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    each, workers = amount(400, few=120), amount(2, few=1)
    names = "abcdef"[: amount(6, few=3)]
    for name in names:
        lines = [json.dumps({"id": f"{name}{n}", "text": f"Report {n} of {name}. {TEXT * 5}"}) for n in range(each)]
        (tmp_path / "in" / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    code = "from indexer.run import commit as c; c.COMMIT_ARTICLES = 100; from service.commands.cli import main; main()"
    places = [str(tmp_path / name) for name in ("idx", "in")]
    command = [sys.executable, "-c", code, "index", *places, "--workers", f"{workers}"]
    committed = 0
    for _ in range(amount(3, few=1)):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process, killed_at_the_end(process):
            twice = partial(committed_or_ended, tmp_path / "idx", committed + 1, process)
            waiting.until(twice, "it has committed twice")
        committed = generation(tmp_path / "idx")
        before = len(texts(tmp_path / "idx"))
        report = index(tmp_path / "idx", tmp_path / "in", dry_run=True)
        assert (report.unchanged, report.added) == (before, len(names) * each - before)
    index(tmp_path / "idx", tmp_path / "in", workers=workers)

    assert len(texts(tmp_path / "idx")) == len(names) * each
    assert counts(index(tmp_path / "idx", tmp_path / "in")) == (len(names) * each, 0, 0, len(names) * each)


def committed_or_ended(place: Path, beyond: int, process: subprocess.Popen[bytes]) -> bool:
    return generation(place) > beyond or process.poll() is not None


def generation(place: Path) -> int:
    return max((int(file.stem.rpartition("_")[2]) for file in place.glob("generation_*.sum")), default=0)


def test_a_changed_neighbour_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Title\n\nText.", "utf-8")
    index(tmp_path / "idx", tmp_path / "in")
    (tmp_path / "in" / "a.json").write_text('{"id": "own"}', "utf-8")

    assert index(tmp_path / "idx", tmp_path / "in").added == 1
    assert "own" in texts(tmp_path / "idx")


def test_another_mapping_is_another_reading(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "x", "text": "One.", "heading_of_ours": "Named"}\n', "utf-8")
    index(tmp_path / "idx", tmp_path / "a.jsonl")

    assert index(tmp_path / "idx", tmp_path / "a.jsonl", names={"title": "heading_of_ours"}).updated == 1


def test_a_broken_ledger_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Title\n\nText.", "utf-8")
    index(tmp_path / "idx", tmp_path / "a.txt")
    (tmp_path / "idx" / "ingest.sqlite").write_bytes(b"nonsense" * 1000)

    with pytest.raises(IndexDamaged, match="Remove it"):
        index(tmp_path / "idx", tmp_path / "a.txt")


def test_a_date_that_is_not_taken_is_reported(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    lines = [
        {"id": "ahead", "text": "Text.", "published": "2999-01-01"},
        {"id": "good", "text": "Text.", "published": "1998"},
        {"id": "never", "text": "Text.", "published": "1998-02-30"},
    ]
    (tmp_path / "in" / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))

    report = index(tmp_path / "idx", tmp_path / "in")

    assert [(Path(entry.path).name, entry.reason) for entry in report.warnings] == [
        ("a.jsonl", "“ahead” is indexed. Its date of publication was ignored: “2999-01-01” is in the future."),
        ("a.jsonl", "“never” is indexed. Its date of publication was ignored: “1998-02-30” is not in the calendar."),
    ]
    assert not index(tmp_path / "idx", tmp_path / "in").warnings


def test_articles_know_when_they_came_and_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(**texts: str) -> None:
        (tmp_path / "in").mkdir(exist_ok=True)
        lines = [{"id": name, "text": text} for name, text in texts.items()]
        (tmp_path / "in" / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))

    def stamps(moment: str) -> dict[str, tuple[str | None, str | None]]:
        monkeypatch.setattr(dates, "now", lambda: moment)
        index(tmp_path / "idx", tmp_path / "in")
        with search.open(tmp_path / "idx") as engine:
            found = {article.id: (article.added, article.changed) for article in engine.export(Query())}
        return found

    first, second, third = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"
    write(a="One.", b="Two.")
    assert stamps(first) == {"a": (first, first), "b": (first, first)}
    write(a="One.", b="Two, corrected.", c="Three.")
    assert stamps(second) == {"a": (first, first), "b": (first, second), "c": (second, second)}
    assert stamps(third) == {"a": (first, first), "b": (first, second), "c": (second, second)}
    monkeypatch.setattr("indexer.digest.enrichment_version", lambda: "another")
    monkeypatch.setattr(pipeline, "reading_of", lambda *_: "another")
    assert stamps(third) == {"a": (first, first), "b": (first, second), "c": (second, second)}


def test_what_was_exported_keeps_when_it_came_in(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    line = {"id": "a", "text": "One.", "added": "2020-01-01T00:00:00Z", "changed": "yesterday"}
    (tmp_path / "in" / "a.jsonl").write_text(json.dumps(line))
    index(tmp_path / "idx", tmp_path / "in")
    engine = search.open(tmp_path / "idx")

    article = engine.article("a")
    assert article.added == "2020-01-01T00:00:00Z"
    assert article.changed != "yesterday"
    assert article.extra == {"changed": "yesterday"}
    engine.close()


def test_what_is_wrong_with_a_record_that_is_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text('{"id": "a", "title": "A", "title": "B", "text": "Text."}')

    (entry,) = index(tmp_path / "idx", tmp_path / "in").warnings

    assert entry.reason == (
        "“a” is indexed. It states “title” more than once: the last value counts, and “extra” has the others."
    )
