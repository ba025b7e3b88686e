"""A cluster that answers queries as `search.local` does.

Facts about the whole archive (`view`) are read once a generation. A query that a commit interrupts is run again, so
that it is answered from one generation; if commits follow each other faster than that, from the last but one. A cluster
counts all facets at once: if that takes longer than the time budget (`search.system.budget`), only the suggestion of
another query is omitted, and a page is refused. Unlimited lists (`export`) read from a point in time of the cluster.

Cost: a request for the answer, a second in the cases named in `search` and `facets`, one for the generation; and `view`
after a commit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from itertools import count, islice
from typing import TypeVar

from search import cursor as cursors
from search.engine import MAX_COPIES, Engine
from search.errors import BadQuery, DatelineError, IndexMissing, NotAnIndex, OutOfTime
from search.fields import FACET_NAMES
from search.meaning.nearness import ToArticle
from search.measures import did_you_mean, gaps, similar
from search.measures.comparison import COMPARING, Comparing, Comparison
from search.measures.cooccurrence import Pairing, Pairs
from search.measures.cross_table import Crossing, CrossTable
from search.measures.keyness import Contrast, Special
from search.measures.reading import reading, required
from search.names import completion, near_names
from search.names.authority import Authority
from search.names.vocabulary import labelled
from search.opensearch import document
from search.opensearch.address import Access, Address
from search.opensearch.ask import coverage, pairs, readings, special
from search.opensearch.ask import cursor as positions
from search.opensearch.ask.compare import compare
from search.opensearch.ask.cross import cross
from search.opensearch.ask.narrowed import allowed
from search.opensearch.ask.search import Search
from search.opensearch.ask.translate import Clause, any_of, having
from search.opensearch.cluster import BATCH, Cluster, ClusterUnavailable
from search.opensearch.document import key
from search.opensearch.mapping import CONVERTED_FROM, READ_FROM, VERSION
from search.opensearch.points import Points
from search.opensearch.shown import shown_names as names
from search.opensearch.shown import view
from search.opensearch.shown.view import View
from search.opensearch.state import State
from search.snippets.marker import marked
from search.syntax import parse
from search.syntax.nodes import Condition, Leaf, Word, leaves
from search.system.budget import Budget, Parts, current, offering
from search.system.json import Json
from search.values.article import Article
from search.values.lists import Lists, no_lists
from search.values.query import Denominator, Listing, Query, Sort
from search.values.results import (
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
from search.values.rights import Narrowing
from search.values.tombstones import Removals

T = TypeVar("T")

_ATTEMPTS = 3
MOST_NARROWED = 32
"""Engines of some articles only that are remembered with what they know, the most recently used."""
SHOWING_S = 1.0
"""How long an answer waits for a commit that is becoming visible; then it may be of that one in part."""
_PAUSE_S = 0.01
WAITING_MS = 10.0
"""How long a phrase, a prefix or the like may delay a request; distinguishes expensive requests from cheap ones."""


class ClusterEngine(Engine):
    """Answers from the last commit of the index at an address.

    Args:
        lists: finds the ids of the articles on a list; by default there is none.

    Raises:
        IndexMissing, NotAnIndex: if there is no usable index.
        ClusterUnavailable: if there is no answer.
    """

    def __init__(
        self,
        address: Address,
        access: Access,
        cursor_seconds: float,
        lists: Lists = no_lists,
    ) -> None:
        self._name = address.name
        self._cluster = Cluster(address, access, lists)
        self._state = State(self._cluster)
        self._points = Points(self._cluster, self._state, cursor_seconds)
        self._lock = threading.Lock()
        self._current: View | None = None
        self._narrowed: dict[Narrowing, _Narrowed] = {}
        check(self._cluster, READ_FROM)

    @property
    def generation(self) -> int:
        return self._state.generation()

    def search(self, query: Query) -> Results:
        attempts = count()
        point: Json | None = None

        def answer(seen: View) -> Results:
            nonlocal point
            began = time.perf_counter()
            seen, point = self._generation_of(seen, query, again=next(attempts) > 0)
            return self._search_in(seen, query, point, began)

        return self._settled(answer, is_settled=lambda: point is not None)

    def _search_in(self, seen: View, query: Query, point: Json | None, began: float) -> Results:
        budget = current()
        search = Search(self._cluster, seen, query, budget=budget, point=point)
        search.run()
        if search.more and point is None:
            self._points.keep(seen.generation)
        hits = tuple(search.hits())
        try:
            with offering() as allowed:
                with labelled(search.view.authority.given_labels):
                    tree = parse(query.text).tree
                offered = did_you_mean.offer(tree, search.total, _Archive(search, allowed))
        except OutOfTime:
            return self._results(search, query.text, began, hits, incomplete=("did_you_mean",))
        return self._results(search, query.text, began, hits, offered)

    def _generation_of(self, seen: View, query: Query, again: bool) -> tuple[View, Json | None]:
        """The generation to answer a query from, and its point in time if it is not the last one.

        Args:
            again: a commit has come in between, so that of the last one, too, a point is better: with another before
                the answer is there, its list could not be followed.
        """
        if query.cursor is None:
            if again:
                self._points.keep(seen.generation)
            point = self._points.find(seen.generation) if again else None
            return (view.former(self._cluster, seen, seen.generation, point) if point else seen), point
        place = positions.read(query.cursor)
        if place.generation == seen.generation and not again:
            return seen, None
        if place.generation > max(seen.generation, self._state.generation()):
            raise cursors.bad(query.cursor)
        point = self._points.find(place.generation)
        if point is None and place.generation == seen.generation:
            return seen, None
        if point is None:
            raise cursors.expired(query.cursor)
        return view.former(self._cluster, seen, place.generation, point), point

    def _results(
        self,
        search: Search,
        text: str,
        began: float,
        hits: tuple[Hit, ...],
        offered: str | None = None,
        incomplete: tuple[str, ...] = (),
    ) -> Results:
        parts = Parts(incomplete)
        return Results(
            hits=hits,
            facets=search.facets,
            query=reading(
                text,
                search.parsed,
                lambda term: search.having[term],
                required(search.query, search.parsed, search.total, search.total_of, search.view.languages),
                parts.part("query.forms", lambda: [*readings.counted(search)], []),
            ),
            total=search.total,
            cursor=search.cursor(),
            generation=search.view.generation,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
            exact=search.exact,
            incomplete=tuple(parts.omitted),
            did_you_mean=offered,
        )

    def batch(self) -> AbstractContextManager[None]:
        """Does nothing: the cluster has its own caches."""
        return nullcontext()

    def totals(self, queries: Sequence[Query]) -> tuple[int, ...]:
        return self._settled(lambda seen: tuple(self._total(seen, query) for query in queries))

    def _total(self, seen: View, query: Query) -> int:
        search = self._start(seen, query.counting)
        search.run()
        return search.total

    def outlines(self, queries: Sequence[Query]) -> tuple[Outline, ...]:
        return tuple(self._outline(query.counting) for query in queries)

    def _outline(self, query: Query) -> Outline:
        total = self.totals((query,))[0]
        if not total:
            return Outline(0)
        alone = replace(query, size=1, group=None)
        found = [self.search(one).hits[0].article for one in (replace(alone, sort="oldest"), alone)]
        return Outline(total, *found) if found[0].published else Outline(total)

    def _start(self, seen: View, query: Query, tree: Clause | None = None) -> Search:
        return Search(self._cluster, seen, query, budget=current(), tree=tree)

    def frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return self._settled(lambda seen: self._frequencies(seen, words))

    def _frequencies(self, seen: View, words: Sequence[str]) -> tuple[int, ...]:
        translator = Search(self._cluster, seen, Query()).translator
        counts = view.counts(self._cluster, {word: translator.node(Word(word)) for word in sorted(set(words))})
        return tuple(counts[word] for word in words)

    def matching(self, queries: Sequence[Query], among: Collection[str] | None = None) -> tuple[frozenset[str], ...]:
        return self._settled(lambda seen: tuple(frozenset(self._matching(seen, query, among)) for query in queries))

    def _matching(self, seen: View, query: Query, among: Collection[str] | None) -> Iterator[str]:
        body = self._start(seen, replace(query.counting, group=None)).body() | {"_source": False}
        if among is None:
            yield from (str(hit["_id"]) for hit in self._cluster.read_all(body))
            return
        wanted = sorted(among)
        for start in range(0, len(wanted), BATCH):
            here = {"terms": {"id": wanted[start : start + BATCH]}}
            some = {"size": BATCH, "query": {"bool": {"filter": [body["query"], here]}}, "_source": False}
            yield from (str(hit["_id"]) for hit in self._cluster.search(some, self._name)["hits"]["hits"])

    def authority(self) -> Authority:
        return self._view().authority

    def names(self, field: str, value: str) -> tuple[NameCount, ...]:

        def answer(seen: View) -> tuple[NameCount, ...]:
            facet = seen.names[field]
            head = facet.of(value)
            if head is None or not facet.totals.get(head):
                return ()
            listed = {member: having(field, [member]) for member in facet.members[head]}
            counted = view.counts(self._cluster, listed)
            return NameCount.arranged((facet.spelled.get(member, member), count) for member, count in counted.items())

        return self._settled(answer)

    def listing(self, field: str, names: Sequence[str]) -> int:
        clause = having(field, sorted({key(name) for name in names}))
        return self._settled(lambda _seen: view.counts(self._cluster, {"": clause})[""])

    def effort(self, text: str) -> float:
        """The estimated cost of a query's text: the cluster does the work, but each such part delays this side."""
        try:
            tree = parse(text).tree
        except BadQuery:
            return 0.0
        return WAITING_MS * sum(not isinstance(leaf, Word) for leaf in leaves(tree))

    def facet(self, query: Query, name: str, listing: Listing) -> ValueFacet | DateFacet:

        def answer(seen: View) -> ValueFacet | DateFacet:
            search = self._start(seen, replace(query.counting, facets=(name,)))
            search.run(listing)
            return search.facets[name]

        return self._settled(answer)

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        found = names.suggested(self._view().names, near_names.words(text)) if size else []
        return tuple(
            Suggestion(completion.TYPES[place], value, label, -count) for count, place, label, value in found[:size]
        )

    def similar(self, article: str | Article, query: Query) -> Results:
        return self._settled(lambda seen: self._similar(seen, article, query))

    def _similar(self, seen: View, article: str | Article, query: Query) -> Results:
        began = time.perf_counter()
        if isinstance(article, str):
            source = names.spelled(self._stored(article), seen.names)
            unwanted = frozenset({article}) | (self._ids_of_group(source.group) if source.group else frozenset())
        else:
            source, unwanted = article, frozenset()
        frequencies = partial(self._frequencies, seen)
        like = similar.query(source, frequencies, seen.articles, indexed=isinstance(article, str))
        if like is None:
            return Results(0, 0.0, seen.generation, Reading("", "", (), ()), (), {})
        asked = replace(query, text=like, sort="relevance")
        search = Search(self._cluster, seen, asked, unwanted, current(), near=ToArticle(source.meaning))
        search.run()
        return self._results(search, "", began, tuple(search.hits()))

    def _ids_of_group(self, group: str) -> frozenset[str]:
        body = {"size": BATCH * 10, "query": {"term": {"group": group}}, "_source": False}
        return frozenset(hit["_id"] for hit in self._cluster.search(body, self._name)["hits"]["hits"])

    def trend(self, query: Query, denominator: Denominator, matching: DateFacet | None = None) -> Trend:

        def answer(seen: View) -> Trend:
            of = self._start(seen, query.reference(denominator)).histogram(query.interval)
            among = matching or self._start(seen, query).histogram(of.interval)
            covered = coverage.parts(self._cluster, seen, gaps.selected(query)) if of.buckets else ()
            return gaps.trend(denominator, of, among, covered)

        return self._settled(answer)

    def special(self, query: Query, contrast: Contrast) -> Special:
        alone = replace(query.counting, group=None)
        archive = Query(country_main=query.country_main).counting
        base = archive if contrast.against == "archive" and contrast.than is None else replace(alone, text="")

        def answer(seen: View) -> Special:
            result, either = self._start(seen, alone), None
            if contrast.than is not None:
                other = self._start(seen, replace(alone, text=contrast.than))
                either = any_of(one.translator.tree(one.parsed.tree) for one in (result, other))
            return special.special(result, self._start(seen, base, either), contrast)

        return self._settled(answer)

    def pairs(self, query: Query, pairing: Pairing) -> Pairs:
        return self._settled(lambda seen: pairs.pairs(self._start(seen, query.counting), pairing))

    def cross(self, query: Query, crossing: Crossing) -> CrossTable:
        return self._settled(lambda seen: cross(self._start(seen, query.counting), crossing))

    def compare(self, queries: Sequence[Query], comparing: Comparing = COMPARING) -> Comparison:
        return self._settled(lambda seen: compare(queries, comparing, partial(self._start, seen)))

    def copies(self, article_id: str) -> tuple[Article, ...]:
        seen, article = self._view(), self._stored(article_id)
        if not article.group:
            return ()
        search = Search(self._cluster, seen, Query(sort="oldest"), frozenset((article_id,)))
        body = search.body() | {"size": MAX_COPIES}
        body["query"]["bool"]["filter"].append({"term": {"group": article.group}})
        hits = self._cluster.search(body, self._name)["hits"]["hits"]
        return tuple(names.spelled(document.article(hit["_source"]), seen.names) for hit in hits)

    def marked(self, articles: Sequence[Article], text: str) -> list[Marked]:
        return marked(articles, Search(self._cluster, self._view(), Query(text)).marker)

    def export(self, query: Query, as_added: bool = False, sort: Sort = "newest") -> Iterator[Article]:
        whole = replace(query, sort=sort, size=1, page=1, cursor=None)  # a size, or words would not be expanded
        search = Search(self._cluster, self._view(), whole)
        if search.order == "relevance":
            search.score()
        articles = self._exported(search)
        return articles if as_added else (names.spelled(article, search.view.names) for article in articles)

    def _exported(self, search: Search) -> Iterator[Article]:
        """Every article of a search as it was added."""
        hits = self._cluster.read_all(search.body() | {"docvalue_fields": ["group"]})
        while batch := list(islice(hits, BATCH)):
            for hit in search.firsts(batch) if search.stories else batch:
                yield document.article(hit["_source"])

    def article(self, article_id: str) -> Article:
        return names.spelled(self._stored(article_id), self._view().names)

    def _stored(self, article_id: str) -> Article:
        """An article as added."""
        body = {"size": 1, "query": {"term": {"id": article_id}}}
        hits = self._cluster.search(body, self._name)["hits"]["hits"]
        if not hits:
            raise self.removals().missing(article_id)
        return document.article(hits[0]["_source"])

    def removals(self) -> Removals:
        return Removals(self._state.blocked(), self._state.removed())

    def narrowed(self, narrowing: Narrowing) -> Engine:
        if not narrowing.rules:
            return self
        with self._lock:
            known = self._narrowed.pop(narrowing, None) or _Narrowed(self, narrowing)
            self._narrowed[narrowing] = known
            while len(self._narrowed) > MOST_NARROWED:
                del self._narrowed[next(iter(self._narrowed))]
            return known

    def stats(self) -> Stats:
        """The contents of the index; `terms` is approximate above 40,000."""
        seen = self._view()
        terms = {"terms": {"cardinality": {"field": "stems", "precision_threshold": 40_000}}}
        counted = self._cluster.search({"size": 0, "aggs": terms}, self._name)["aggregations"]["terms"]["value"]
        held = self._cluster.send("GET", f"/{self._name}/_stats/store,segments")["_all"]["primaries"]
        return Stats(
            articles=seen.articles,
            terms=int(counted),
            segments=int(held["segments"]["count"]),
            bytes=int(held["store"]["size_in_bytes"]),
            generation=seen.generation,
            distinct={name: sum(count > 0 for count in seen.names[name].totals.values()) for name in FACET_NAMES},
        )

    def close(self) -> None:
        self._cluster.close()

    def _settled(self, answer: Callable[[View], T], is_settled: Callable[[], bool] = lambda: False) -> T:
        """An answer from one generation, without a commit in between, nor one that becomes visible meanwhile.

        The first attempt trusts that the generation is still the one of the last answer. How often it is tried depends
        on the commits alone, not on the speed of the cluster.

        Args:
            is_settled: True if the answer came from a point in time, which no commit changes.
        """
        until = time.monotonic() + SHOWING_S
        for attempt in range(1 + _ATTEMPTS):
            seen = (None if attempt else self._current) or self._view()
            try:
                found = answer(seen)
            except DatelineError as error:
                commit = self._state.commit()
                newer = commit.number != seen.generation
                replaced = isinstance(error, ClusterUnavailable | IndexMissing) and (newer or commit.showing)
                if attempt == _ATTEMPTS or not (replaced or (newer and not attempt)):
                    raise
                self._await_showing(until)
                continue
            if is_settled():
                break
            commit = self._state.commit()
            if commit.number == seen.generation and not commit.showing:
                break
            self._await_showing(until)
            if attempt and commit.number == seen.generation and time.monotonic() >= until:
                break
        return found

    def _await_showing(self, until: float) -> None:
        """Wait for a commit that is becoming visible, but no longer than until a time of the clock."""
        while self._state.commit().showing and time.monotonic() < until:
            time.sleep(_PAUSE_S)

    def _view(self) -> View:
        """The last generation, read if necessary."""
        current, generation = self._current, self._state.generation()
        if current is not None and current.generation == generation:
            return current
        with self._lock:
            current = self._current
            if current is None or current.generation < generation:
                current = self._current = view.read(self._cluster, self._state, current)
            return current


