"""The local engine against the oracle, on archives and questions made up by hypothesis."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, Filter, Query
from search.engine import Engine, Writer, article_count
from search.fields import BY_NAME, FACET_NAMES
from search.measures.comparison import Comparing
from search.measures.cooccurrence import MEASURES, Pairing
from search.measures.cross_table import DIMENSIONS, SPANS, Crossing
from search.measures.keyness import REPRESENTATIONS, SPECIAL_FIELDS, Contrast
from search.names.vocabulary import vocabulary
from search.values.query import (
    DENOMINATORS,
    HIT_FIELDS,
    INTERVALS,
    MATCHES,
    RANKS,
    SORTS,
    VALUE_SORTS,
    Grouping,
    Listing,
)
from tests.plain_engine import PlainEngine
from tests.search import strategies
from tests.tiers import examples

WORDS = st.sampled_from([
    "oil", "gas", "trade", "trading", "talks", "talk", "wall", "Berlin", "été", "naïve", "U.S.", "cease-fire", "中国",
    "the", "of", "or",
])  # fmt: skip
NAMES = st.sampled_from(["Ann Lee", "ann lee", "Änn Lee", "Bo", "Cy Young", "Zoë"])
COUNTRIES = st.sampled_from(["CN", "US", "DE", "SUHH", "XX"])
TOPICS = st.sampled_from(
    ["medtop:11000000", "medtop:04000000", "medtop:15000000", "medtop:20000822", "medtop:20001065"]
)
DATES = st.sampled_from([None, "1989", "1989-11", "1989-11-09", "1991-02-28", "2000-02-29", "2001-01-01"])
MOMENTS = st.sampled_from([
    "1989-11-09T00:00:00Z", "1989-11-09T18:57", "1989-11-09 18:57:01.5+01:00", "1989-11-09T23:30:00-0500",
    "1989-11-09T24:00", "1989-11-10T00:30+05", "2001-01-01T00:00:00+14:00",
])  # fmt: skip
STAMPS = st.sampled_from([None, "2026-11-25T23:59:59Z", "2026-11-26T00:00:00Z", "2026-11-26T02:13:01Z"])
ADDED = st.sampled_from([
    (None, None), (None, None), ("2026-11-26", None), (None, "2026-11-25"), ("2026", "2026"),
    ("2026-11-26T00:00:00Z", None), ("2026-11-26T00:00:01Z", "2026-11-26T02:13:01Z"), (None, "2026-11-25T23:59:59Z"),
])  # fmt: skip
RANGES = st.tuples(DATES, DATES).map(strategies.in_order)
SOURCES = st.sampled_from([None, "Wire", "WIRE", "Gazette"])


LISTS = {"some": ["a1", "a3", "a4", "a7", "a9", "gone"], "nothing": []}
"""The lists of each archive; an article that is not there may be on one."""


def oracle(batch: Iterable[Article] = ()) -> PlainEngine:
    """The oracle of an archive."""
    plain = PlainEngine(batch)
    plain.archive.lists = LISTS
    return plain


@contextmanager
def indexed(*batches: list[Article]) -> Iterator[Engine]:
    """An engine over an index that got these batches, one commit each; every other one comes prepared."""
    with tempfile.TemporaryDirectory() as folder:
        for number, batch in enumerate(batches):
            with search.writer(Path(folder) / "idx") as writer:
                if number % 2:
                    add_prepared(writer, batch)
                else:
                    for article in batch:
                        writer.add(article)
        with search.open(Path(folder) / "idx", lists=LISTS.__getitem__) as engine:
            yield engine


def add_prepared(writer: Writer, batch: list[Article]) -> None:
    """Add articles as two other processes would prepare them, in turn."""
    with writer.preparing() as preparer:
        preparers = [preparer() for _ in range(2)]
        for number, at in enumerate(range(0, len(batch), 3)):
            some = batch[at : at + 3]
            prepared = preparers[number % 2]([replace(article, group=None) for article in some])
            writer.add_prepared(prepared, [article.group for article in some])


def unique(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


texts = strategies.sentences_of(WORDS, 12)
plain_articles = st.builds(
    Article,
    id=st.sampled_from([f"a{n}" for n in range(12)]),
    text=texts,
    title=st.lists(WORDS, max_size=3).map(" ".join),
    published=DATES | MOMENTS,
    added=STAMPS,
    changed=STAMPS,
    source=SOURCES,
    language=strategies.LANGUAGES,
    person=unique(NAMES),
    country=unique(COUNTRIES),
    topic=unique(TOPICS),
    author=unique(NAMES),
    group=st.sampled_from([None, None, "g1", "g2"]),
    url=st.none() | st.sampled_from(strategies.ADDRESSES).map("http://www.{}".format),
    collection=st.sampled_from(["", "one", "two"]),
    mentioned=unique(st.sampled_from(["1989", "1989-11", "1989-11-09", "2000-02-29"])),
    scan=st.sampled_from(strategies.SCANS),
    quality=st.sampled_from([None, 0.0, 0.29, 0.7, 1.0]),
    known=st.sampled_from([None, 0.0, 0.58, 1.0]),
)
ranges = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 12), st.sampled_from([True, False, False])), max_size=8)
articles = st.builds(strategies.with_main, plain_articles, st.lists(st.booleans(), min_size=3, max_size=3), ranges)
ASKED_COUNTRIES = st.sampled_from(["CN", "US", "DE", "SUHH", "FR", "China", "ussr"])
ASKED = {
    "person": NAMES | COUNTRIES,
    "author": NAMES,
    "country": ASKED_COUNTRIES,
    "topic": TOPICS | st.just("Sport"),
    "source": NAMES | st.just("Wire"),
    "language": st.sampled_from(["en", "fr", "de", "French"]),
}
"""What is asked for in each field; an archive may have values that are in no vocabulary, a question has none."""


def filters(values: st.SearchStrategy[str]) -> st.SearchStrategy[Filter]:
    return st.builds(lambda a, b, c, m: Filter(a, b, c, m), *[unique(values)] * 3, st.booleans())


published = DATES.filter(bool).map(str)
query_texts = strategies.query_texts(
    strategies.leaf_texts(WORDS)
    | st.sampled_from(["the oil", "who of trade", "talks or gas", "person:cy young", 'person:"Cy Yong"', "title:-oil"])
    | strategies.condition_texts(NAMES, COUNTRIES, TOPICS, SOURCES.filter(bool).map(str), published)
    | strategies.together_texts(WORDS | NAMES.map('person:"{}"'.format) | COUNTRIES.map("country:{}".format))
)
queries = st.builds(
    lambda days, added, **rest: Query(
        date_from=days[0], date_to=days[1], added_from=added[0], added_to=added[1], **rest
    ),
    text=st.just("") | query_texts | st.lists(WORDS, min_size=3, max_size=6).map(" ".join),
    filters=st.permutations(list(ASKED)).flatmap(
        lambda names: st.fixed_dictionaries({}, optional={name: filters(ASKED[name]) for name in names[:2]})
    ),
    days=RANGES,
    added=ADDED,
    scan=st.sampled_from([False, False, True]),
    quality_from=st.sampled_from([None, None, None, "0", "0.3", "0.7", "1"]),
    quality_missing=st.sampled_from([False, False, True]),
    known_from=st.sampled_from([None, None, None, "0", "0.58", "0.9"]),
    known_missing=st.sampled_from([False, False, True]),
    list=st.sampled_from([None, None, None, *LISTS]),
    country_main=st.booleans(),
    date_missing=st.booleans(),
    sort=st.sampled_from([None, *SORTS]),
    size=st.integers(0, 5),
    page=st.integers(1, 3),
    facets=st.just(("person", "country", "topic", "source", "section", "author", "language", "date")),
    facet_size=st.integers(0, 4),
    interval=st.sampled_from(INTERVALS),
    match=st.sampled_from(["all", "all", *MATCHES]),
    rank=st.sampled_from(RANKS),
    explain=st.booleans(),
    group=st.sampled_from([None, "story"]),
    fields=st.sampled_from([HIT_FIELDS, HIT_FIELDS, ("id", "group"), ("id", "title_marks")]),
    snippets=st.booleans(),
)
listings = st.builds(
    Listing,
    prefix=st.sampled_from(["", "", "", "a", "lee", "an le", "uni", "CÝ", "-"]),
    contains=st.sampled_from(["", "", "", "n", "ee", "nn e", "ÝP", "nit", "-", "x", "ni st", "polit"]),
    sort=st.sampled_from(VALUE_SORTS),
    offset=st.integers(0, 3),
    limit=st.integers(0, 4),
    parent=st.sampled_from([None, "medtop:15000000", "medtop:20000822"]),
)


few_or_more = st.sampled_from([0, 8])
"""Half of the archives have articles that questions find: hypothesis begins with small ones."""
batches = few_or_more.flatmap(lambda least: st.lists(articles, min_size=least, max_size=20))
different = few_or_more.flatmap(lambda least: st.lists(articles, min_size=least, max_size=16, unique_by=lambda a: a.id))
"""Without articles that replace others, which would still weigh in the statistics."""


@contextmanager
def compared(batch: list[Article]) -> Iterator[tuple[Engine, PlainEngine]]:
    """An engine over an index that got the articles in two commits, and their oracle."""
    half = len(batch) // 2
    with indexed(batch[:half], batch[half:]) as engine:
        yield engine, oracle(batch)


@examples(60, few=15)
@given(batches, st.lists(queries, min_size=1, max_size=8))
def test_local_engine_answers_as_the_oracle(batch: list[Article], asked: list[Query]) -> None:
    with compared(batch) as (engine, plain):
        replaced = article_count(plain) < len(batch)
        for query, sort in zip(asked, cycle(SORTS), strict=False):
            expected, answered = plain.search(query), engine.search(query)
            assert answered.total == expected.total
            assert answered.facets == expected.facets
            assert answered.query == expected.query
            assert answered.did_you_mean == expected.did_you_mean
            if not (replaced and query.order == "relevance"):  # replaced articles still weigh in the statistics
                assert [hit.article for hit in answered.hits] == [hit.article for hit in expected.hits]
                assert [hit.snippets for hit in answered.hits] == [hit.snippets for hit in expected.hits]
                assert [hit.title_marks for hit in answered.hits] == [hit.title_marks for hit in expected.hits]
            if not replaced:
                for mine, theirs in zip(answered.hits, expected.hits, strict=True):
                    assert (mine.score is None) == (theirs.score is None)
                    assert abs((mine.score or 0) - (theirs.score or 0)) < 1e-5
                    assert not mine.scored or abs((mine.score or 0) - sum(one.score for one in mine.scored)) < 1e-3
                    assert {(one.term, one.expansion) for one in mine.scored} == {
                        (one.term, one.expansion) for one in theirs.scored
                    }
            if not (replaced and sort == "relevance"):
                assert list(engine.export(query, sort=sort)) == list(plain.export(query, sort=sort))
        some = [f"a{number}" for number in range(0, 12, 2)]
        for among in (None, some):
            assert engine.matching(asked, among) == plain.matching(asked, among)


@examples(40, few=12)
@given(different, queries, st.lists(listings, min_size=1, max_size=6))
def test_lists_trends_and_completions_are_those_of_the_oracle(
    batch: list[Article], query: Query, listed: list[Listing]
) -> None:
    with compared(batch) as (engine, plain):
        for listing in listed:
            for name in query.facets:
                asked = listing if name == "topic" else replace(listing, parent=None)
                assert engine.facet(query, name, asked) == plain.facet(query, name, asked)
            assert engine.suggest(listing.prefix, 5) == plain.suggest(listing.prefix, 5)
        for denominator in DENOMINATORS:
            assert engine.trend(query, denominator) == plain.trend(query, denominator)


contrasts = st.builds(
    Contrast,
    field=st.sampled_from(SPECIAL_FIELDS) | st.just("words"),
    against=st.sampled_from(DENOMINATORS),
    sort=st.sampled_from(REPRESENTATIONS),
    limit=st.integers(1, 6),
    than=st.none() | queries.map(lambda query: query.text),
)
pairings = st.builds(
    Pairing,
    fields=st.tuples(*[st.sampled_from(["person", "country", "topic", "author", "source"])] * 2),
    measure=st.sampled_from(MEASURES),
    min=st.integers(1, 3),
    limit=st.integers(0, 6) | st.just(1000),
)
crossings = st.builds(
    lambda facet, other, limit: Crossing(tuple(dict.fromkeys((facet, *other))), limit),
    st.sampled_from(FACET_NAMES),
    st.lists(st.sampled_from(DIMENSIONS), max_size=1),
    st.integers(1, 4) | st.just(1000),
) | st.builds(lambda span, facet: Crossing((span, facet)), st.sampled_from(SPANS), st.sampled_from(FACET_NAMES))


@examples(60, few=15)
@given(
    batches, queries, *(st.lists(each, min_size=1, max_size=6) for each in (contrasts, pairings, crossings))
)  # fmt: skip
def test_what_is_special_pairs_and_cross_tables_are_those_of_the_oracle(
    batch: list[Article], query: Query, special: list[Contrast], paired: list[Pairing], crossed: list[Crossing]
) -> None:
    with compared(batch) as (engine, plain):
        for contrast in special:
            assert engine.special(query, contrast) == plain.special(query, contrast)
        for pairing in paired:
            assert engine.pairs(query, pairing) == plain.pairs(query, pairing)
        for crossing in crossed:
            assert engine.cross(query, crossing) == plain.cross(query, crossing)


comparings = st.builds(
    Comparing,
    interval=st.sampled_from(INTERVALS),
    denominator=st.sampled_from(DENOMINATORS),
    fields=st.lists(st.sampled_from(FACET_NAMES), max_size=4, unique=True).map(tuple),
    limit=st.integers(0, 4) | st.just(1000),
)


@examples(60, few=15)
@given(batches, st.lists(queries, min_size=1, max_size=5), comparings, st.booleans(), st.booleans())
def test_a_comparison_is_that_of_the_oracle(
    batch: list[Article], asked: list[Query], comparing: Comparing, common: bool, stories: bool
) -> None:
    group: Grouping | None = "story" if stories else None
    alike = [replace(query, group=group, country_main=asked[0].country_main) for query in asked]
    if common:
        alike = [replace(alike[0], text=query.text) for query in alike]
    with compared(batch) as (engine, plain):
        found = engine.compare(alike, comparing)
        assert found == plain.compare(alike, comparing)
        assert [query.total for query in found.queries] == list(engine.totals(alike))
        if common:
            trends = [engine.trend(replace(q, interval=comparing.interval), comparing.denominator) for q in alike]
            assert [[b.count for b in trend.buckets] for trend in trends] == [
                [moment.counts[number] for moment in found.buckets] for number in range(len(alike))
            ]
            assert [b.of for b in trends[0].buckets] == [moment.of for moment in found.buckets]


@examples(40, few=10)
@given(batches)
def test_names_under_a_value_are_those_of_the_oracle(batch: list[Article]) -> None:
    with compared(batch) as (engine, plain):
        for field in ("person", "country", "source"):
            for one in (*engine.facet(Query(), field, Listing(limit=100)).values, None):  # type: ignore[union-attr]
                value = one.value if one is not None else "Nobody"
                assert engine.names(field, value) == plain.names(field, value)
                for names in ((value,), ("ann lee", value), ("Änn Lee", "Bo", "DE", "wire"), ()):
                    assert engine.listing(field, names) == plain.listing(field, names)
                assert (one is not None) == any(listed.name == value for listed in engine.names(field, value))


@examples(30, few=10)
@given(different.filter(bool), queries)
def test_what_is_similar_is_what_the_oracle_finds(batch: list[Article], query: Query) -> None:
    with compared(batch) as (engine, plain):
        for article in batch:
            found, expected = engine.similar(article.id, query), plain.similar(article.id, query)
            assert [hit.article.id for hit in found.hits] == [hit.article.id for hit in expected.hits]
            assert (found.total, found.facets, found.query) == (expected.total, expected.facets, expected.query)
            assert engine.copies(article.id) == plain.copies(article.id)
        assert engine.marked(batch, query.text) == plain.marked(batch, query.text)


@examples(40, few=12)
@given(different, queries, ASKED_COUNTRIES)
def test_totals_facets_and_pages_agree_with_each_other(batch: list[Article], query: Query, country: str) -> None:
    with indexed(batch) as engine:
        check_narrowing(engine, replace(query, facet_size=1000), country)
        check_selecting(engine, replace(query, facet_size=1000))
        check_walking(engine, replace(query, size=2, page=1, facets=()))


def check_narrowing(engine: Engine, query: Query, country: str) -> None:
    """One more filter raises no count of another facet."""
    query = replace(query, filters={n: f for n, f in query.filters.items() if n != "country"})
    narrowed = replace(query, filters={**query.filters, "country": Filter(any=(country,))})
    before, after = engine.search(query), engine.search(narrowed)
    assert after.total <= before.total
    for name in ("person", "topic", "source", "language"):
        wide, slim = before.values(name), after.values(name)
        counts = {entry.value: entry.count for entry in wide.values}
        assert all(entry.count <= counts[entry.value] for entry in slim.values)
        assert slim.missing <= wide.missing


def check_selecting(engine: Engine, query: Query) -> None:
    """A value that is selected alone gives the total that it showed."""
    for name, facet in engine.search(query).facets.items():
        if isinstance(facet, search.ValueFacet):
            for entry in facet.values:
                if askable(name, entry.value):
                    kept = query.filter(name)
                    chosen = Filter(any=(entry.value,), all=kept.all, none=kept.none)
                    narrowed = replace(query, filters={**query.filters, name: chosen})
                    assert engine.search(narrowed).total == entry.count, (name, entry)


def askable(name: str, value: str) -> bool:
    """Whether a question may name a value: a program may have written a code that is in no vocabulary."""
    known = BY_NAME[name].vocabulary
    return known is None or vocabulary(known).find(value) is not None


def check_walking(engine: Engine, query: Query) -> None:
    """Going on by cursors finds the rows of the export once."""
    exported = sorted(article.id for article in engine.export(query))
    seen: list[str] = []
    while True:
        answer = engine.search(query)
        seen += [hit.article.id for hit in answer.hits]
        assert answer.total == len(exported)
        if answer.cursor is None:
            break
        query = replace(query, cursor=answer.cursor)
    if not query.group:
        assert sorted(seen) == exported
    assert len(seen) == len(set(seen)) == len(exported)


STEMMED = st.sampled_from(["plane", "planes", "plan", "plans", "news", "new", "policies", "police", "women", "woman"])
SPOKEN = st.sampled_from([None, "en", "fr", "de", "es", "nb", "zh"])
spoken = st.builds(
    Article,
    id=st.uuids().map(str),
    text=st.lists(STEMMED, max_size=6).map(" ".join),
    title=st.lists(STEMMED, max_size=2).map(" ".join),
    language=SPOKEN,
)
inflected = (
    STEMMED
    | st.builds('"{} {}"'.format, STEMMED, STEMMED)
    | st.builds('"{} {}"~{}'.format, STEMMED, STEMMED, st.integers(0, 3))
)


@examples(30, few=8)
@given(
    st.lists(spoken, max_size=8, unique_by=lambda a: a.id),
    st.lists(spoken, min_size=1, max_size=4, unique_by=lambda a: a.id),
    st.lists(inflected, min_size=1, max_size=6),
    SPOKEN,
)
def test_articles_in_one_language_never_change_what_is_found_in_others(
    batch: list[Article], added: list[Article], asked: list[str], language: str | None
) -> None:
    added = [replace(article, language=language) for article in added]

    def found(engine: Engine, text: str) -> set[str]:
        articles = engine.export(Query(text))
        return {a.id for a in articles if (a.language or "en") != (language or "en")}

    with indexed(batch) as before, indexed(batch, added) as after:
        for text in asked:
            assert found(after, text) == found(before, text)


@examples(30, few=10)
@given(different, st.lists(queries, max_size=4))
def test_outlines_are_those_of_the_oracle(batch: list[Article], asked: list[Query]) -> None:
    with compared(batch) as (engine, plain):
        assert engine.outlines(asked) == plain.outlines(asked)
