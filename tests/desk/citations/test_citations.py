"""Citations: the hash over a result, what came, went and changed since, and what is stored of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.json import encode
from sqlalchemy import update

import search
from desk.citations.changes import between
from desk.citations.citation import Citation
from desk.citations.result import CONTENT, Entry, entry, entry_of_record, hash_of, ordered
from desk.citations.store import CitationGone, CitationMissing, Store
from desk.store.tables import CITED
from desk.store.where import FILE
from indexer.withheld.purge import purge
from search import Article
from search.errors import BadRecord, IndexDamaged
from search.files import backup_list
from search.local.safe import backup, restoring
from search.local.safe import verify as checking
from service.commands import side_files
from service.formats import render
from tests import waiting
from tests.cases import cases


def always() -> bool:
    return True


def never() -> bool:
    return False


def digest(name: str) -> bytes:
    return sha256(name.encode()).digest()


def citation(*entries: Entry, asked: str = "q=oil", made: str = "2026-11-27T02:00:00Z") -> Citation:
    found = ordered(entries)
    return Citation("", asked, 1, made, len(found), hash_of(found), "night desk", found)


def stored(store: Store, one: Citation) -> Citation:
    found = store.add(one, always)
    assert found is not None
    return found


articles = st.builds(
    Article,
    id=st.text("abc", min_size=1, max_size=3),
    text=st.text(max_size=20),
    title=st.text(max_size=5),
    published=st.sampled_from([None, "1998", "1998-05-17T10:00:00+02:00"]),
    source=st.none() | st.text(max_size=5),
    url=st.none() | st.text(max_size=5),
    extra=st.sampled_from([{}, {"version": 3}, {"version": "3"}]),
)


@given(st.lists(articles, unique_by=lambda one: one.id))
def test_the_hash_is_that_of_the_definition(found: list[Article]) -> None:
    """Computed by the standard library alone, from what an export has."""
    records = [json.loads(encode(render.record(one))) for one in found]
    lines = [
        f"{r['id']} "
        + sha256(
            json.dumps([r[name] for name in CONTENT], ensure_ascii=False, separators=(",", ":")).encode()
        ).hexdigest()
        for r in sorted(records, key=lambda r: r["id"])
    ]
    expected = "sha256:" + sha256("".join(line + "\n" for line in lines).encode()).hexdigest()

    assert hash_of(ordered(map(entry, found))) == expected
    assert [entry_of_record(record, 1) for record in records] == [entry(one) for one in found]


@cases("name", CONTENT)
def test_a_change_of_any_field_of_the_content_is_a_change(name: str) -> None:
    before = Article("a", "Text.", "Title")

    after: dict[str, Any] = {name: "1998"}

    assert entry(replace(before, **after)).content != entry(before).content


def test_what_enrichment_finds_is_no_change() -> None:
    before = Article("a", "Text.", "Title")
    after = replace(before, person=("Ann",), country=("DE",), language="en", group="g", digest="x", changed="2026")

    assert entry(after).content == entry(before).content


@cases("record, said", [
    ([], "not an object"),
    ({}, "no id"),
    ({"id": "a b", "title": "", "text": ""}, "no id"),
    ({"id": "a", "title": 1, "text": ""}, "title is not text"),
    ({"id": "a", "text": ""}, "no title or no text"),
])  # fmt: skip
def test_what_is_no_article_of_an_export_is_refused(record: Any, said: str) -> None:
    with pytest.raises(BadRecord, match=said):
        entry_of_record(record, 1)


results = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("xyz"), max_size=8).map(
    lambda found: ordered(Entry(name, digest(content)) for name, content in found.items())
)


@given(results, results)
def test_changes_are_those_of_the_naive_comparison(then: tuple[Entry, ...], now: tuple[Entry, ...]) -> None:
    found = between(then, now)
    before, after = {e.id: e for e in then}, {e.id: e for e in now}

    assert [each.id for each in found.came] == sorted(after.keys() - before.keys())
    assert [each.id for each in found.went] == sorted(before.keys() - after.keys())
    both = sorted(before.keys() & after.keys())
    assert [each.now.id for each in found.changed] == [n for n in both if before[n].content != after[n].content]
    assert found.same == sum(before[n].content == after[n].content for n in both)
    assert found.none == (hash_of(then) == hash_of(now))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as opened:
        yield opened


@given(results, st.integers(0, 3))
def test_a_citation_is_read_as_it_was_stored(
    tmp_path_factory: pytest.TempPathFactory, found: tuple[Entry, ...], version: int
) -> None:
    with Store(tmp_path_factory.mktemp("kept")) as store:
        versioned = [each._replace(version=version or None) for each in found]
        one = stored(store, citation(*versioned))

        assert store.get(one.id) == one
        assert list(store.all()) == [one]
        assert store.listed() == (replace(one, entries=None),)


def test_what_is_not_current_is_not_stored(store: Store) -> None:
    assert store.add(citation(Entry("a", digest("x"))), never) is None
    assert store.listed() == ()


def test_there_is_no_such_citation(store: Store) -> None:
    with pytest.raises(CitationMissing, match="There is no citation “x”"):
        store.get("x")


def test_erased_articles_are_counted_and_others_stay(store: Store) -> None:
    a, b, c = (Entry(name, digest(name), number) for number, name in enumerate("abc"))
    one, other = stored(store, citation(a, b, c)), stored(store, citation(c, asked="q=tin"))

    assert store.erase(["a", "b", "x"]) == {"a", "b"}
    assert store.get(one.id) == replace(one, entries=(c,), purged=2)
    assert store.get(other.id) == other
    assert store.erase(["a"]) == frozenset()
    assert store.erase(["c"]) == {"c"}
    assert (store.get(one.id).entries, store.get(one.id).purged) == ((), 3)


def test_a_question_that_asks_for_an_erased_article_goes_too(store: Store) -> None:
    gone = [stored(store, citation(asked=q)) for q in ("q=id%3Aa.1", "q=oil+OR+ID%3A%22a.1%22", "q=id%3A+a.1")]
    others = ("q=id%3Aa.12", "q=id%3Aax1", "q=a.1", "source=id%3Aa.1")
    kept = [stored(store, citation(asked=asked)) for asked in others]
    store.erase(["a.1"])

    for one in gone:
        with pytest.raises(CitationGone, match="taken down"):
            store.get(one.id)
    assert [store.get(one.id) for one in kept] == kept


def test_an_index_has_one_secret_for_all_its_processes(tmp_path: Path) -> None:
    with Store(tmp_path) as one, Store(tmp_path) as other:
        assert len(one.secrets()[0]) == 32
        assert one.secrets() == other.secrets()


def test_a_damaged_citation_is_noticed(store: Store) -> None:
    one = stored(store, citation(Entry("a", digest("a"))))
    with store.transaction():
        store._run(update(CITED).values(contents=digest("b")))

    with pytest.raises(IndexDamaged, match="not as written"):
        store.get(one.id)


def made(place: Path) -> Path:
    with search.writer(place) as writer:
        writer.add(Article("a", "oil"))
        writer.add(Article("b", "oil"))
    return place


def test_citations_are_in_a_backup_and_the_newer_ones_outlive_it(tmp_path: Path) -> None:
    place = made(tmp_path / "idx")
    a, b = Entry("a", digest("a")), Entry("b", digest("b"))
    with Store(place) as store:
        first, secret = stored(store, citation(a, b)), store.secrets()
    backup.create(place, tmp_path / "backup")
    with search.writer(place) as writer:
        purge(writer, place, ["b"])
    with Store(place) as store:
        second = stored(store, citation(a, asked="q=tin"))
    replaced = restoring.replace(tmp_path / "backup", place, side_files.RULES)

    assert "1 newer citation" in replaced.retained
    with Store(place) as store:
        assert {each.id for each in store.all()} == {first.id, second.id}
        assert store.get(first.id).entries == (a,)
        assert store.secrets() == secret
    checking.verified(place)


def test_a_purge_reaches_the_citations_of_a_backup(tmp_path: Path) -> None:
    place = made(tmp_path / "idx")
    with Store(place) as store:
        one = stored(store, citation(Entry("a", digest("a")), Entry("b-secret", digest("b"))))
    backup.create(place, tmp_path / "backup")
    backup_list.add(place, tmp_path / "backup")
    with search.writer(place) as writer:
        purge(writer, place, ["b-secret"])

    with Store(tmp_path / "backup") as store:
        assert store.get(one.id).purged == 1
    assert b"b-secret" not in (tmp_path / "backup" / FILE).read_bytes()


def test_comparing_is_linear() -> None:
    def compared(size: int) -> Callable[[], object]:
        then = ordered(Entry(f"a{number}", digest("x")) for number in range(size))
        now = ordered(Entry(f"a{number}", digest("x")) for number in range(size // 2, size + size // 2))
        return lambda: between(then, now)

    assert waiting.grows_less(24, compared, 5_000, 40_000)