class _Narrowed(ClusterEngine):
    """The same index, as if it had only some of its articles; it has its own names and counts, and needs no closing."""

    def __init__(self, whole: ClusterEngine, narrowing: Narrowing) -> None:
        self._name, self._state, self._points = whole._name, whole._state, whole._points
        self._cluster = whole._cluster.only(allowed(narrowing))
        self._lock = threading.Lock()
        self._current = None
        self._whole, self._narrowing = whole, narrowing

    def narrowed(self, narrowing: Narrowing) -> Engine:
        return self._whole.narrowed(self._narrowing & narrowing)

    def removals(self) -> Removals:
        """None: what was removed may have been none of these articles."""
        return Removals(frozenset(), {})

    def close(self) -> None:
        """Do nothing."""


class _Archive:
    """The archive as `did_you_mean` sees it, under the filters of a query."""

    def __init__(self, search: Search, budget: Budget) -> None:
        self._search = search
        self._budget = budget

    def having(self, term: Leaf | Condition) -> int:
        search = self._search
        if term not in search.having:
            return view.counts(search.cluster, {"term": search.translator.node(term)})["term"]
        return search.having[term]

    def nearest(self, word: str, edits: int) -> list[str]:
        self._budget.check()
        return view.nearest(self._search.cluster, self._search.view, word, edits)

    def named(self, facet: str, name: str) -> str | None:
        self._budget.check()
        return names.nearest(self._search.view.names[facet], name)

    def total(self, text: str) -> int:
        query = replace(self._search.query.counting, text=text)
        search = Search(self._search.cluster, self._search.view, query, budget=self._budget)
        search.run()
        return search.total


def check(cluster: Cluster, oldest: int = VERSION) -> int:
    """The version of an index's fields.

    Args:
        cluster: has the index.
        oldest: the earliest version that will do.

    Raises:
        IndexMissing: if there is no index.
        NotAnIndex: if it is not one of ours, of an earlier version, or of a later one.
    """
    name, place = cluster.address.name, cluster.address.place
    if not cluster.exists(f"/{name}"):
        raise IndexMissing.at(place)
    versions = []
    for version in cluster.fields():
        if version is None:
            raise NotAnIndex(f"“{place}” is an index of something else. Choose another name.")
        if version > VERSION:
            raise NotAnIndex(
                f"“{place}” has fields of version {version}, of a later version of Dateline; this one has {VERSION}. "
                "Use that version, or a newer one."
            )
        if version < oldest:
            raise NotAnIndex(
                f"“{place}” has fields of version {version}; this program has {VERSION}. "
                + (f"Convert it: dateline upgrade {place}" if version >= CONVERTED_FROM else "Index the archive again.")
            )
        versions.append(version)
    return min(versions)
