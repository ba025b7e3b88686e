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
from search.values.article import Article, Evidence, changed
from search.values.query import Denominator, Listing, Query, Sort
from search.values.record import EvidenceLater
from search.values.results import (
    Copies,
    DateFacet,
    Hit,
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

_WORDS = "*"
"""Some words, of which it does not matter which: what is found by them is found in texts."""
_TOGETHER = 100
"""Articles of a list without end that are looked up at a time."""


def seen(engine: Engine, sight: Sight) -> Engine:
    """An engine as a reader sees it; itself, and at no cost, if he may see everything. It needs no closing."""
    return engine if sight.is_whole else Seen(engine, sight)


def tiers(engine: Engine, sight: Sight) -> dict[Tier, int]:
    """How many articles of an engine have each tier for a reader."""
    reaching = [article_count(engine.narrowed(sight.reaching(tier))) for tier in TIERS]
    return dict(zip(TIERS, (least - more for least, more in pairwise((*reaching, 0))), strict=True))


def hides(engine: Engine, before: Sight, now: Sight) -> bool:
    """True if there is an article of which less is seen with a sight than with an earlier one."""
    if now.is_whole or now == before:
        return False
    for tier in TIERS[1:]:
        reached = before.reaching(tier)
        if article_count(engine.narrowed(reached)) > article_count(engine.narrowed(reached & now.reaching(tier))):
            return True
    return False


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

    def _for(self, *queries: Query) -> Engine:
        """What answers some queries together: words ask about texts, a filter by scans about those that are shown."""
        if any(query.scan for query in queries):
            return self._exported
        return self._read if any(query.text.strip() for query in queries) else self._there

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
        answering = [self._for(query) for query in queries]
        for engine in dict.fromkeys(answering):
            yield engine, [place for place, other in enumerate(answering) if other is engine]

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
        return self._for(query).facet(query, name, listing)

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        return self._there.suggest(text, size)

    def trend(self, query: Query, denominator: Denominator, matching: DateFacet | None = None) -> Trend:
        return self._for(query).trend(query, denominator, matching)

    def special(self, query: Query, contrast: Contrast) -> Special:
        than = _WORDS if contrast.field == WORDS else contrast.than or ""
        return self._for(query, Query(than)).special(query, contrast)

    def pairs(self, query: Query, pairing: Pairing) -> Pairs:
        return self._for(query).pairs(query, pairing)

    def cross(self, query: Query, crossing: Crossing) -> CrossTable:
        return self._for(query).cross(query, crossing)

    def compare(self, queries: Sequence[Query], comparing: Comparing = COMPARING) -> Comparison:
        return self._for(*queries).compare(queries, comparing)

    def stats(self) -> Stats:
        return self._there.stats()

    # -- articles ----------------------------------------------------------------------------

    def search(self, query: Query) -> Results:
        engine = self._for(query)
        return self._answer(engine.search(query), engine)

    def similar(self, article: str | Article, query: Query) -> Results:
        """Nothing for an article whose text may not be read."""
        if isinstance(article, str) and not present_among(self._read, (article,)):
            self._there.article(article)  # raises if there is none
            return Results(0, 0.0, self.generation, Reading("", "", (), ()), (), {})
        engine = self._for(query, Query(_WORDS))
        return self._answer(engine.similar(article, query), engine)

    def _answer(self, found: Results, engine: Engine) -> Results:
        show = self._showing([hit.id for hit in found.hits], engine)
        show.know_groups(hit.group.id for hit in found.hits if hit.group is not None)
        return replace(
            found,
            hits=tuple(
                hit.of(
                    show.article,
                    show.reads(hit.id),
                    show.copies(hit),
                )
                for hit in found.hits
            ),
        )

    def export(self, query: Query, as_added: bool = False, sort: Sort = "newest") -> Iterator[Article]:
        engine = self._for(query)
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
        return _Showing(self._there, reads, exports)


class _Showing:
    """Shows articles to a reader: without what may not be read, or exported, and in groups of what is there.

    A group of which one article is there is none. A group is named after an article that is there: as it is stored,
    or after the first of its ids.
    """

    def __init__(self, there: Engine, reads: frozenset[str], exports: frozenset[str]) -> None:
        self._there, self._reads, self._exports = there, reads, exports
        self._groups: dict[str, str | None] = {}
        self._known = frozenset[str]()

    def know_groups(self, groups: Iterable[str]) -> None:
        """Look up together which of some groups are named after an article that is there."""
        if wanted := frozenset(groups):
            self._known = present_among(self._there, wanted)

    def copies(self, hit: Hit) -> Copies | None:
        """The group of a hit, of the articles that answered."""
        if hit.group is None:
            return None
        if hit.group.id in self._known:
            self._groups[hit.group.id] = hit.group.id
        name = self._group(hit.id, hit.group.id)
        return None if name is None else Copies(name, hit.group.size)

    def _group(self, article_id: str, group: str) -> str | None:
        """What the group of an article is called; None if no other article of it is there."""
        if group not in self._groups:
            ids = [article_id, *(each.id for each in self._there.copies(article_id))]
            known = group in ids or bool(present_among(self._there, (group,)))
            self._groups[group] = None if len(ids) == 1 else group if known else min(ids)
        return self._groups[group]

    def reads(self, article_id: str) -> bool:
        """True if the text of an article may be read."""
        return article_id in self._reads

    def article(self, article: Article) -> Article:
        """An article as it is shown."""
        if article.group is not None:
            article = changed(article, group=self._group(article.id, article.group))
        if article.id in self._exports:
            return article
        return changed(article, scan=()) if article.id in self._reads else outline(article)


def outline(article: Article) -> Article:
    """An article without what was written in it, and what would confirm a guess of that; its title is not text."""
    evidence = EvidenceLater(article.evidence, _unplaced)  # lists of articles do not ask for it
    return changed(article, text="", evidence=evidence, extra={}, digest="", meaning=b"", scan=(), mentioned=())


def _unplaced(entry: Evidence) -> Evidence:
    return replace(entry, start=None, end=None, text="")
