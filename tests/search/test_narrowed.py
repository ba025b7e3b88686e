"""An engine narrowed by rules against the oracle of the articles that they allow, and no others."""

from __future__ import annotations

from datetime import date
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, ArticleMissing, BadQuery, Query
from search.engine import article_count
from search.names.authority import KINDS, Authority, Entry
from search.seen import seen
from search.values.query import DENOMINATORS, SORTS, Listing
from search.values.rights import TIERS, Extent, Narrowing, Sight, Tier, sight
from tests.cases import cases
from tests.search import test_properties as made_up
from tests.search.indexes import written
from tests.search.test_properties import compared, oracle
from tests.tiers import examples

days = st.sampled_from([None, None, date(1989, 11, 9), date(1990, 1, 1), date(2000, 2, 29)])
extents = st.builds(
    Extent,
    collection=st.sampled_from([(), (), ("one",), ("",), ("one", "two")]),
    source=st.sampled_from([(), (), ("wire",), ("Gazette", "none")]),
    language=st.sampled_from([(), (), ("en",), ("FR",)]),
    first=days,
    last=days,
)
narrowings = st.lists(st.tuples(extents, st.booleans()), max_size=4).map(lambda rules: Narrowing(tuple(rules)))


@examples(60, few=15)
@given(made_up.batches, st.lists(made_up.queries, min_size=1, max_size=5), st.lists(narrowings, min_size=1, max_size=3))
def test_an_engine_narrowed_again_and_again_answers_as_the_oracle_of_what_is_left(
    batch: list[Article], asked: list[Query], narrowed: list[Narrowing]
) -> None:
    with compared(batch) as (whole, everything):
        engine, plain = whole, everything
        for narrowing in narrowed:
            engine, plain = engine.narrowed(narrowing), plain.narrowed(narrowing)
        is_whole = not any(narrowing.rules for narrowing in narrowed)
        replaced = is_whole and article_count(plain) < len(batch)  # of these, too, only those that are left
        for query, sort in zip(asked, cycle(SORTS), strict=False):
            expected, answered = plain.search(query), engine.search(query)
            assert answered.total == expected.total
            assert answered.facets == expected.facets
            assert answered.query == expected.query
            assert answered.did_you_mean == expected.did_you_mean
            if not (replaced and query.order == "relevance"):
                assert [hit.article for hit in answered.hits] == [hit.article for hit in expected.hits]
                assert [hit.snippets for hit in answered.hits] == [hit.snippets for hit in expected.hits]
                assert [hit.group for hit in answered.hits] == [hit.group for hit in expected.hits]
            if not replaced:
                for mine, theirs in zip(answered.hits, expected.hits, strict=True):
                    assert abs((mine.score or 0) - (theirs.score or 0)) < 1e-5
                assert list(engine.export(query, sort=sort)) == list(plain.export(query, sort=sort))
                assert engine.frequencies(["oil", "talks"]) == plain.frequencies(["oil", "talks"])
            for denominator in DENOMINATORS:
                assert engine.trend(query, denominator) == plain.trend(query, denominator)
        assert engine.matching(asked) == plain.matching(asked)
        assert engine.totals(asked) == plain.totals(asked)
        assert engine.outlines(asked) == plain.outlines(asked)


@examples(40, few=12)
@given(
    made_up.batches,
    made_up.queries,
    narrowings,
    made_up.listings,
    *(st.lists(each, min_size=1, max_size=3) for each in (made_up.contrasts, made_up.pairings, made_up.crossings)),
)  # fmt: skip
def test_all_that_it_counts_is_of_what_is_left(batch, query, narrowing, listing, special, paired, crossed) -> None:  # type: ignore[no-untyped-def]
    with compared(batch) as (whole, everything):
        engine, plain = whole.narrowed(narrowing), everything.narrowed(narrowing)
        assert engine.suggest(listing.prefix, 5) == plain.suggest(listing.prefix, 5)
        for contrast in special:
            assert engine.special(query, contrast) == plain.special(query, contrast)
        for pairing in paired:
            assert engine.pairs(query, pairing) == plain.pairs(query, pairing)
        for crossing in crossed:
            assert engine.cross(query, crossing) == plain.cross(query, crossing)
        assert engine.compare([query]) == plain.compare([query])
        for field in ("person", "country", "source"):
            for one in engine.facet(Query(), field, Listing(limit=100)).values:  # type: ignore[union-attr]
                assert engine.names(field, one.value) == plain.names(field, one.value)
            assert engine.listing(field, ("Ann Lee", "Bo", "wire")) == plain.listing(field, ("Ann Lee", "Bo", "wire"))
        for article in {one.id: one for one in batch}:
            if article in plain.archive.held:
                assert engine.copies(article) == plain.copies(article)
                assert engine.article(article) == plain.article(article)
                continue
            with pytest.raises(ArticleMissing):
                engine.article(article)


