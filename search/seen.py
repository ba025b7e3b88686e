"""An engine as one reader sees it, by the tier that rules give him for each article (`search.values.rights`).

Whatever is found or counted by words is found among the articles whose text he may read; what is asked without words,
among all that may exist for him. So no question can tell of a word in a text
that he may not read. Of such an article he gets what states or summarizes it, and nothing that was written in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice, pairwise

from search.engine import Engine, article_count, present_among
from search.measures.comparison import COMPARING, Comparing, Comparison
from search.measures.cooccurrence import Pairing, Pairs
from search.measures.cross_table import Crossing, CrossTable
from search.measures.keyness import WORDS, Contrast, Special
from search.names.authority import Authority
from search.values.article import Article, changed
from search.values.query import Denominator, Listing, Query, Sort
from search.values.results import (
    Copies,
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
from search.values.rights import TIERS, Narrowing, Sight, Tier
from search.values.tombstones import Removals

_TOGETHER = 100
"""Articles of a list without end that are looked up at a time."""


def seen(engine: Engine, sight: Sight) -> Engine:
    """An engine as a reader sees it; itself, and at no cost, if he may see everything. It needs no closing."""
    return engine if sight.is_whole else Seen(engine, sight)


def tiers(engine: Engine, sight: Sight) -> dict[Tier, int]:
    """How many articles of an engine have each tier for a reader."""
    reaching = [article_count(engine.narrowed(sight.reaching(tier))) for tier in TIERS]
    return dict(zip(TIERS, (least - more for least, more in pairwise((*reaching, 0))), strict=True))


class Seen(Engine):
    """The engine of one reader, who does not see everything.

    Args:
        whole: has all articles.
        sight: what he may see.
    """

    def __init__(self, whole: Engine, sight: Sight) -> None:
        self._whole, self._sight = whole, sight
        exists, reads, exports = (sight.reaching(tier) for tier in ("metadata", "text", "export"))
        self._there = whole.narrowed(exists)
        self._read = self._there if reads == exists else whole.narrowed(reads)
        self._exported = self._read if exports == reads else whole.narrowed(exports)

    def _for(self, text: str) -> Engine:
        """What answers a question: one of words is about texts."""
        return self._read if text.strip() else self._there

    @property
    def generation(self) -> int:
        return self._there.generation

    def narrowed(self, narrowing: Narrowing) -> Engine:
        return Seen(self._whole.narrowed(narrowing), self._sight)

    @contextmanager
    def batch(self) -> Iterator[None]:
        with ExitStack() as stack:
            for engine in dict.fromkeys((self._there, self._read, self._exported)):
                stack.enter_context(engine.batch())
            yield

    # -- numbers -----------------------------------------------------------------------------

    def totals(self, queries: Sequence[Query]) -> tuple[int, ...]:
        found: dict[int, int] = {}
        for engine, places in self._parted(queries):
            found |= zip(places, engine.totals([queries[place] for place in places]), strict=True)
        return tuple(found[place] for place in range(len(queries)))

    def matching(self, queries: Sequence[Query], among: Collection[str] | None = None) -> tuple[frozenset[str], ...]:
        found: dict[int, frozenset[str]] = {}
        for engine, places in self._parted(queries):
            found |= zip(places, engine.matching([queries[place] for place in places], among), strict=True)
        return tuple(found[place] for place in range(len(queries)))

    def outlines(self, queries: Sequence[Query]) -> tuple[Outline, ...]:
        found: dict[int, Outline] = {}
        for engine, places in self._parted(queries):
            found |= zip(places, engine.outlines([queries[place] for place in places]), strict=True)
        ends = [each for one in found.values() for each in (one.first, one.last) if each is not None]
        shown = dict(zip([each.id for each in ends], self._shown(ends), strict=True))
        return tuple(
            replace(one, first=one.first and shown[one.first.id], last=one.last and shown[one.last.id])
            for one in map(found.__getitem__, range(len(queries)))
        )

    def _parted(self, queries: Sequence[Query]) -> Iterator[tuple[Engine, list[int]]]:
        """The places of the queries that each engine answers."""
        for words in (False, True):
            if places := [place for place, query in enumerate(queries) if bool(query.text.strip()) == words]:
                yield self._read if words else self._there, places

    def frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return self._read.frequencies(words)

    def authority(self) -> Authority:
        return self._there.authority()

    def names(self, field: str, value: str) -> tuple[NameCount, ...]:
        return self._there.names(field, value)

    def listing(self, field: str, names: Sequence[str]) -> int:
        return self._there.listing(field, names)

    def effort(self, text: str) -> float:
        return self._whole.effort(text)

    def facet(self, query: Query, name: str, listing: Listing) -> ValueFacet | DateFacet:
        return self._for(query.text).facet(query, name, listing)

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        return self._there.suggest(text, size)

    def trend(self, query: Query, denominator: Denominator, matching: DateFacet | None = None) -> Trend:
        return self._for(query.text).trend(query, denominator, matching)

    def special(self, query: Query, contrast: Contrast) -> Special:
        words = contrast.field == WORDS or bool((contrast.than or "").strip())
        return (self._read if words else self._for(query.text)).special(query, contrast)

    def pairs(self, query: Query, pairing: Pairing) -> Pairs:
        return self._for(query.text).pairs(query, pairing)

    def cross(self, query: Query, crossing: Crossing) -> CrossTable:
        return self._for(query.text).cross(query, crossing)

    def compare(self, queries: Sequence[Query], comparing: Comparing = COMPARING) -> Comparison:
        return self._for("".join(query.text for query in queries)).compare(queries, comparing)

    def stats(self) -> Stats:
        return self._there.stats()

    # -- articles ----------------------------------------------------------------------------

    def search(self, query: Query) -> Results:
        engine = self._for(query.text)
        return self._answer(engine.search(query), engine)

    def similar(self, article: str | Article, query: Query) -> Results:
        """Nothing for an article whose text may not be read."""
        if isinstance(article, str) and not present_among(self._read, (article,)):
            self._there.article(article)  # raises if there is none
            return Results(0, 0.0, self.generation, Reading("", "", (), ()), (), {})
        return self._answer(self._read.similar(article, query), self._read)

    def _answer(self, found: Results, engine: Engine) -> Results:
        groups = self._groups((hit.id, hit.group.id) for hit in found.hits if hit.group is not None)
        show = self._showing([hit.id for hit in found.hits], engine)
        return replace(
            found,
            hits=tuple(
                hit.of(
                    show.article,
                    show.reads(hit.id),
                    None if hit.group is None else Copies(groups[hit.id, hit.group.id], hit.group.size),
                )
                for hit in found.hits
            ),
        )

    def export(self, query: Query, as_added: bool = False, sort: Sort = "newest") -> Iterator[Article]:
        engine = self._for(query.text)
        articles = engine.export(query, as_added, sort)
        parts = iter(lambda: list(islice(articles, _TOGETHER)), [])
        return (shown for some in parts for shown in self._shown(some, engine))

    def article(self, article_id: str) -> Article:
        return next(iter(self._shown([self._there.article(article_id)])))

    def copies(self, article_id: str) -> tuple[Article, ...]:
        return tuple(self._shown(self._there.copies(article_id)))

    def marked(self, articles: Sequence[Article], text: str) -> list[Marked]:
        return self._read.marked(articles, text)

    def removals(self) -> Removals:
        return self._there.removals()

    def close(self) -> None:
        """Do nothing."""

    def _shown(self, articles: Collection[Article], engine: Engine | None = None) -> Iterator[Article]:
        show = self._showing([article.id for article in articles], engine)
        return map(show.article, articles)

    def _showing(self, ids: Collection[str], engine: Engine | None = None) -> _Showing:
        """What shows some articles, all of which are there; of an engine that has no others than may be read, too."""
        everything = frozenset(ids)
        reads = everything if self._read in (self._there, engine) else present_among(self._read, everything)
        exports = reads if self._exported is self._read else present_among(self._exported, everything)
        return _Showing(self, reads, exports)

    def _with_group(self, article: Article) -> Article:
        """An article with a name of its group that tells of none that is hidden."""
        if article.group is None:
            return article
        groups = self._groups([(article.id, article.group)])
        return changed(article, group=groups[article.id, article.group])

    def _groups(self, named: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """By article and its group, the group's name: an id of its own, which is of an article that is there."""
        wanted = list(named)
        known = present_among(self._there, {group for _, group in wanted}) if wanted else frozenset[str]()
        return {
            (one, group): group if group in known else min(one, *(each.id for each in self._there.copies(one)))
            for one, group in wanted
        }


class _Showing:
    """Shows articles to a reader: without what may not be read, or exported."""

    def __init__(self, engine: Seen, reads: frozenset[str], exports: frozenset[str]) -> None:
        self._engine, self._reads, self._exports = engine, reads, exports

    def reads(self, article_id: str) -> bool:
        """True if the text of an article may be read."""
        return article_id in self._reads

    def article(self, article: Article) -> Article:
        """An article as it is shown."""
        article = self._engine._with_group(article)
        if article.id in self._exports:
            return article
        return changed(article, scan=()) if article.id in self._reads else outline(article)


def outline(article: Article) -> Article:
    """An article without what was written in it, and what would confirm a guess of that; its title is not text."""
    evidence = {
        name: tuple(replace(entry, start=None, end=None, text="") for entry in entries)
        for name, entries in article.evidence.items()
    }
    return changed(article, text="", evidence=evidence, extra={}, digest="", meaning=b"", scan=(), mentioned=())
