"""The engine of the oracle: each of its answers is worked out by a module of its own, from a list of articles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from search.engine import MAX_COPIES
from search.fields import FACET_NAMES
from search.measures import similar
from search.measures.comparison import COMPARING, Comparing, Comparison
from search.measures.cooccurrence import Pairing, Pairs
from search.measures.cross_table import Crossing, CrossTable
from search.measures.keyness import Contrast, Special
from search.names.authority import KINDS, Authority, Part
from search.syntax import nodes
from search.system.closeable import Closeable
from search.text.dates import instant_of
from search.text.tokens import fold
from search.values.article import Article
from search.values.query import Denominator, Listing, Query, Sort
from search.values.results import (
    DateFacet,
    Marked,
    NameCount,
    Outline,
    Reading,
    Results,
    Stats,
    Suggestion,
    Trend,
    ValueFacet,
)
from search.values.rights import Narrowing
from search.values.tombstones import Removals
from tests.plain_engine import facets
from tests.plain_engine.answering import Answering
from tests.plain_engine.archive import Archive
from tests.plain_engine.compare import compare
from tests.plain_engine.cross import cross
from tests.plain_engine.finding import Finding
from tests.plain_engine.marking import marked
from tests.plain_engine.matching import Matching
from tests.plain_engine.pairs import pairs
from tests.plain_engine.special import special
from tests.plain_engine.stories import first_of_each
from tests.plain_engine.times import oldest_first
from tests.plain_engine.trend import trend
from tests.plain_engine.values import Values, listed
from tests.plain_engine.words import terms_of
from tests.plain_engine.writer import PlainWriter


class PlainEngine(Closeable):
    """Answers from a list; `writer()` changes it."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self.archive = Archive(articles)
        self._values = Values(self.archive)
        self._matching = Matching(self._values)
        self._finding = Finding(self._matching)
        self._answering = Answering(self._finding)

    # -- the archive -------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        return self.archive.generation

    def writer(self) -> PlainWriter:
        return PlainWriter(self.archive)

    def close(self) -> None:
        """There is nothing to release."""

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def narrowed(self, narrowing: Narrowing) -> PlainEngine:
        """An engine of no other articles."""
        other = PlainEngine(filter(narrowing.allows, self.archive.held.values()))
        other.archive.generation, other.archive.lists = self.archive.generation, self.archive.lists
        if narrowing.rules:
            there = {kind: {fold(v) for a in other.archive.held.values() for v in listed(a, kind)} for kind in KINDS}
            other.archive.decided = Part(
                rules={kind: self.archive.decided.names(kind).among(some.__contains__) for kind, some in there.items()}
            )
        else:
            other.archive.decided = self.archive.decided
        return other

    def stats(self) -> Stats:
        everything = list(self.archive.held.values())
        terms = {one for a in everything for text in (a.title, a.text) for one in terms_of(text, a.language)}
        distinct = {name: len({v for a in everything for v in self._values.of(a, name)}) for name in FACET_NAMES}
        return Stats(len(everything), len(terms), 1, 0, self.generation, distinct)

    def article(self, article_id: str) -> Article:
        return self._values.spelled(self.archive.article(article_id))

    def removals(self) -> Removals:
        return Removals(self.archive.kept_out, dict(self.archive.gone))

    def copies(self, article_id: str) -> tuple[Article, ...]:
        group = self.archive.group(self.archive.article(article_id))
        ordered = sorted(group, key=lambda a: (oldest_first(a), a.id))
        return tuple(self._values.spelled(a) for a in ordered if a.id != article_id)[:MAX_COPIES]

    # -- names -------------------------------------------------------------------------------

    def authority(self) -> Authority:
        """As it was set."""
        return self.archive.decided

    def names(self, field: str, value: str) -> tuple[NameCount, ...]:
        return self._values.names(field, value)

    def listing(self, field: str, names: Sequence[str]) -> int:
        return self._values.listing(field, names)

    # -- queries -----------------------------------------------------------------------------

    def effort(self, text: str) -> float:
        """Unknown, until it is done."""
        return 0.0

    def totals(self, queries: Sequence[Query]) -> tuple[int, ...]:
        return tuple(map(self._finding.total, queries))

    def outlines(self, queries: Sequence[Query]) -> tuple[Outline, ...]:
        return tuple(map(self._outline, queries))

    def _outline(self, query: Query) -> Outline:
        found = [article for article in self.export(replace(query, group=None)) if article.published]
        oldest = sorted(found, key=lambda one: (instant_of(one.published), one.id))
        newest = sorted(found, key=lambda one: (-instant_of(one.published), one.id))
        return Outline(self.totals((query,))[0], *(one[0] if one else None for one in (oldest, newest)))

    def frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._matching.having(nodes.Word(word)) for word in words)

    def matching(self, queries: Sequence[Query], among: Collection[str] | None = None) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset(one.id for one in self._finding.kept(query) if among is None or one.id in among)
            for query in queries
        )

    def export(self, query: Query, as_added: bool = False, sort: Sort = "newest") -> Iterator[Article]:
        if sort != "newest":
            whole = replace(query, sort=sort, size=100, page=1, cursor=None, facets=(), fields=("id",))
            pages = [self.search(whole)]
            while following := pages[-1].cursor:
                pages.append(self.search(replace(whole, cursor=following)))
            read = self.archive.held.__getitem__ if as_added else self.article
            return iter([read(hit.article.id) for page in pages for hit in page.hits])
        found = {article.id for article in self._finding.kept(query)}
        kept = first_of_each([article for article in self.archive.newest() if article.id in found], query)
        return iter(kept if as_added else [self._values.spelled(a) for a in kept])

    def search(self, query: Query) -> Results:
        return self._answering.answer(query, query.text)

    def similar(self, article: str | Article, query: Query) -> Results:
        own = isinstance(article, str)
        source = self.article(article) if isinstance(article, str) else article
        like = similar.query(source, self.frequencies, len(self.archive.held), indexed=own)
        if like is None:
            return Results(0, 0.0, self.generation, Reading("", "", (), ()), (), {})
        without = frozenset((source.id, *(a.id for a in self.archive.group(source)))) if own else frozenset()
        asked = replace(query, text=like, sort="relevance")
        return self._answering.answer(asked, "", without, source)

    def marked(self, articles: Sequence[Article], text: str) -> list[Marked]:
        return [marked(self._matching, article, text) for article in articles]

    def facet(self, query: Query, name: str, listing: Listing) -> ValueFacet | DateFacet:
        return facets.listing(self._finding, query, name, listing)

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        return facets.suggest(self._values, text, size)

    def trend(self, query: Query, denominator: Denominator, matching: DateFacet | None = None) -> Trend:
        return trend(self._finding, query, denominator)

    def special(self, query: Query, contrast: Contrast) -> Special:
        return special(self._finding, query, contrast)

    def pairs(self, query: Query, pairing: Pairing) -> Pairs:
        return pairs(self._finding, query, pairing)

    def compare(self, queries: Sequence[Query], comparing: Comparing = COMPARING) -> Comparison:
        return compare(self._finding, queries, comparing)

    def cross(self, query: Query, crossing: Crossing) -> CrossTable:
        return cross(self._finding, query, crossing)
