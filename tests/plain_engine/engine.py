"""Finds, scores, filters, counts and sorts in the plainest way: by going through all articles."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import combinations, product
from typing import NamedTuple, TypeVar, assert_never, cast

from search import addresses, completion, dates, did_you_mean, near_names, similar
from search import cursor as cursors
from search.article import Article
from search.authority import Authority, NameRules
from search.calendar import end_of
from search.closeable import Closeable
from search.comparison import (
    COMPARING,
    Compared,
    Comparing,
    Comparison,
    Difference,
    Overlap,
    bases,
    comparable,
    difference,
    moments,
    subsets,
)
from search.comparison import key as likelihood_key
from search.cooccurrence import Pair, Pairing, PairNode, Pairs, arranged
from search.cross_table import SPANS, Axis, Crossing, CrossTable, CrossValue, span_label
from search.engine import MAX_COPIES
from search.errors import ArticleGone, ArticleMissing
from search.fields import FACET_NAMES, facet_of
from search.keyness import WORDS, Contrast, Special, key, measured
from search.query import INTERVALS, Denominator, Filter, Listing, Match, Query, no_list
from search.reading import reading
from search.results import (
    Copies,
    DateFacet,
    FacetCount,
    Gap,
    Hit,
    Marked,
    NameCount,
    Partial,
    Reading,
    Results,
    Scored,
    Share,
    Stats,
    Suggestion,
    TermCount,
    Trend,
    ValueFacet,
)
from search.snippets.marker import Marker
from search.syntax import asked, nodes, parse, write
from search.text import fold, spelling_order, term
from search.tombstones import Removed
from search.vocabulary import vocabulary
from tests.plain_engine import meaning, together
from tests.plain_engine.feedback import Added, Feedback, bm25, idf
from tests.plain_engine.names import shown_under
from tests.plain_engine.stories import first_of_each, stories_of
from tests.plain_engine.times import (
    day_of,
    histogram,
    is_in_range,
    is_within,
    latest_first,
    newest_first,
    oldest_first,
    was_added,
)
from tests.plain_engine.words import edits_between, length_of, runs_of, terms_of, weighing, windows_of, words_of
from tests.plain_engine.writer import PlainWriter

T = TypeVar("T")
Like = Callable[[str, str, tuple[str, ...], NameRules], bool]


class _Place(NamedTuple):
    """A cursor: how many hits have been seen of which list."""

    seen: int
    generation: int
    list: str


class PlainEngine(Closeable):
    """Answers from a list; `writer()` changes it."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self.held = {article.id: article for article in articles}
        self.generation = 1 if self.held else 0
        self.kept_out: frozenset[str] = frozenset()
        self.decided = Authority()
        self.gone: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        self._known: dict[tuple[object, ...], object] = {}

    def _once(self, key: tuple[object, ...], found: Callable[[], T]) -> T:
        """What is found under a key, looked for once in each generation: the tests would take ten times as long."""
        key = (self.generation, *key)
        if key not in self._known:
            self._known[key] = found()
        return cast(T, self._known[key])

    @property
    def articles(self) -> int:
        return len(self.held)

    def writer(self) -> PlainWriter:
        return PlainWriter(self)

    def close(self) -> None:
        """There is nothing to release."""

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def totals(self, queries: Sequence[Query]) -> tuple[int, ...]:
        return tuple(self.search(replace(query, size=0, facets=(), page=1, cursor=None)).total for query in queries)

    def frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return tuple(sum(self._matches(nodes.Word(word), one) for one in self.held.values()) for word in words)

    def matching(self, queries: Sequence[Query], among: Collection[str] | None = None) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset(one.id for one in self.export(replace(query, group=None)) if among is None or one.id in among)
            for query in queries
        )

    def authority(self) -> Authority:
        """As it was set."""
        return self.decided

    def name_rules(self, field: str) -> NameRules:
        return self.decided.names(field)

    def names(self, field: str, value: str) -> tuple[NameCount, ...]:
        """By definition: each article counts once for each name that it lists."""
        under, spelled = self._shown(field), self._spellings(field)
        head = under.get(fold(value))
        listed = Counter(
            key for a in self.held.values() for key in {fold(v) for v in values(a, field)} if under[key] == head
        )
        return NameCount.arranged((spelled[key], count) for key, count in listed.items() if head is not None)

    def listing(self, field: str, names: Sequence[str]) -> int:
        """By definition."""
        wanted = set(map(fold, names))
        return sum(not wanted.isdisjoint(map(fold, values(a, field))) for a in self.held.values())

    def effort(self, text: str) -> float:
        """Unknown, until it is done."""
        return 0.0

    def article(self, article_id: str) -> Article:
        if article_id not in self.held:
            if article_id in self.gone or article_id in self.kept_out:
                raise ArticleGone(article_id, self.gone.get(article_id))
            raise ArticleMissing(article_id)
        return self._spelled(self.held[article_id])

    def present(self, ids: Iterable[str]) -> frozenset[str]:
        return frozenset(one for one in ids if one in self.held)

    def removed(self, since: str) -> Iterator[Removed]:
        known = sorted((name, at) for name, at in self.gone.items() if at >= since)
        return (Removed(name, at) for name, at in sorted(known, key=lambda one: one[1], reverse=True))

    def _spelled(self, article: Article) -> Article:
        changed: dict[str, object] = {}
        evidence = dict(article.evidence)
        for name in FACET_NAMES:
            under, spelled = self._shown(name), self._spellings(name)
            value = getattr(article, name)
            mine = value if isinstance(value, tuple) else [value] if value else []
            listed = tuple(dict.fromkeys(spelled[to] for v in mine if (to := under[fold(v)]) is not None))
            changed[name] = listed if isinstance(value, tuple) else next(iter(listed), None)
            evidence[name] = tuple(
                replace(e, value=spelled[to], rule=e.rule + self._why(name, e.value, to))
                for e in article.evidence.get(name, ())
                if (to := under[fold(e.value)]) is not None
            )
        changed["evidence"] = {name: entries for name, entries in evidence.items() if name in article.evidence}
        return replace(article, **changed)  # type: ignore[arg-type]

    def _why(self, name: str, value: str, to: str) -> str:
        if fold(value) == to:
            return ""
        who = "authority" if fold(value) in self.decided.names(name).listed else "archive"
        return f"; {who} “{value}”"

    def _shown(self, name: str) -> dict[str, str | None]:
        """Folded value → the folded value it is shown under, None where it is not."""
        return self._once(("shown", name), lambda: self._found_shown(name))

    def _found_shown(self, name: str) -> dict[str, str | None]:
        keys = [fold(v) for a in self.held.values() for v in values(a, name)]
        return shown_under(keys, self._spellings(name), name == "person", self.name_rules(facet_of(name)))

    def _values(self, article: Article, name: str) -> set[str]:
        """The folded values that an article is shown with."""
        under = self._shown(name)
        return {to for v in values(article, name) if (to := under[fold(v)]) is not None}

    def _wanted(self, name: str, asked: Filter) -> Filter:
        """A filter in terms of the values that are shown."""
        under = self._shown(name)

        def of(some: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(under.get(fold(v)) or "\0" for v in some)

        return Filter(of(asked.any), of(asked.all), of(asked.none), asked.missing)

    def stats(self) -> Stats:
        everything = list(self.held.values())
        terms = {one for a in everything for text in (a.title, a.text) for one in terms_of(text, a.language)}
        distinct = {name: len({v for a in everything for v in self._values(a, name)}) for name in FACET_NAMES}
        return Stats(len(everything), len(terms), 1, 0, self.generation, distinct)

    def export(self, query: Query) -> Iterator[Article]:
        kept = [a for a in self._newest() if self._is_found(query, a) and self._passes(query, a, "")]
        return iter([self._spelled(a) for a in first_of_each(kept, query)])

    def blocked(self) -> frozenset[str]:
        return self.kept_out

    def as_added(self) -> Iterator[Article]:
        return iter(self._newest())

    def _newest(self) -> list[Article]:
        return sorted(self.held.values(), key=lambda a: (newest_first(a), a.id))

    def search(self, query: Query) -> Results:
        return self._answer(query, query.text, frozenset())

    def _answer(self, query: Query, text: str, without: frozenset[str], like: Article | None = None) -> Results:
        query = replace(query, match=self._meant(query))
        parsed = asked(query, self._languages)
        found = [a for a in self.held.values() if a.id not in without and self._is_found(query, a)]
        kept = [article for article in found if self._passes(query, article, "")]
        has_words = any(nodes.leaves(parsed.tree))
        scores = {a.id: self._score(parsed.tree, a) if has_words else None for a in kept}
        best = sorted(kept, key=lambda a: (-round(scores[a.id] or 0.0, 6), a.id))
        added = self._added(query, first_of_each(best, replace(query, group="story"))[:5])
        for one, (_, weight) in added.items():
            scores |= {a.id: (scores[a.id] or 0.0) + weight * self._feedback.score(one, a) for a in kept}
        best.sort(key=lambda a: (-round(scores[a.id] or 0.0, 6), a.id))
        known = {a.id: scores[a.id] or 0.0 for a in kept}
        nearer = meaning.added(query.text, best, known) if added else {}
        if like is not None and query.order == "relevance" and (query.size or query.cursor):
            nearer = meaning.added_to_similar(like, best, known)
        scores |= {one: (scores[one] or 0.0) + more for one, more in nearer.items()}

        def key(article: Article) -> tuple[object, str]:
            order = query.order
            if order == "relevance" and has_words:
                return -round(scores[article.id] or 0.0, 6), article.id
            if order in ("added", "changed"):
                return latest_first(getattr(article, order)), article.id
            return (oldest_first(article) if order == "oldest" else newest_first(article)), article.id

        kept.sort(key=key)
        kept = first_of_each(kept, query)
        name = cursors.named(query, parsed.tree, query.order, [*sorted(added), *["meaning"] * bool(nearer)])
        if query.cursor is None:
            place = (query.page - 1) * query.size
        else:
            place = cursors.read(query.cursor, lambda data: _Place(*data), name).seen  # type: ignore[arg-type]
        page = kept[place : place + query.size]
        more = query.size > 0 and place + query.size < len(kept)
        return Results(
            total=len(kept),
            took_ms=0.0,
            generation=self.generation,
            query=Reading(
                text,
                write(parsed.tree),
                reading(text, parsed, self.having).notes,
                (
                    *(TermCount(write(term), self.having(term)) for term in nodes.terms(parsed.tree)),
                    *(TermCount(write(term), self.having(term), True) for term in nodes.excluded(parsed.tree)),
                ),
                self._partial(query),
            ),
            hits=tuple(self._hit(query, a, scores[a.id], added, nearer.get(a.id, 0.0)) for a in page),
            facets={name: self._facet(query, name, found) for name in query.facets},
            cursor=cursors.write(_Place(place + query.size, 0, name)) if more else None,
            did_you_mean=None
            if without
            else did_you_mean.offer(parse(query.text).tree, len(kept), _Asked(self, query)),
        )

    def _scored(self, query: Query, article: Article, added: Added, nearer: float) -> tuple[Scored, ...]:
        made: Counter[tuple[str, bool]] = Counter()
        tree = asked(query, self._languages).tree
        leaves = list(nodes.leaves(tree)) if query.explain else []
        for leaf in self._counting(tree, article) if query.explain else ():
            made[write(leaf), False] += self._score(leaf, article)  # type: ignore[assignment]
        for one, (form, weight) in added.items() if leaves else ():
            words = [leaf for leaf in leaves if isinstance(leaf, nodes.Word)]
            own = [write(leaf) for leaf in words if one in {term(leaf.word, of) for of in self._languages}]
            made[own[-1] if own else form, not own] += weight * self._feedback.score(one, article)  # type: ignore[assignment]
        rows = [Scored(term, round(score, 6), expansion) for (term, expansion), score in made.items() if score > 0]
        if nearer > 0 and leaves:
            rows.append(Scored("meaning", nearer, meaning=True))
        return tuple(sorted(rows, key=lambda row: (-row.score, row.term)))

    def _counting(self, node: nodes.Node, article: Article) -> list[nodes.Leaf]:
        """The leaves whose scores are added up for an article, as often as they are."""
        if isinstance(node, nodes.Joint):
            return [
                leaf for part in node.parts if self._matches(part, article) for leaf in self._counting(part, article)
            ]
        return [node] if isinstance(node, nodes.Leaf) else []

    def _hit(self, query: Query, article: Article, score: float | None, added: Added, nearer: float) -> Hit:
        wanted = set(query.fields) - (set() if query.snippets else {"snippets"})
        group = Copies(article.group, len(self._group(article))) if article.group and "group" in wanted else None
        missing = tuple(
            write(part) for part in asked(query, self._languages).counted if not self._matches(part, article)
        )
        if wanted <= {"id", "score", "group"}:
            return Hit(
                Article(article.id, ""), score, (), (), group, missing, self._scored(query, article, added, nearer)
            )
        marker = self._marker(asked(query, self._languages).tree, article.language)
        article = self._spelled(article)
        return Hit(
            article,
            score,
            marker.snippets(article.text, article.evidence) if "snippets" in wanted else (),
            marker.marks(article.title, "title", article.evidence) if "title_marks" in wanted else (),
            group,
            missing,
            self._scored(query, article, added, nearer),
        )

    def _marker(self, tree: nodes.Node, language: str | None) -> Marker:
        looked_for = tuple(nodes.leaves(tree))
        parts = list(nodes.sought(looked_for))
        similar = {one: self.like(one.word, one.edits) for one in parts if isinstance(one, nodes.Fuzzy)}
        shown = {one: self._named(one.facet, one.value) for one in parts if isinstance(one, nodes.Value)}
        return Marker(looked_for, language, similar, shown)

    def _named(self, facet: str, value: str) -> str:
        """A value as it is spelled, unchanged if it is not shown."""
        under = self._shown(facet).get(fold(value))
        return value if under is None else self._spellings(facet)[under]

    def marked(self, article: Article, text: str) -> Marked:
        marker = self._marker(parse(text).tree, article.language)
        said = article.evidence
        return Marked(marker.marks(article.title, "title", said), marker.marks(article.text, "text", said))

    # -- lists, completions, likeness, trends ------------------------------------------------

    def facet(self, query: Query, name: str, listing: Listing) -> ValueFacet | DateFacet:
        found = [article for article in self.held.values() if self._is_found(query, article)]
        if name == "date":
            return self._facet(query, name, found)
        plain = not (listing.prefix or listing.contains or listing.parent or listing.offset)
        everything = self._facet(replace(query, facet_size=1000), name, found, listing.parent)
        assert isinstance(everything, ValueFacet)
        ranked = list(everything.values[: everything.distinct])
        if listing.prefix:
            typed = near_names.words(listing.prefix)
            ranked = [entry for entry in ranked if typed and self._begins(query.counted(name), entry.value, typed)]
        parts = near_names.words(listing.contains)
        if listing.contains:
            ranked = [e for e in ranked if parts and self._begins(query.counted(name), e.value, parts, completion.has)]
        if listing.sort == "name":
            ranked.sort(key=lambda entry: (entry.label, entry.value))
        if listing.contains:
            ranked.sort(key=lambda entry: not self._begins(query.counted(name), entry.value, parts))
        page = ranked[listing.offset : listing.offset + listing.limit]
        rest = [e for e in everything.values if e.selected and e not in page] if plain else []
        rest.sort(key=lambda entry: (-entry.count, entry.label, entry.value))
        return ValueFacet((*page, *rest), len(ranked), everything.missing)

    def _begins(self, name: str, value: str, typed: tuple[str, ...], like: Like = completion.begins) -> bool:
        """Whether a value, or another spelling that is shown under it, begins as typed."""
        spelling, facet = self._spellings(name), facet_of(name)
        return any(
            like(facet, spelling.get(key, key), typed, self.name_rules(facet))
            for key, to in self._shown(name).items()
            if to == fold(value)
        )

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        typed = near_names.words(text)
        found: list[tuple[int, int, str, str]] = []
        for place, name in enumerate(completion.TYPES if typed else ()):
            spelling = self._spellings(name)
            counts = Counter(spelling[key] for a in self.held.values() for key in self._values(a, name))
            for value, count in counts.items():
                if self._begins(name, value, typed):
                    found.append((-count, place, completion.label(name, value, self.name_rules(name)), value))
        return tuple(Suggestion(completion.TYPES[p], value, label, -n) for n, p, label, value in sorted(found)[:size])

    def similar(self, article: str | Article, query: Query) -> Results:
        source = self.article(article) if isinstance(article, str) else article

        def having(word: nodes.Word) -> int:
            return sum(self._matches(word, a) for a in self.held.values())

        def idf(word: nodes.Word) -> float:
            return math.log(1 + (len(self.held) - having(word) + 0.5) / (having(word) + 0.5))

        like = similar.query(source, having, idf, indexed=isinstance(article, str))
        if like is None:
            return Results(0, 0.0, self.generation, Reading("", ""), (), {})
        own = isinstance(article, str)
        without = frozenset((source.id, *(a.id for a in self._group(source)))) if own else frozenset()
        return self._answer(replace(query, text=write(like), sort="relevance"), "", without, source)

    def trend(self, query: Query, denominator: Denominator, matching: DateFacet | None = None) -> Trend:
        base = query.reference(denominator)
        of = histogram(self._kept(base), query.interval, query)
        matching = histogram(self._kept(query), of.interval, query)
        counts = {b.start: b.count for b in matching.buckets}
        shares = tuple(Share.of_counts(start, counts.get(start, 0), n) for start, n in of.buckets)
        return Trend(of.interval, denominator, shares, tuple(self._gaps(query, of)), matching.missing, of.missing)

    def _gaps(self, query: Query, of: DateFacet) -> Iterator[Gap]:
        """By definition: runs of buckets without an article of a part, which has some before and after."""
        everything = list(self.held.values())
        spelled, under = self._spellings("source"), self._shown("source")
        sources = {spelled[key] for a in everything for key in self._values(a, "source")}
        asked = query.filter("source")
        if asked.any and not asked.missing:
            sources &= {spelled[key] for value in asked.any if (key := under.get(fold(value)))}
        parts: list[tuple[str, str, list[Article]]] = [("archive", "", everything)]
        for name in sorted({a.collection for a in everything} - {""}):
            parts.append(("collection", name, [a for a in everything if a.collection == name]))
        for name in sorted(sources):
            parts.append(("source", name, [a for a in everything if fold(name) in self._values(a, "source")]))
        for part, name, articles in parts:
            days = [day.isoformat() for a in articles if (day := day_of(a))]
            run: list[str] = []
            for start in (*(bucket.start for bucket in of.buckets), None):
                end = end_of(start, of.interval) if start else ""
                if start and days and min(days) < start <= end < max(days) and not any(start <= d <= end for d in days):
                    run.append(start)
                elif run:
                    yield Gap(part, name, run[0], end_of(run[-1], of.interval))
                    run = []

    def special(self, query: Query, contrast: Contrast) -> Special:
        """By definition: each value that any article of the reference has is counted and measured."""
        query = replace(query, group=None)
        base = Query(country_main=query.country_main) if contrast.against == "archive" else replace(query, text="")
        kept, of = self._kept(query), self._kept(base)

        def having(some: list[Article]) -> Counter[str]:
            return Counter(value for article in some for value in self._special_values(article, query, contrast.field))

        def label(value: str) -> str:
            rules = self.name_rules
            return value if contrast.field == WORDS else completion.label(contrast.field, value, rules(contrast.field))

        counts, totals = having(kept), having(of)
        total, whole = len(kept), len(of)
        found = [
            measured(value, label(value), counts[value], n, total, whole)
            for value, n in (totals.items() if 0 < total < whole else ())
            if (counts[value] * whole > total * n if contrast.sort == "over" else counts[value] * whole < total * n)
        ]
        found.sort(key=lambda one: (-key(one.count, one.of, total, whole), one.label, one.value))
        return Special(contrast, total, whole, tuple(found[: contrast.limit]))

    def _special_values(self, article: Article, query: Query, field: str) -> set[str]:
        if field == WORDS:
            there = {*words_of(article.title), *words_of(article.text)}
            return {word for word in there if len(word) > 1 or "CJK" in unicodedata.name(word, "")}
        held = query.counted(field)
        return {self._spellings(held)[value] for value in self._values(article, held)}

    def pairs(self, query: Query, pairing: Pairing) -> Pairs:
        """By definition: the pairs of each article, once a story."""
        stories = stories_of(self._kept(query), bool(query.group))

        def nodes(article: Article, name: str) -> list[tuple[str, str]]:
            held = query.counted(name)
            shown = [self._spellings(held)[value] for value in self._values(article, held)]
            return sorted((completion.label(name, value, self.name_rules(name)), value) for value in shown)

        one, other = pairing.fields
        counts = [
            Counter(node for story in stories for node in {node for a in story for node in nodes(a, name)})
            for name in pairing.fields
        ]
        together = Counter(
            pair
            for story in stories
            for pair in {
                pair
                for a in story
                for pair in (
                    combinations(nodes(a, one), 2) if one == other else product(nodes(a, one), nodes(a, other))
                )
            }
        )
        kept = [
            Pair(PairNode(one, a[1], a[0], counts[0][a]), PairNode(other, b[1], b[0], counts[1][b]), n)
            for (a, b), n in together.items()
            if n >= pairing.min
        ]
        return arranged(pairing, len(stories), len(kept), kept)

    def compare(self, queries: Sequence[Query], comparing: Comparing = COMPARING) -> Comparison:
        """By definition: the matches of each query, and what each combination of them has in common."""
        asked = comparable(queries)
        kept = [self._kept(query) for query in asked]
        group = bool(asked[0].group)
        pool = {a.id: a for base in bases(asked, comparing.denominator) for a in self._kept(base)}
        of = histogram(list(pool.values()), comparing.interval, Query(group=asked[0].group))

        def overlap(some: tuple[int, ...]) -> Overlap:
            inside = [{a.id for a in kept[n]} for n in some]
            outside = {a.id for n, found in enumerate(kept) if n not in some for a in found}
            common = [a for a in kept[some[0]] if all(a.id in ids for ids in inside)]
            only = [a for a in common if a.id not in outside]
            return Overlap(some, len(stories_of(common, group)), len(stories_of(only, group)))

        overlaps = tuple(overlap(some) for some in subsets(len(asked)))
        totals = [one.count for one in overlaps[: len(asked)]]

        def differences(name: str) -> tuple[Difference, ...]:
            held = asked[0].counted(name)
            having = [
                Counter(
                    self._spellings(held)[value]
                    for story in stories_of(found, group)
                    for value in {value for a in story for value in self._values(a, held)}
                )
                for found in kept
            ]
            found = [
                difference(
                    value, completion.label(name, value, self.name_rules(name)), [own[value] for own in having], totals
                )
                for value in {value for own in having for value in own}
            ]
            found = [one for one in found if likelihood_key(one.counts, totals) > 0]
            found.sort(key=lambda one: (-likelihood_key(one.counts, totals), one.label, one.value))
            return tuple(found[: comparing.limit])

        found = [histogram(some, of.interval, q) for some, q in zip(kept, asked, strict=True)]
        return Comparison(
            comparing,
            tuple(
                Compared(q.text, self._canonical(q), parse(q.text).notes, n, one.missing)
                for q, n, one in zip(asked, totals, found, strict=True)
            ),
            of.interval,
            moments(of.buckets, [one.buckets for one in found]),
            of.missing,
            overlaps,
            {name: differences(name) for name in comparing.fields},
        )

    def cross(self, query: Query, crossing: Crossing) -> CrossTable:
        """By definition: each article is in the rows and the columns of all of its values, once a story."""
        kept, group = self._kept(query), bool(query.group)
        axes = [self._axis(query, kept, name, crossing.limit) for name in crossing.by]

        def belongs(article: Article, axis: Axis, value: CrossValue) -> bool:
            if axis.by in INTERVALS:
                day = day_of(article)
                if day is None or value.value is None:
                    return day is None and value.value is None
                return value.value <= day.isoformat() <= end_of(value.value, axis.by)
            held = query.counted(axis.by)
            own = {self._spellings(held)[key] for key in self._values(article, held)}
            return not own if value.value is None else value.value in own

        cells = tuple(
            tuple(
                len(stories_of([a for a in kept if belongs(a, axes[0], row) and belongs(a, axes[1], column)], group))
                for column in axes[1].values
            )
            for row in (axes[0].values if len(axes) == 2 else ())
        )
        return CrossTable(len(stories_of(kept, group)), tuple(axes), cells)

    def _axis(self, query: Query, kept: list[Article], name: str, limit: int) -> Axis:
        if name in SPANS:
            found = histogram(kept, "auto" if name == "date" else name, query)
            spans = [CrossValue(start, span_label(start, found.interval), count) for start, count in found.buckets]
            filled, by, missing = sum(span.count > 0 for span in spans), found.interval, found.missing
        else:
            counting = Query(country_main=query.country_main, group=query.group, facet_size=1000)
            facet = self._facet(counting, name, kept)
            assert isinstance(facet, ValueFacet)
            spans = [CrossValue(one.value, one.label, one.count) for one in facet.values[:limit]]
            filled, by, missing = facet.distinct, name, facet.missing
        none = [CrossValue(None, "none", missing)] if missing else []
        return Axis(by, (*spans, *none), filled)

    def _kept(self, query: Query) -> list[Article]:
        return [a for a in self.held.values() if self._is_found(query, a) and self._passes(query, a, "")]

    def _group(self, article: Article) -> list[Article]:
        return [a for a in self.held.values() if article.group and a.group == article.group]

    def copies(self, article_id: str) -> tuple[Article, ...]:
        group = self._group(self.article(article_id))
        ordered = sorted(group, key=lambda a: (oldest_first(a), a.id))
        return tuple(self._spelled(a) for a in ordered if a.id != article_id)[:MAX_COPIES]

    # -- matching and scoring ----------------------------------------------------------------

    def _frequency(self, leaf: nodes.Leaf, article: Article) -> int:
        total = 0
        for field, weight in (("title", 3), ("text", 1)):
            if leaf.field not in (None, field):
                continue
            words = words_of(getattr(article, field))
            inflected = terms_of(getattr(article, field), article.language)
            match leaf:
                case nodes.Prefix(letters):
                    total += weight * sum(word.startswith(letters) for word in words)
                case nodes.Fuzzy(word, edits):
                    alike = self.like(word, edits)
                    total += weight * sum(form in alike for form in words)
                case nodes.Exact(wanted):
                    total += weight * runs_of(words, wanted)
                case nodes.Word(word):
                    total += weight * inflected.count(term(word, article.language))
                case nodes.Phrase(parts):
                    total += weight * runs_of(inflected, tuple(term(part, article.language) for part in parts))
                case nodes.Near(parts, distance):
                    bag = tuple(sorted(term(part, article.language) for part in parts))
                    total += weight * windows_of(inflected, bag, distance)
                case nodes.Together(of):
                    each = [list(self._places(part, article, field)) for part in of]
                    total += weight * together.frequency(leaf, getattr(article, field), field == "title", each)
                case _:
                    assert_never(leaf)
        return total

    def _places(self, part: nodes.Part, article: Article, field: str) -> set[tuple[int, int]]:
        """The places of a part of a `Together`."""
        return {
            place
            for one in nodes.alternatives(part) or ()
            for place in together.places_of(
                one, article, field, self.like, lambda facet, value: self._shown(facet).get(fold(value))
            )
        }

    def like(self, word: str, edits: int) -> list[str]:
        """The words that are spelled nearly so, the best first."""
        return self._once(("like", word, edits), lambda: self._found_like(word, edits))

    def _found_like(self, word: str, edits: int) -> list[str]:
        having = Counter(
            form for a in self.held.values() for form in {word for text in (a.title, a.text) for word in words_of(text)}
        )
        near = [
            (distance, -articles, form)
            for form, articles in having.items()
            if form[0] == word[0] and (distance := edits_between(form, word)) <= edits
        ]
        return [form for _, _, form in sorted(near)[: nodes.MAX_SIMILAR]]

    def named(self, facet: str, name: str) -> str | None:
        """The value of a facet that was meant by a name."""
        spelling = self._spellings(facet)
        return near_names.nearest(
            name, Counter(spelling[key] for a in self.held.values() for key in self._values(a, facet)).items()
        )

    def having(self, term: nodes.Leaf | nodes.Condition) -> int:
        """How many articles have a term."""
        return self._once(("having", term), lambda: sum(self._matches(term, a) for a in self.held.values()))

    def _matches(self, node: nodes.Node, article: Article) -> bool:
        match node:
            case nodes.All():
                return True
            case nodes.And(parts):
                return all(self._matches(part, article) for part in parts)
            case nodes.Or(parts):
                return any(self._matches(part, article) for part in parts)
            case nodes.AtLeast(parts, least):
                return sum(self._matches(part, article) for part in parts) >= least
            case nodes.Not(part):
                return not self._matches(part, article)
            case nodes.Value(facet, value):
                return self._shown(facet).get(fold(value)) in self._values(article, facet)
            case nodes.Id(article_id):
                return article.id == article_id
            case nodes.Url(beginning):
                return addresses.key(article.url or "").startswith(beginning)
            case nodes.Days(field="mentioned"):
                first, last = node.bounds()
                return any(
                    (first or d.first) <= d.first and d.last <= (last or d.last)
                    for d in map(dates.parse, article.mentioned)
                )
            case nodes.Days(field="added"):
                return is_within(node.bounds(), article.added)
            case nodes.Days():
                first, last = node.bounds()
                day = day_of(article)
                return day is not None and (first or day) <= day <= (last or day)
            case _:
                return self._frequency(node, article) > 0

    def _parts(self, query: Query) -> tuple[list[nodes.Node], list[nodes.Node]]:
        """The different parts of the outermost AND that have words, and the others."""
        tree = parse(query.text).tree
        parts = tree.parts if isinstance(tree, nodes.And) else (tree,)
        worded = [part for part in parts if any(nodes.leaves(part))]
        groups: list[list[nodes.Node]] = []
        for part in dict.fromkeys(worded):
            near = [group for group in groups if any(self._is_inflection(part, other) for other in group)]
            if near:
                near[0] += [other for group in near[1:] for other in group] + [part]
                groups = [group for group in groups if group not in near[1:]]
            else:
                groups.append([part])
        either = [some[0] if len(some) == 1 else nodes.Or(tuple(some)) for some in groups]
        return either, [part for part in parts if part not in worded]

    @property
    def _languages(self) -> list[str | None]:
        return sorted({one.language for one in self.held.values()}, key=str)

    def _is_inflection(self, one: nodes.Node, other: nodes.Node) -> bool:
        """Whether two parts are words that are searched as one in any language of the archive."""
        if not (isinstance(one, nodes.Word) and isinstance(other, nodes.Word) and one.field == other.field):
            return False
        return any(term(one.word, of) == term(other.word, of) for of in self._languages or [None])

    def _meant(self, query: Query) -> Match:
        """What `auto` means."""
        if query.match != "auto":
            return query.match
        complete = sum(self._matches(parse(query.text).tree, article) for article in self.held.values())
        return "most" if complete < 10 and len(self._parts(query)[0]) > 2 else "all"

    def _is_found(self, query: Query, article: Article) -> bool:
        """Whether an article has as many parts of the text as are required."""
        match = self._meant(query)
        if match == "all":
            return self._matches(parse(query.text).tree, article)
        worded, others = self._parts(query)
        had = sum(self._matches(part, article) for part in worded)
        enough = had * 2 > len(worded) if match == "most" else had > 0
        return (enough or not worded) and all(self._matches(part, article) for part in others)

    def _canonical(self, query: Query) -> str:
        return write(asked(replace(query, match=self._meant(query)), self._languages).tree)

    def _partial(self, query: Query) -> Partial | None:
        parts = len(self._parts(query)[0])
        least = {"all": parts, "most": parts // 2 + 1, "any": 1}[query.match]
        if parts < 2 or least == parts:
            return None
        complete = self.search(replace(query, match="all", size=0, page=1, cursor=None, facets=())).total
        return Partial(least, parts, complete)

    def _score(self, node: nodes.Node, article: Article) -> float:
        match node:
            case nodes.And(parts) | nodes.Or(parts) | nodes.AtLeast(parts):
                return sum(self._score(part, article) for part in parts if self._matches(part, article))
            case nodes.All() | nodes.Not() | nodes.Value() | nodes.Days() | nodes.Id() | nodes.Url():
                return 0.0
            case _:
                frequency = self._frequency(node, article)
                mean = self._once(("mean",), lambda: sum(map(length_of, self.held.values())) / len(self.held))
                return self._idf(node) * bm25(frequency, length_of(article), mean)

    @property
    def _feedback(self) -> Feedback:
        return self._once(("feedback",), lambda: Feedback(list(self.held.values())))

    def _added(self, query: Query, firsts: Sequence[Article]) -> Added:
        """The terms of the first articles that change the order."""
        parsed = asked(query, self._languages)
        wanted = (
            query.rank == "best"
            and query.order == "relevance"
            and (query.size or query.cursor)
            and any(nodes.leaves(parsed.tree))
        )
        if not wanted or any(all(self._matches(part, article) for part in parsed.counted) for article in firsts):
            return {}
        scored = [(article, round(self._score(parsed.tree, article), 6)) for article in firsts]
        return self._feedback.added(scored, len(parsed.counted))

    def _idf(self, leaf: nodes.Leaf) -> float:
        if isinstance(leaf, nodes.Together):
            return sum(map(self._part_idf, leaf.parts))
        return sum(idf(self.having(word), len(self.held)) for word in weighing(leaf))

    def _part_idf(self, part: nodes.Part) -> float:
        if not isinstance(part, nodes.Or | nodes.Value):
            return self._idf(part)
        having = self._once(("part", part), lambda: sum(self._matches(part, a) for a in self.held.values()))
        return idf(having, len(self.held))

    # -- filtering and counting --------------------------------------------------------------

    def _passes(self, query: Query, article: Article, ignored: str) -> bool:
        return (
            all(
                _has(self._wanted(held, wanted), sorted(self._values(article, held)), own=name != ignored)
                for name, wanted in query.filters.items()
                for held in (query.counted(name),)
            )
            and (ignored == "date" or is_in_range(query, article))
            and was_added(query, article)
            and (query.list is None or article.id in self._listed(query.list))
        )

    def _listed(self, name: str) -> list[str]:
        if name not in self.lists:
            raise no_list(name, list(self.lists))
        return self.lists[name]

    def _facet(
        self, query: Query, name: str, found: list[Article], parent: str | None = None
    ) -> ValueFacet | DateFacet:
        counted = [article for article in found if self._passes(query, article, name)]
        stories = stories_of(counted, bool(query.group))
        if name == "date":
            return histogram(counted, query.interval, query)
        held = query.counted(name)
        spelling, under = self._spellings(held), self._shown(held)
        had = [{key for a in story for key in self._values(a, held)} for story in stories]
        counts = Counter(spelling[key] for keys in had for key in keys)

        def label(value: str) -> str:
            return completion.label(name, value, self.name_rules(name))

        if name == "topic":
            level = vocabulary("topic").children(parent) if parent else vocabulary("topic").tops
            listed = {value: count for value, count in counts.items() if value in level}
        else:
            listed = dict(counts)
        chosen = {under.get(fold(value)) or fold(value): value for value in reversed(query.filter(name).any)}
        there = {key for a in self.held.values() for key in self._values(a, held)}
        chosen = {key: spelling[key] if key in there else value for key, value in chosen.items()}
        ranked = sorted(listed, key=lambda value: (-listed[value], label(value), value))
        top = [FacetCount(v, label(v), counts[v], fold(v) in chosen) for v in ranked[: query.facet_size]]
        rest = [
            FacetCount(value, label(value), counts[value], True)
            for key, value in chosen.items()
            if key not in {fold(entry.value) for entry in top}
        ]
        ordered = sorted(rest, key=lambda entry: (-entry.count, entry.label, entry.value))
        missing = sum(any(not self._values(a, held) for a in story) for story in stories)
        return ValueFacet((*top, *ordered), len(listed), missing)

    def _spellings(self, name: str) -> dict[str, str]:
        """Folded value → the spelling most articles use, the better one where several are equal."""
        return self._once(("spellings", name), lambda: self._found_spellings(name))

    def _found_spellings(self, name: str) -> dict[str, str]:
        used = Counter(v for a in self.held.values() for v in set(values(a, name)))
        best: dict[str, str] = {}
        for value in sorted(used, key=lambda v: (-used[v], spelling_order(v))):
            best.setdefault(fold(value), value)
        return best | {fold(name): name for name in self.name_rules(facet_of(name)).listed.values()}


class _Asked:
    """What `did_you_mean` must know, under the filters of a question."""

    def __init__(self, engine: PlainEngine, query: Query) -> None:
        self._engine = engine
        self._query = query

    def having(self, term: nodes.Leaf | nodes.Condition) -> int:
        return self._engine.having(term)

    def nearest(self, word: str, edits: int) -> list[str]:
        return self._engine.like(word, edits)

    def named(self, facet: str, name: str) -> str | None:
        return self._engine.named(facet, name)

    def total(self, text: str) -> int:
        return len(list(self._engine.export(replace(self._query, text=text))))


def values(article: Article, name: str) -> list[str]:
    """The values of a facet that an article counts under, topics with their ancestors."""
    value = getattr(article, name)
    found = list(value) if isinstance(value, tuple) else [value] if value else []
    if name == "topic":
        found += [parent for code in found for parent in vocabulary("topic").ancestors(code)]
    return list(dict.fromkeys(found))


def _has(wanted: Filter, keys: list[str], own: bool) -> bool:
    if any(fold(v) not in keys for v in wanted.all) or any(fold(v) in keys for v in wanted.none):
        return False
    if not own or not (wanted.any or wanted.missing):
        return True
    return any(fold(v) in keys for v in wanted.any) or (wanted.missing and not keys)
