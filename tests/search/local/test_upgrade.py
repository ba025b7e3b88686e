"""An index of an earlier format is read as it is, and converted to what the current writer makes of its articles."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, IndexDamaged, IndexProblem, Query, backends
from search.errors import NeedsUpgrade
from search.files import sealed, takedowns
from search.local import converting
from search.local.format import manifest, steps
from search.local.format.layout import ENDINGS
from search.local.format.manifest import segment_name
from search.local.safe.catalog import Catalog
from search.local.safe.verify import verify
from search.local.writer import LocalWriter
from search.system.json import Json
from tests.released.answers import held
from tests.search.contract.archive import ARTICLES, COPIES, ids
from tests.search.indexes import written
from tests.search.local.aged import aged
from tests.search.test_properties import LISTS, articles, oracle, queries
from tests.tiers import examples

FORMATS = [*range(steps.OLDEST, steps.FORMAT)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index of two segments, with an article that was replaced and one that was removed."""
    made = written(tmp_path / "news.idx", *ARTICLES, *COPIES)
    written(made, replace(ARTICLES[0], text="Antony Blinken said they'll talk again.", meaning=b"\1" * 384))
    with search.writer(made) as writer:
        writer.delete("vingt")
    return made


def files(place: Path) -> list[list[bytes]]:
    """The bytes of the segments' files, segment by segment."""
    entries = Catalog(place).manifest().segments
    return [[(place / f"{segment_name(entry.id)}{ending}").read_bytes() for ending in ENDINGS] for entry in entries]


def generation(place: Path) -> int:
    return Catalog(place).generation


@pytest.mark.parametrize("version", FORMATS)
def test_an_earlier_format_answers_as_it_is(place: Path, version: int) -> None:
    def answers() -> list[object]:
        with search.open(place) as engine:
            asked = [engine.search(Query(text)) for text in ("talks", "title:trade", '"talks on trade"', "talk*", "")]
            return [(found.total, found.hits, found.facets) for found in asked]

    before = answers()
    aged(place, version)

    assert answers() == before
    assert verify(place).faults == ()


def test_format_11_says_that_it_knows_no_sentences(place: Path) -> None:
    with search.open(aged(place, 11)) as engine:
        with pytest.raises(IndexProblem, match="dateline upgrade"):
            engine.search(Query("talks /s beijing"))
        assert engine.search(Query("talks /3 trade")).total == 1


