from __future__ import annotations

import errno
import random
from itertools import combinations
from pathlib import Path

import pytest
import whoosh.index

import search
from indexer import dedupe, pipeline
from indexer.pipeline import Options
from search import Article, Engine, Query
from search.authority import block, undo
from search.local.codec import ColumnarSegment
from search.local.writer import LocalWriter

SAME_STORY = {frozenset({"1986-04-chernobyl-wire", "1986-04-chernobyl-gazette"})}


@pytest.fixture(scope="module")
def seeds(engine: Engine) -> list[Article]:
    return [article for article in engine.export(Query()) if len(article.text.split()) >= 60]


def edited(text: str, share: float, draw: random.Random) -> str:
    """Words here and there replaced."""
    words = text.split(" ")
    return " ".join(draw.choice(words) if draw.random() < share else word for word in words)


def cut(text: str, share: float) -> str:
    """Without its end, as a paper short of space prints it."""
    words = text.split(" ")
    return " ".join(words[: int(len(words) * (1 - share))])


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_edited_and_cut_copies_are_copies(share: float, seeds: list[Article]) -> None:
    draw = random.Random(1)
    found = 0
    for article in seeds:
        own = dedupe.sketch(article.text)
        for copy in (edited(article.text, share * 0.8, draw), cut(article.text, share)):
            other = dedupe.sketch(copy)
            found += bool(dedupe.alike(own, [("copy", other)])) and bool(
                set(dedupe.keys(own)) & set(dedupe.keys(other))
            )

    assert found / (2 * len(seeds)) >= 0.99


def test_different_stories_are_not_copies(seeds: list[Article]) -> None:
    sketches = {article.id: dedupe.sketch(article.text) for article in seeds}
    alike = {
        frozenset(pair)
        for pair in combinations(sketches, 2)
        if dedupe.alike(sketches[pair[0]], [("", sketches[pair[1]])])
    }

    assert alike == SAME_STORY


def test_likeness_is_the_share_of_common_shingles() -> None:
    words = [f"word{n}" for n in range(40)]
    one, other = dedupe.sketch(" ".join(words)), dedupe.sketch(" ".join(words[:30]))

    assert dedupe.likeness(one, one) == 1.0
    assert dedupe.likeness(one, other) == pytest.approx(28 / 38)
    assert dedupe.likeness(one, dedupe.sketch(" ".join(words).upper())) == 1.0


def test_short_texts_have_no_copies() -> None:
    assert len(dedupe.sketch("No comment.")) == 0


def test_forms_filled_in_are_not_copies() -> None:
    form = "Shares closed at {} pence after {} changed hands, and the year's dividend of {} pence is unchanged."
    one, other = (dedupe.sketch(form.format(*numbers)) for numbers in ((412, "3 million", 12), (98, "40,000", 3)))

    assert dedupe.alike(one, [("other", other)]) == []


def groups(place: Path) -> dict[str, str | None]:
    opened = search.open(place)
    found = {article.id: article.group for article in opened.export(Query())}
    opened.close()
    return found


def put(folder: Path, article_id: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{article_id}.txt").write_text(f"---\nid: {article_id}\n---\nTitle of {article_id}\n\n{text}", "utf-8")


def run(place: Path, folder: Path, workers: int = 1) -> pipeline.Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, [folder], Options(place=place, workers=workers))


def test_a_copy_joins_the_first_in_a_group(seeds: list[Article], tmp_path: Path) -> None:
    first, other = seeds[0].text, seeds[1].text
    put(tmp_path / "in", "a", first)
    put(tmp_path / "in", "b", cut(first, 0.2))
    put(tmp_path / "in", "c", other)
    run(tmp_path / "idx", tmp_path / "in")

    assert groups(tmp_path / "idx") == {"a": "a", "b": "a", "c": None}


def test_a_first_run_leaves_no_deleted_article_to_count_in_scores(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "a", seeds[0].text)
    put(tmp_path / "in", "b", cut(seeds[0].text, 0.2))
    run(tmp_path / "idx", tmp_path / "in")

    assert whoosh.index.open_dir(str(tmp_path / "idx")).doc_count_all() == 2


def test_a_run_has_what_it_brought_where_there_is_no_room_to_compact(
    seeds: list[Article], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> ColumnarSegment:
        raise OSError(errno.ENOSPC, "No space left on device")

    put(tmp_path / "in", "a", seeds[0].text)
    put(tmp_path / "in", "c", seeds[3].text)
    run(tmp_path / "idx", tmp_path / "in")
    put(tmp_path / "in", "a", seeds[1].text)
    put(tmp_path / "in", "b", seeds[2].text)
    monkeypatch.setattr(LocalWriter, "_together", full)
    report = run(tmp_path / "idx", tmp_path / "in")

    assert (report.added, report.updated, report.generation) == (1, 1, 2)
    assert "No space left" in report.skipped[0].reason
    assert groups(tmp_path / "idx").keys() == {"a", "b", "c"}


def test_a_copy_that_comes_later_joins_what_is_in_the_index(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "m", seeds[0].text)
    run(tmp_path / "idx", tmp_path / "in")
    assert groups(tmp_path / "idx") == {"m": None}
    put(tmp_path / "in", "a", cut(seeds[0].text, 0.1))
    assert run(tmp_path / "idx", tmp_path / "in").added == 1

    assert groups(tmp_path / "idx") == {"m": "m", "a": "m"}
    assert run(tmp_path / "idx", tmp_path / "in").unchanged == 2


def test_the_first_of_a_group_keeps_the_names_that_the_authority_hides(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "a", f"{seeds[0].text} Harold Wilson said so.")
    run(tmp_path / "idx", tmp_path / "in")
    with search.writer(tmp_path / "idx") as writer:
        writer.set_authority(block(writer.authority(), "person", "Harold Wilson", "2026-01-01"))
    put(tmp_path / "in", "b", cut(seeds[0].text, 0.1))
    run(tmp_path / "idx", tmp_path / "in")
    assert groups(tmp_path / "idx") == {"a": "a", "b": "a"}
    with search.writer(tmp_path / "idx") as writer:
        writer.set_authority(undo(writer.authority())[0])

    assert "Harold Wilson" in search.open(tmp_path / "idx").article("a").person


def test_groups_outlive_a_lost_ledger(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "a", seeds[0].text)
    run(tmp_path / "idx", tmp_path / "in")
    (tmp_path / "idx" / "ingest.sqlite").unlink()
    put(tmp_path / "in", "b", cut(seeds[0].text, 0.1))
    report = run(tmp_path / "idx", tmp_path / "in")

    assert (report.added, report.unchanged) == (1, 1)
    assert groups(tmp_path / "idx") == {"a": "a", "b": "a"}


def test_an_article_that_changes_altogether_leaves_its_group(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "a", seeds[0].text)
    put(tmp_path / "in", "b", seeds[0].text)
    run(tmp_path / "idx", tmp_path / "in")
    put(tmp_path / "in", "b", seeds[1].text)
    run(tmp_path / "idx", tmp_path / "in")

    assert groups(tmp_path / "idx")["b"] is None
