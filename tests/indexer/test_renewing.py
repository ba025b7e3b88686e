"""Facts are renewed from the stored texts: as if the archive had been read again, and no article twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import search
from benchmarks import archive as archives
from desk.corrections.application import settle
from desk.corrections.correction import Correction
from desk.corrections.store import Store
from indexer import enrich, pipeline, renewing
from indexer.digest import content, digest, with_version
from indexer.ledger import Ledger
from indexer.renewing import sample
from indexer.renewing.as_read import Undoing
from indexer.renewing.report import Renewal
from indexer.report import Report
from indexer.workers import work
from search import Article, Query
from search.engine import Writer
from search.errors import IndexLocked
from tests.cases import cases
from tests.indexer import new_rules
from tests.indexer.articles import unstamped

ROOT = Path(__file__).parent.parent.parent
KINDS = ("text", "json", "csv", "html", "ninjs", "nitf", "newsml-g2", "newsml1", "rss", "atom", "wxr", "warc", "alto",
         "reuters", "eml", "mbox")  # fmt: skip
TEXT = "President Ann Lee saw a zebra in Rome on 3 May 1998. She met the press in Paris, France, a day later.\n\n" * 3
RECORDS: list[dict[str, object]] = [
    {"id": "plain", "text": TEXT},
    {"id": "stated", "text": TEXT, "person": ["Bo Ek"], "country": ["FR"], "topic": [], "author": ["Cy Orr"],
     "language": "en", "byline": "By Cy Orr", "mentioned": ["1998-05-03"], "published": "1998-05-04"},
    {"id": "as-found", "text": TEXT, "language": "en", "person": ["Ann Lee"]},
    {"id": "other-language", "text": TEXT, "language": "sv"},
    {"id": "year", "text": f"ROME, May 3 (Wire) - {TEXT}", "published": "1998"},
    {"id": "month", "text": f"ROME, May 3 (Wire) - {TEXT}", "published": "1998-05"},
    {"id": "dateline", "text": f"ROME, May 3, 1998 (Wire) - {TEXT}"},
    {"id": "no-year", "text": f"ROME, May 3 (Wire) - {TEXT}"},
    {"id": "address", "text": TEXT, "url": "https://example.org/1998/05/03/zebra"},
    {"id": "byline", "text": f"By Cy Orr\n\n{TEXT}"},
    {"id": "swedish", "text": "Presidenten talade i måndags med pressen om budgeten, och den är inte klar än. " * 4},
    {"id": "extra", "text": TEXT, "person": "x" * 5000, "version": 7, "score": 1.5, "none": None, "deep": [{"a": [1]}]},
    {"id": "exported", "text": TEXT, "published": "1998-05-03", "published_from": "dateline", "person": ["Ann Lee"],
     "evidence": {"person": [{"value": "Ann Lee", "start": 10, "end": 17, "text": "Ann Lee", "rule": "crf",
                              "confidence": 0.9}],
                  "topic": [{"value": "medtop:15000000", "start": None, "end": None, "text": "", "rule": "model",
                             "confidence": 0.9}],
                  "published": [{"value": "1998-05-03", "start": 0, "end": 4, "text": "May3", "rule": "dateline",
                                 "confidence": 0.9}]}},
    {"id": "forged", "text": TEXT, "extra": {"dateline.found": {"title": "x"}}},
]  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, RECORDS)), "utf-8")
    return folder


def index(place: Path, *paths: Path, **options: object) -> Report:
    with search.writer(place) as writer:
        made = pipeline.Options(collection="wire", place=place, **options)  # type: ignore[arg-type]
        return pipeline.index(writer, list(paths), made)


@pytest.fixture
def place(archive: Path, tmp_path: Path) -> Path:
    index(tmp_path / "news.idx", archive)
    return tmp_path / "news.idx"


def renew(place: Path, **options: object) -> Renewal:
    return renewing.renew(place, lambda: search.writer(place), renewing.Options(**options))  # type: ignore[arg-type]


def articles(place: Path) -> dict[str, Article]:
    with search.open(place) as engine:
        return {article.id: replace(article, digest="") for article in unstamped(engine)}


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, place: Path) -> pytest.MonkeyPatch:
    """Newer rules, after the index was made."""
    new_rules.install(monkeypatch)
    return monkeypatch


def test_the_same_rules_find_the_same_facts(place: Path) -> None:
    before = articles(place)

    report = renew(place, again=True)

    assert (report.read, report.unchanged) == (len(RECORDS), len(RECORDS))
    assert (report.renewed, report.untold, report.failed) == (0, 0, 0)
    assert articles(place) == before


@cases("kind", KINDS)
def test_what_was_read_is_told_for_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    archives.write(tmp_path / kind / "in", kind, list(archives.reports(2)))
    index(tmp_path / kind / "news.idx", tmp_path / kind / "in")

    report = renew(tmp_path / kind / "news.idx", again=True)

    assert (report.read, report.unchanged) == (2, 2)


@pytest.mark.check
def test_the_same_rules_find_the_same_facts_in_seeds(tmp_path: Path) -> None:
    index(tmp_path / "news.idx", ROOT / "seeds")

    report = renew(tmp_path / "news.idx", again=True, workers=2)

    assert (report.renewed, report.untold, report.failed, report.unchanged) == (0, 0, 0, report.read)
    assert report.read >= 120


def test_what_was_read_is_not_guessed(place: Path) -> None:
    with search.open(place) as engine:
        (stored, *_) = [each for each in engine.export(Query(), as_added=True) if each.id == "byline"]

    read = Undoing()(stored, stored.digest)

    assert read is not None
    assert (read.article.byline, read.article.person, read.article.language) == (None, (), None)
    assert digest(read.article) == stored.digest
    assert Undoing()(replace(stored, text=stored.text + "!"), stored.digest) is None


def test_newer_rules_are_as_if_the_archive_was_read_again(place: Path, archive: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        new_rules.install(patch)
        report = renew(place)
    with pytest.MonkeyPatch.context() as patch:
        new_rules.install(patch, rooms=("persons", "topics"))
        index(tmp_path / "anew.idx", archive)

    assert articles(place) == articles(tmp_path / "anew.idx")
    assert report.complete
    assert report.renewed > 0
    assert report.moves["topic"].came == {new_rules.TOPIC: report.renewed}
    assert report.moves["person"].articles == 0


@pytest.mark.check
def test_several_processes_find_the_same(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing.run, "BATCH", 2)

    assert renew(place, workers=2, again=True).unchanged == len(RECORDS)


def test_what_is_by_these_rules_is_not_done_again(place: Path, newer: pytest.MonkeyPatch) -> None:
    newer.setattr(renewing.run, "BATCH", 1)
    newer.setattr(renewing.run, "COMMIT_SECONDS", -1.0)
    looked = iter(range(8))
    first = renew(place, stop=lambda: next(looked, None) is None)
    second = renew(place)

    assert not first.complete
    assert 0 < first.done < len(RECORDS)
    assert second.complete
    assert second.current == first.done
    assert renew(place).current == len(RECORDS)


def test_an_article_with_the_same_facts_is_not_written(place: Path, newer: pytest.MonkeyPatch) -> None:
    before = articles(place)
    report = renew(place)

    with search.open(place) as engine:
        stored = {article.id: article.digest for article in engine.export(Query(), as_added=True)}
    assert report.unchanged > 0
    assert articles(place)["swedish"] == before["swedish"]
    with Ledger(place) as ledger:
        assert len(ledger.renewed(stored.values())) == report.unchanged


def test_the_archive_is_not_read_for_newer_rules(place: Path, archive: Path, newer: pytest.MonkeyPatch) -> None:
    def never(_unit: object) -> Iterator[object]:
        raise AssertionError("a file is read")

    newer.setattr(work, "read", never)

    report = index(place, archive)

    assert (report.unchanged, report.outdated) == (len(RECORDS), len(RECORDS))
    renew(place)
    assert index(place, archive).outdated == 0


def test_nothing_is_loaded_where_nothing_is_looked_for(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "load_enrichment", None)

    report = renewing.renew(place, lambda: search.writer(place), renewing.Options(workers=2))

    assert report.current == len(RECORDS)


def test_a_file_that_changes_later_has_the_rest_unchanged(
    place: Path, archive: Path, newer: pytest.MonkeyPatch
) -> None:
    renew(place)
    after = articles(place)
    new_rules.install(newer, rooms=("persons", "topics"))
    with (archive / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n{"id": "more", "text": "More of it."}')

    report = index(place, archive)

    assert (report.added, report.updated, report.unchanged) == (1, 0, len(RECORDS))
    assert {name: each for name, each in articles(place).items() if name != "more"} == after


def test_corrections_stay_on_top(place: Path, newer: pytest.MonkeyPatch) -> None:
    at = "2026-11-30T02:00:00Z"
    with Store(place) as store:
        store.add(
            [
                Correction("plain", "topic", "remove", new_rules.TOPIC, "ed", at),
                Correction("plain", "person", "add", "Di Ash", "ed", at),
                Correction("byline", "title", "set", "A zebra", "ed", at),
            ]
        )
    with search.writer(place) as writer:
        settle(writer, place)

    renew(place)

    found = articles(place)
    assert found["plain"].topic == ()
    assert "Di Ash" in found["plain"].person
    assert (found["byline"].title, found["byline"].topic) == ("A zebra", (new_rules.TOPIC,))
    new_rules.install(newer, rooms=("persons", "topics"))
    assert renew(place, again=True).unchanged == len(RECORDS)


def test_what_others_change_meanwhile_stays(place: Path, archive: Path, newer: pytest.MonkeyPatch) -> None:
    (archive / "a.jsonl").write_text(json.dumps({"id": "plain", "text": "Another zebra."}), "utf-8")
    busy = iter((True, False))

    def opened() -> Writer:
        if next(busy, False):
            with pytest.MonkeyPatch.context() as patch:
                new_rules.install(patch, rooms=("persons", "topics"))
                index(place, archive)
            raise IndexLocked("Another process is writing.")
        return search.writer(place)

    newer.setattr(renewing.run, "RETRY_S", 0.0)
    report = renewing.renew(place, opened)

    assert report.passed == 1
    assert articles(place)["plain"].text == "Another zebra."
    assert renew(place).current == len(RECORDS)


def test_a_question_is_answered_from_one_generation_meanwhile(place: Path, newer: pytest.MonkeyPatch) -> None:
    with search.open(place) as engine:
        listed = engine.export(Query())
        first = next(listed)
        renew(place)
        rest = list(listed)

        assert {article.topic for article in (first, *rest)} != {(new_rules.TOPIC,)}
        assert engine.totals([Query("topic:15000000")])[0] > 0


def test_a_sample_writes_nothing(place: Path, newer: pytest.MonkeyPatch) -> None:
    before = sorted((path.name, path.stat().st_mtime_ns) for path in place.iterdir() if path.is_file())

    report = renew(place, sample=5)

    assert (report.read, report.dry_run, report.complete) == (5, True, False)
    assert report.renewed > 0
    assert sorted((path.name, path.stat().st_mtime_ns) for path in place.iterdir() if path.is_file()) == before


def test_a_sample_is_of_all_years(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        for number in range(40):
            writer.add(
                Article(str(number), "A zebra.", published=f"{1990 + number // 10}-01-01" if number < 30 else None)
            )

    with search.open(tmp_path / "idx") as engine:
        found = [(each.published or "none")[:4] for each in sample.spread(engine, 8, 40)]

    assert found == ["1992", "1992", "1991", "1991", "1990", "1990", "none", "none"]


def test_an_article_of_which_it_is_not_known_what_was_read_is_read_again(
    place: Path, archive: Path, newer: pytest.MonkeyPatch
) -> None:
    with search.open(place) as engine:
        stored = {article.id: article for article in engine.export(Query(), as_added=True)}
    with search.writer(place) as writer:
        writer.add(replace(stored["plain"], digest="0" * 64))

    assert renew(place).untold == 1
    assert articles(place)["plain"].topic != (new_rules.TOPIC,)
    new_rules.install(newer, rooms=("persons", "topics"))
    assert index(place, archive).updated == 1
    assert articles(place)["plain"].topic == (new_rules.TOPIC,)
    assert renew(place).untold == 0


def test_nothing_is_looked_for_if_no_rule_of_a_fact_has_changed(place: Path, newer: pytest.MonkeyPatch) -> None:
    newer.setattr(enrich, "CHANGED", {int(enrich.VERSION): frozenset({enrich.COPIES})})
    newer.setattr(work, "enriched", None)

    assert renew(place).unchanged == len(RECORDS)
    assert renew(place).current == len(RECORDS)


def test_it_is_told_by_which_version_facts_were_found(place: Path) -> None:
    with search.open(place) as engine:
        (stored, *_) = [each for each in engine.export(Query(), as_added=True) if each.id == "byline"]
    read = Undoing()(stored, stored.digest)
    assert read is not None
    for version in ("17", "12 fr", "18 fr meaning", enrich.version()):
        told = Undoing()(stored, with_version(content(read.article), version))
        assert told is not None
        assert told.version == version


def test_an_index_without_a_ledger_is_renewed_too(archive: Path, tmp_path: Path) -> None:
    place = tmp_path / "bare.idx"
    with search.writer(place) as writer:
        pipeline.index(writer, [archive], pipeline.Options(collection="wire"))
    with pytest.MonkeyPatch.context() as patch:
        new_rules.install(patch)
        first, second = renew(place), renew(place)

        assert (first.untold, second.current) == (0, len(RECORDS))
        assert not Ledger.is_in(place)


def test_an_internal_error_costs_no_fact(place: Path, newer: pytest.MonkeyPatch) -> None:
    before = articles(place)
    newer.setattr(enrich, "CHANGED", {})

    report = renew(place)

    assert (report.failed, report.renewed) == (len(RECORDS), 0)
    assert "rules that have not changed" in report.warnings[0].reason
    assert articles(place) == before