@examples(60, few=8)
@given(
    st.lists(articles, max_size=12, unique_by=lambda one: one.id),
    st.lists(articles, max_size=4, unique_by=lambda one: one.id), st.sampled_from(FORMATS), queries,
)  # fmt: skip
def test_a_converted_segment_is_byte_for_byte_what_its_articles_make_again(
    first: list[Article], second: list[Article], version: int, query: Query
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "idx"
        for batch in (first, second):
            written(place, *batch)
        replaced = {article.id for article in second}
        kept = [[article for article in first if article.id not in replaced], second]
        fresh = Path(folder) / "fresh"
        for batch in kept:
            written(fresh, *batch)
        if any(kept):
            aged(place, version)
            backends.upgrade(place)
        assert files(place) == files(fresh)
        with search.open(place, lists=LISTS.__getitem__) as engine:
            assert (
                engine.search(query).total == oracle(article for batch in kept for article in batch).search(query).total
            )


def test_what_is_converted_stays_when_it_is_stopped(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aged(place, 12)
    found, before = held(place), generation(place)
    real = converting.converted

    def stopped(*given: object) -> object:
        monkeypatch.setattr(converting, "converted", interrupted)
        return real(*given)  # type: ignore[arg-type]

    def interrupted(*given: object) -> object:
        real(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(converting, "converted", stopped)
    with pytest.raises(KeyboardInterrupt):
        backends.upgrade(place)
    assert [entry.format for entry in Catalog(place).manifest().segments] == [12, steps.FORMAT]
    assert generation(place) == before + 1
    assert (held(place), verify(place).left_over, verify(place).faults) == (found, (), ())
    monkeypatch.setattr(converting, "converted", real)
    done: list[tuple[int, int]] = []
    backends.upgrade(place, lambda *now: done.append(now))
    assert done[-1] == (8, 8)
    assert (held(place), backends.outdated(place)) == (found, None)


def test_readers_answer_from_the_old_generation_meanwhile(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aged(place, 13)
    real = converting.converted
    seen = []
    with search.open(place) as engine:
        before = engine.search(Query("talks", sort="newest"))
        seen.append(generation(place))

        def watched(*given: object) -> object:
            made = real(*given)  # type: ignore[arg-type]
            found = engine.search(Query("talks", sort="newest"))
            assert (found.total, [hit.article for hit in found.hits]) == (
                before.total, [hit.article for hit in before.hits]
            )  # fmt: skip
            seen.append(found.generation)
            return made

        monkeypatch.setattr(converting, "converted", watched)
        backends.upgrade(place)
        assert seen == [seen[0], seen[0], seen[0] + 1]
        assert engine.search(Query("talks", sort="newest")).total == before.total


def test_a_list_that_is_followed_goes_on_in_the_old_generation(place: Path) -> None:
    aged(place, 13)
    with search.open(place) as engine:
        first = engine.search(Query(sort="newest", size=2))
        backends.upgrade(place)
        rest = engine.search(Query(sort="newest", size=20, cursor=first.cursor))
        assert rest.generation == first.generation
        assert {hit.article.id for hit in (*first.hits, *rest.hits)} == {article.id for article in held(place)}


@pytest.mark.parametrize("change", [
    lambda writer: writer.add(Article("new", "New talks.")), lambda writer: writer.delete("talks"),
    lambda writer: writer.block("talks"), lambda writer: writer.set_authority(writer.authority()),
    lambda writer: writer.compact(1), lambda writer: writer.purge(["talks"]),
], ids=["add", "delete", "block", "authority", "compact", "purge"])  # fmt: skip
def test_the_first_change_converts(place: Path, change: object) -> None:
    aged(place, 13)
    with search.writer(place) as writer:
        assert callable(change)
        change(writer)
    assert backends.outdated(place) is None
    assert verify(place).faults == ()


def test_a_writer_that_changes_nothing_converts_nothing(place: Path) -> None:
    before = generation(aged(place, 13))
    with search.writer(place) as writer:
        assert writer.digests(["talks"]).keys() == {"talks"}
        assert writer.stored("talks") is not None
    assert generation(place) == before


def test_what_others_ask_to_be_taken_down_meanwhile_is_before_the_next_segment(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(place, 13)
    real = converting.converted
    sizes = []

    def asked(*given: object) -> object:
        made = real(*given)  # type: ignore[arg-type]
        sizes.append(len(held(place)))
        if len(sizes) == 1:
            takedowns.ask(place, frozenset({"wall"}))
        return made

    monkeypatch.setattr(converting, "converted", asked)
    backends.upgrade(place)
    assert sizes == [9, 8]
    assert "wall" not in {article.id for article in held(place)}


def test_a_segment_that_needs_more_memory_than_a_batch_becomes_several(place: Path) -> None:
    found = held(aged(place, 13))
    with LocalWriter(place, memory_bytes=1) as writer:
        writer.upgrade()
    assert held(place) == found
    assert len(Catalog(place).manifest().segments) == len(found)
    assert backends.outdated(place) is None


def test_a_damaged_segment_is_not_converted(place: Path) -> None:
    name = aged(place, 13).glob("*.sto").__next__()
    data = bytearray(name.read_bytes())
    data[64] ^= 1
    name.write_bytes(data)
    before = generation(place)
    with pytest.raises(IndexDamaged, match=name.stem):
        backends.upgrade(place)
    assert generation(place) <= before + 1


def test_a_mixed_index_is_read_and_finished(place: Path) -> None:
    with search.open(place) as engine:
        before = ids(engine, "talk*")
    aged(place, 13, slice(0, 1))
    with search.open(place) as engine:
        assert ids(engine, "talk*") == before
    found = backends.outdated(place)
    assert found is not None
    assert (found.format, found.current, found.articles) == (13, steps.FORMAT, 8)
    backends.upgrade(place)
    assert backends.outdated(place) is None


def test_only_the_manifest_of_an_index_without_articles_is_written_anew(tmp_path: Path) -> None:
    place = aged(written(tmp_path / "none.idx"), 15)
    found = backends.outdated(place)
    assert found is not None
    assert found.articles == 0
    backends.upgrade(place)
    assert (held(place), backends.outdated(place)) == ([], None)


@pytest.mark.parametrize("version", range(steps.OLDEST, 18))
def test_an_earlier_format_says_that_it_does_not_know_what_later_ones_measure(place: Path, version: int) -> None:
    unknown = [
        Query(known_from="0"),
        *([Query(quality_missing=True)] if version < 17 else []),
        *([Query(scan=True)] if version < 16 else []),
    ]
    aged(place, version)
    for query in unknown:
        with search.open(place) as engine, pytest.raises(NeedsUpgrade, match="dateline upgrade") as raised:
            engine.search(query)
        assert raised.value.sentence.endswith("Those who run this archive can convert it.")
    backends.upgrade(place)
    with search.open(place) as engine:
        assert all(engine.search(query).total in (0, engine.stats().articles) for query in unknown)


def test_a_later_format_and_one_too_old_say_what_to_do(place: Path) -> None:
    path = manifest.path_of(place, generation(place))
    content = cast(Json, sealed.read(path))
    for version, said in ((steps.FORMAT + 1, "a later version of Dateline"), (10, "Rebuild the index")):
        sealed.write(path, content | {"format": version})
        for use in (search.open, search.writer, backends.upgrade, backends.outdated):
            with pytest.raises(IndexProblem, match=said):
                use(place)


def test_a_segment_of_a_later_format_than_its_manifest_is_damage(place: Path) -> None:
    path = manifest.path_of(place, generation(place))
    content = cast(Json, sealed.read(path))
    content["segments"][0]["format"] = random.Random(1).choice([steps.FORMAT + 1, 3, None, "x"])
    sealed.write(path, content)
    with pytest.raises(IndexDamaged):
        search.open(place)