@examples(40, few=10)
@given(made_up.batches, st.lists(st.tuples(extents, st.sampled_from(TIERS)), max_size=3), narrowings)
def test_what_a_reader_sees_can_be_narrowed(
    batch: list[Article], rules: list[tuple[Extent, Tier]], narrowing: Narrowing
) -> None:
    with compared(batch) as (whole, everything):
        left, reader = everything.narrowed(narrowing), sight(rules)
        shown = list(seen(whole, reader).narrowed(narrowing).export(Query()))
        expected = list(seen(left, reader).export(Query()))

        assert [one.id for one in shown] == [one.id for one in expected]
        assert [one.text for one in shown] == [one.text for one in expected]


def test_pages_are_followed_by_a_cursor_over_what_is_left(tmp_path: Path) -> None:
    articles = [Article(f"a{n}", "Talks.", published=f"2001-01-{n + 1:02}", source="AB"[n % 2]) for n in range(9)]
    with search.open(written(tmp_path / "idx", *articles)) as whole:
        engine = whole.narrowed(Narrowing(((Extent(source=("A",)), False),)))
        first = engine.search(Query("talks", sort="newest", size=3))
        written(tmp_path / "idx", Article("new", "Talks.", published="2002", source="B"))
        second = engine.search(Query("talks", sort="newest", size=3, cursor=first.cursor))

    assert [hit.id for hit in (*first.hits, *second.hits)] == ["a7", "a5", "a3", "a1"]


def test_a_prefix_is_refused_for_the_words_that_are_left_alone(tmp_path: Path) -> None:
    words = [" ".join(f"many{number}" for number in range(first, first + 600)) for first in (0, 500)]
    written(tmp_path / "idx", Article("a", words[0], source="A"), Article("other", "Other.", source="A"))
    written(tmp_path / "idx", Article("b", words[1], source="B"))
    with search.open(tmp_path / "idx") as whole:
        narrowed = [whole.narrowed(Narrowing(((Extent(source=(source,)), False),))) for source in ("B", "none")]

        assert narrowed[0].search(Query("many* /s many1")).total == 1
        for engine in (whole, narrowed[1]):
            with pytest.raises(BadQuery, match="more than 1,000 words"):
                engine.search(Query("many* /s many1"))


def test_a_removed_article_is_not_told_of(tmp_path: Path) -> None:
    place = written(tmp_path / "idx", Article("gone", "Talks.", source="A"), Article("here", "Talks.", source="B"))
    with search.writer(place) as writer:
        writer.delete("gone")
    with search.open(place) as whole:
        engine = whole.narrowed(Narrowing(((Extent(source=("A",)), False),)))

        assert engine.removals().removed == {}
        with pytest.raises(ArticleMissing) as refused:
            engine.article("gone")
    assert type(refused.value) is ArticleMissing


def test_decisions_about_names_that_are_not_left_are_not_known(tmp_path: Path) -> None:
    entries = [Entry("person", *pair) for pair in (("Ann Lee", "Quix"), ("Bo Ek", "Ann"), ("Cy Day", "Bo Ek"))]
    entries += [Entry("person", "Dee", action="block"), Entry("person", "", "Bob Day", action="split")]
    entries += [Entry("source", "Tide", "A"), Entry("topic", "Kerfuffle", "medtop:20000822")]
    named = ("Ann Lee", "Ann", "Quix", "Dee", "Day", "Bob Day")
    batch = [Article(f"a{n}", "Talks.", person=(name,), source="ABC"[n % 3]) for n, name in enumerate(named)]
    with search.writer(str(tmp_path / "idx")) as writer:
        for article in batch:
            writer.add(article)
        writer.set_authority(Authority(tuple(entries)))
    everything = oracle(batch)
    everything.archive.decided = Authority(tuple(entries))
    with search.open(str(tmp_path / "idx")) as whole:
        for hidden in ((), ("A",), ("B",), ("C",), ("A", "B"), ("B", "C"), ("A", "B", "C")):
            narrowing = Narrowing(((Extent(source=hidden), False),) if hidden else ())
            engine, plain = whole.narrowed(narrowing), everything.narrowed(narrowing)
            for field in KINDS:
                assert engine.facet(Query(), field, Listing()) == plain.facet(Query(), field, Listing())
                assert engine.authority().names(field) == plain.authority().names(field)
            for name in ("Quix", "Ann", "Bo Ek", "Cy Day", "Dee", "Ann Lee", "Bob Day", "Tide"):
                assert engine.suggest(name, 5) == plain.suggest(name, 5)
                assert engine.names("person", name) == plain.names("person", name)
                asked = Query(f'person:"{name}"')
                assert engine.search(asked).did_you_mean == plain.search(asked).did_you_mean
                assert engine.totals([asked]) == plain.totals([asked])


def test_what_a_reader_sees_is_exported_with_the_names_that_it_was_added_with(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "Talks.", person=("Quix",)))
        writer.set_authority(Authority((Entry("person", "Ann Lee", "Quix"),)))
    with search.open(tmp_path / "idx") as whole:
        engine = seen(whole, sight([(Extent(source=("none",)), "metadata")]))

        assert [[one.person for one in engine.export(Query(), added)] for added in (False, True)] == [
            [("Ann Lee",)], [("Quix",)],
        ]  # fmt: skip


GAZETTE = Extent(source=("Harbour Gazette",), first=date(1950, 1, 1))


@cases("published, source, tier", [
    ("1950-01-01", "Harbour Gazette", "metadata"), ("1949-12-31", "Harbour Gazette", "export"),
    ("1960", "HARBOUR  gazette", "metadata"), ("1960", None, "export"), (None, "Harbour Gazette", "metadata"),
    (None, "Wire", "export"),
])  # fmt: skip
def test_the_first_rule_that_fits_decides(published: str | None, source: str | None, tier: str) -> None:
    rules = Sight(((GAZETTE, "metadata"), (Extent(source=("Harbour Gazette",)), "export")))

    assert rules.tier(Article("a", "Text.", published=published, source=source)) == tier


WIRE, YEARS = Extent(collection=("wire",)), Extent(first=date(1950, 1, 1), last=date(2000, 12, 31))


@cases("rules, left", [
    ([(WIRE, "export"), (WIRE, "none")], []),
    ([(Extent(source=("A", "B")), "export"), (Extent(("wire",), ("b", "Á")), "none")], []),
    ([(Extent(source=("A",)), "export"), (Extent(source=("B",)), "export"), (Extent(source=("b", "a")), "text")], []),
    ([(YEARS, "export"), (Extent(first=date(1960, 1, 1), last=date(1970, 1, 1)), "none")], []),
    ([(WIRE, "none"), (Extent(("wire", "own")), "text")], [(WIRE, "none"), (Extent(("own",)), "text")]),
    ([(WIRE, "export"), (Extent(), "none")], [(WIRE, "export"), (Extent(), "none")]),
    ([(YEARS, "export"), (WIRE, "none")], [(YEARS, "export"), (WIRE, "none")]),
    ([(WIRE, "text"), (Extent(), "metadata"), (YEARS, "none")], [(WIRE, "text"), (Extent(), "metadata")]),
])  # fmt: skip
def test_who_has_limits_has_something_hidden(rules: list[tuple[Extent, Tier]], left: list[tuple[Extent, Tier]]) -> None:
    assert sight(rules) == Sight(tuple(left))


dated = st.dates(date(1989, 1, 1), date(2001, 1, 1))


@given(
    st.lists(st.tuples(extents, st.sampled_from(TIERS)), max_size=6),
    st.builds(
        Article, st.just("a"), st.just("Text."), collection=st.sampled_from(["one", "two", ""]),
        source=st.sampled_from([None, "WIRE", "gazette", "none"]), language=st.sampled_from([None, "en", "fr"]),
        published=dated.map(date.isoformat),
    ),
)  # fmt: skip
def test_what_is_omitted_of_rules_never_decides(rules: list[tuple[Extent, Tier]], article: Article) -> None:
    assert sight(rules).tier(article) == next((tier for extent, tier in rules if extent.fits(article)), "export")


FROM_JUNE = Extent(first=date(1979, 6, 1))
IN_MAY = Extent(first=date(1979, 5, 1), last=date(1979, 5, 31))


@cases("published, rules, tier", [
    ("1979", [(FROM_JUNE, "none")], "none"),
    ("1979", [(FROM_JUNE, "export"), (Extent(), "text")], "text"),
    ("1979", [(IN_MAY, "metadata")], "metadata"),
    ("1979-01-01", [(FROM_JUNE, "none")], "export"),
    ("1979-01-01T12:00", [(FROM_JUNE, "none")], "export"),
    ("1979-05", [(IN_MAY, "text"), (FROM_JUNE, "none")], "text"),
    ("1979-05", [(Extent(first=date(1979, 5, 31)), "none")], "none"),
    ("1979-05-01", [(Extent(first=date(1979, 5, 31)), "none")], "export"),
    ("1979", [(Extent(last=date(1979, 12, 30)), "export"), (Extent(), "none")], "none"),
    ("1979", [(Extent(last=date(1979, 12, 31)), "export"), (Extent(), "none")], "export"),
    ("1980", [(Extent(last=date(1979, 12, 31)), "none")], "export"),
])  # fmt: skip
def test_what_is_of_a_month_or_a_year_has_the_least_tier_of_its_days(
    tmp_path: Path, published: str, rules: list[tuple[Extent, Tier]], tier: Tier
) -> None:
    article, reader = Article("a", "Talks.", published=published), sight(rules)
    assert reader.tier(article) == tier
    with search.open(written(tmp_path / "idx", article)) as whole:
        reached = [one for one in TIERS if article_count(whole.narrowed(reader.reaching(one)))]
    assert reached[-1] == tier


@cases("tiers, whole", [((), True), (("export",), True), (("export", "text"), True), (("text", "export"), False)])
def test_what_restricts_nothing_costs_nothing(tiers: tuple[Tier, ...], whole: bool) -> None:
    assert sight((GAZETTE, tier) for tier in tiers).is_whole == whole
