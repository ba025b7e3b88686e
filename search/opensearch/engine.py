"""A cluster that answers queries as `search.local` does.

Facts about the whole archive (`view`) are read once a generation. A query that a commit interrupts is run again, so
that it is answered from one generation; if commits follow each other faster than that, from the last but one. A cluster
counts all facets at once: if that takes longer than the time budget (`search.budget`), only the suggestion of another
query is omitted, and a page is refused. Unlimited lists (`export`) read from a point in time of the cluster.

Cost: a request for the generation, one for the answer, a second in the cases named in `question`; and `view` after a
commit.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import Self, TypeVar

from search import completion, did_you_mean, similar, tombstones
from search.article import Article
from search.authority import Names
from search.budget import Budget, current, offering
from search.engine import CURSOR_SECONDS, MAX_COPIES
from search.errors import ArticleGone, ArticleMissing, BadQuery, IndexMissing, NotAnIndex, OutOfTime
from search.fields import FACET_NAMES
from search.json import Json
from search.opensearch import cursor as cursors
from search.opensearch import document, names, view
from search.opensearch.address import Access, Address
from search.opensearch.cluster import Cluster
from search.opensearch.mapping import VERSION
from search.opensearch.points import Points
from search.opensearch.question import Question
from search.opensearch.state import State
from search.opensearch.view import View
from search.query import Denominator, Listing, Query
from search.reading import reading
from search.results import (
    DateFacet,
    Hit,
    Marked,
    Reading,
    Results,
    Share,
    Stats,
    Suggestion,
    Trend,
    ValueFacet,
)
from search.syntax import Condition, Leaf, Word, leaves, parse, write
from search.text import tokens
from search.tombstones import Removed

T = TypeVar("T")

BATCH = 1000
"""Articles that an export reads at a time."""
KEPT = "5m"
"""How long the cluster retains a point in time for the next batch."""
_ATTEMPTS = 3
WAITING_MS = 10.0
"""How long a phrase, a prefix or the like may delay a request; distinguishes expensive requests from cheap ones."""


class ClusterEngine:
    """Answers from the last commit of the index at an address.

    Raises:
        IndexMissing, NotAnIndex: if there is no usable index.
        ClusterUnavailable: if there is no answer.
    """

    def __init__(self, address: Address, access: Access, cursor_seconds: float = CURSOR_SECONDS) -> None:
        self._name = address.name
        self._cluster = Cluster(address, access)
        self._state = State(self._cluster)
        self._points = Points(self._cluster, self._state, cursor_seconds)
        self._lock = threading.Lock()
        self._current: View | None = None
        check(self._cluster)

    @property
    def generation(self) -> int:
        """The number of the commit that the next query would be answered from."""
        return self._state.generation()

    @property
    def articles(self) -> int:
        """The number of articles of that commit."""
        return self._view().articles

    def search(self, query: Query) -> Results:
        """Answer a query."""
        return self._settled(lambda seen: self._search(seen, query))

    def _search(self, seen: View, query: Query) -> Results:
        began = time.perf_counter()
        budget = current()
        seen, point = self._kept(seen, query)
        asked = Question(self._cluster, seen, query, budget=budget, point=point)
        asked.run()
        if asked.more and point is None:
            self._points.keep(seen.generation)
        hits = tuple(asked.hits())
        try:
            with offering() as allowed:
                offered = did_you_mean.offer(asked.parsed.tree, asked.total, _Archive(asked, allowed))
        except OutOfTime:
            return self._results(asked, query.text, began, hits, incomplete=("did_you_mean",))
        return self._results(asked, query.text, began, hits, offered)

    def _kept(self, seen: View, query: Query) -> tuple[View, Json | None]:
        """The generation to answer a query from, and its point in time if it is not the last one."""
        if query.cursor is None:
            return seen, None
        place = cursors.read(query.cursor)
        if place.generation == seen.generation:
            return seen, None
        if place.generation > max(seen.generation, self._state.generation()):
            raise cursors.bad(query.cursor, "This cursor is newer than the archive.")
        point = self._points.find(place.generation)
        if point is None:
            raise cursors.expired(query.cursor)
        return replace(seen, generation=place.generation), point

    def _results(
        self,
        asked: Question,
        text: str,
        began: float,
        hits: tuple[Hit, ...],
        offered: str | None = None,
        incomplete: tuple[str, ...] = (),
    ) -> Results:
        return Results(
            hits=hits,
            facets=asked.facets,
            query=reading(text, asked.parsed, lambda term: asked.having[term]),
            total=asked.total,
            cursor=asked.cursor(),
            generation=asked.view.generation,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
            exact=asked.exact,
            incomplete=incomplete,
            did_you_mean=offered,
        )

    def together(self) -> AbstractContextManager[None]:
        """Does nothing: the cluster has its own caches."""
        return nullcontext()

    def totals(self, queries: Sequence[Query]) -> tuple[int, ...]:
        """The number of articles that each of several queries finds."""
        return self._settled(lambda seen: tuple(self._total(seen, query) for query in queries))

    def _total(self, seen: View, query: Query) -> int:
        alone = replace(query, size=0, facets=(), page=1, cursor=None)
        asked = Question(self._cluster, seen, alone, budget=current())
        asked.run()
        return asked.total

    def said(self, field: str) -> Names:
        """The authority file's rules for the names of a facet."""
        return self._view().names[field].said

    def effort(self, text: str) -> float:
        """The estimated cost of a query's text: the cluster does the work, but each such part delays this side."""
        try:
            tree = parse(text).tree
        except BadQuery:
            return 0.0
        return WAITING_MS * sum(not isinstance(leaf, Word) for leaf in leaves(tree))

    def facet(self, query: Query, name: str, listing: Listing) -> ValueFacet | DateFacet:
        """One facet of a query, as specified by the listing; its histogram for the name `date`."""

        def answer(seen: View) -> ValueFacet | DateFacet:
            alone = replace(query, facets=(name,), size=0, page=1, cursor=None)
            asked = Question(self._cluster, seen, alone, budget=current())
            asked.run(listing)
            return asked.facets[name]

        return self._settled(answer)

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        """Persons, countries, topics and sources whose names begin with a text, the most frequent first."""
        found = names.suggested(self._view().names, completion.words(text)) if size else []
        return tuple(
            Suggestion(completion.TYPES[place], value, label, -count) for count, place, label, value in found[:size]
        )

    def similar(self, article_id: str, query: Query) -> Results:
        """Articles like one, without it and its near-duplicates."""
        return self._settled(lambda seen: self._similar(seen, article_id, query))

    def _similar(self, seen: View, article_id: str, query: Query) -> Results:
        began = time.perf_counter()
        article = names.spelled(self._stored(article_id), seen.names)
        like = self._likeness(seen, article)
        if like is None:
            return Results(0, 0.0, seen.generation, Reading("", ""), (), {})
        copies = self._ids_of_group(article.group) if article.group else frozenset()
        unwanted, budget = copies | {article_id}, current()
        asked = Question(self._cluster, seen, replace(query, text=like, sort="relevance"), unwanted, budget)
        asked.run()
        return self._results(asked, "", began, tuple(asked.hits()))

    def _likeness(self, seen: View, article: Article) -> str | None:
        """The query that finds articles like this one."""
        asked = Question(self._cluster, seen, Query())
        forms = {token.word for text in (article.title, article.text)
                 for token in islice(tokens(text), similar.WORDS)}  # fmt: skip
        having = view.counts(self._cluster, {form: asked.translator.node(Word(form)) for form in sorted(forms)})

        def idf(word: Word) -> float:
            return math.log(1 + (seen.articles - having[word.word] + 0.5) / (having[word.word] + 0.5))

        like = similar.query(article, lambda word: having[word.word], idf)
        return None if like is None else write(like)

    def _ids_of_group(self, group: str) -> frozenset[str]:
        body = {"size": BATCH * 10, "query": {"term": {"group": group}}, "_source": False}
        return frozenset(hit["_id"] for hit in self._cluster.search(body, self._name)["hits"]["hits"])

    def trend(self, query: Query, denominator: Denominator) -> Trend:
        """The share of articles that match, over time."""

        def answer(seen: View) -> Trend:
            filters = query.filters if denominator == "filters" else {}
            whole, budget = replace(query, text="", filters=filters), current()
            of = Question(self._cluster, seen, whole, budget=budget).histogram(query.interval)
            matching = Question(self._cluster, seen, query, budget=budget).histogram(of.interval)
            counts = {bucket.start: bucket.count for bucket in matching.buckets}
            shares = tuple(Share.of_counts(start, counts.get(start, 0), count) for start, count in of.buckets)
            return Trend(of.interval, denominator, shares)

        return self._settled(answer)

    def copies(self, article_id: str) -> tuple[Article, ...]:
        """The other articles of an article's group, the first `MAX_COPIES`, oldest first, undated last, ties by id."""
        seen, article = self._view(), self._stored(article_id)
        if not article.group:
            return ()
        asked = Question(self._cluster, seen, Query(sort="oldest"), frozenset((article_id,)))
        body = asked.body() | {"size": MAX_COPIES}
        body["query"]["bool"]["filter"].append({"term": {"group": article.group}})
        hits = self._cluster.search(body, self._name)["hits"]["hits"]
        return tuple(names.spelled(document.article(hit["_source"]), seen.names) for hit in hits)

    def marked(self, article: Article, text: str) -> Marked:
        """The positions of a query's words in an article."""
        marker = Question(self._cluster, self._view(), Query(text)).marker(article.language)
        return Marked(marker.marks(article.title, "title"), marker.marks(article.text, "text"))

    def export(self, query: Query) -> Iterator[Article]:
        """Every article that matches, newest first, undated last, from one generation."""
        seen = self._view()
        asked = Question(self._cluster, seen, replace(query, sort="newest", page=1, cursor=None))
        return self._exported(asked)

    def _exported(self, asked: Question) -> Iterator[Article]:
        hits = read_all(self._cluster, asked.body() | {"docvalue_fields": ["group"]})
        while batch := list(islice(hits, BATCH)):
            for hit in asked.firsts(batch) if asked.stories else batch:
                yield names.spelled(document.article(hit["_source"]), asked.view.names)

    def article(self, article_id: str) -> Article:
        """One article. Raises ArticleMissing if none has this id."""
        return names.spelled(self._stored(article_id), self._view().names)

    def _stored(self, article_id: str) -> Article:
        """An article as added."""
        body = {"size": 1, "query": {"term": {"id": article_id}}}
        hits = self._cluster.search(body, self._name)["hits"]["hits"]
        if not hits:
            at = self._state.removed().get(article_id)
            gone = at is not None or article_id in self._state.blocked()
            raise ArticleGone(article_id, at) if gone else ArticleMissing(article_id)
        return document.article(hits[0]["_source"])

    def removed(self, since: str) -> Iterator[Removed]:
        """The remembered articles that were removed at a time or after it, newest first."""
        known = tombstones.newest(self._state.removed(), since)
        if not known:
            return iter(())
        body = {"size": len(known), "query": {"terms": {"id": [one.id for one in known]}}, "_source": False}
        there = {hit["_id"] for hit in self._cluster.search(body, self._name)["hits"]["hits"]}
        return (one for one in known if one.id not in there)

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
        """Release the connections."""
        self._cluster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _settled(self, answer: Callable[[View], T]) -> T:
        """An answer from one generation, without a commit in between."""
        for _ in range(_ATTEMPTS):
            seen = self._view()
            found = answer(seen)
            if self._state.generation() == seen.generation:
                break
        return found

    def _view(self) -> View:
        """The last generation, read if necessary."""
        current, generation = self._current, self._state.generation()
        if current is not None and current.generation == generation:
            return current
        with self._lock:
            current = self._current
            if current is None or current.generation < generation:
                current = self._current = view.read(self._cluster, self._state)
            return current


class _Archive:
    """The archive as `did_you_mean` sees it, under the filters of a query."""

    def __init__(self, asked: Question, budget: Budget) -> None:
        self._asked = asked
        self._budget = budget

    def having(self, term: Leaf | Condition) -> int:
        asked = self._asked
        if term not in asked.having:
            return view.counts(asked.cluster, {"term": asked.translator.node(term)})["term"]
        return asked.having[term]

    def nearest(self, word: str, edits: int) -> list[str]:
        self._budget.check()
        return view.nearest(self._asked.cluster, self._asked.view, word, edits)

    def named(self, facet: str, name: str) -> str | None:
        self._budget.check()
        return names.nearest(self._asked.view.names[facet], name)

    def total(self, text: str) -> int:
        query = replace(self._asked.query, text=text, size=0, page=1, cursor=None, facets=())
        asked = Question(self._asked.cluster, self._asked.view, query, budget=self._budget)
        asked.run()
        return asked.total


def read_all(cluster: Cluster, body: Json) -> Iterator[Json]:
    """All hits of a search with a deterministic order, from one point in time."""
    opened = cluster.send(
        "POST", f"/{cluster.address.name}/_search/point_in_time", keep_alive=KEPT, allow_partial_pit_creation=False
    )
    point = str(opened["pit_id"])
    try:
        after: Json = {}
        while True:
            asked = body | after | {"size": BATCH, "pit": {"id": point, "keep_alive": KEPT}, "track_total_hits": False}
            answer = cluster.search(asked)
            hits = answer["hits"]["hits"]
            yield from hits
            if len(hits) < BATCH:
                return
            point, after = str(answer["pit_id"]), {"search_after": hits[-1]["sort"]}
    finally:
        cluster.send("DELETE", "/_search/point_in_time", {"pit_id": [point]})


def check(cluster: Cluster) -> None:
    """Raise IndexMissing if there is no index, NotAnIndex if it is not one of ours."""
    name, place = cluster.address.name, cluster.address.place
    if not cluster.exists(f"/{name}"):
        raise IndexMissing(f"There is no index at “{place}”. Make one: dateline index {place} FOLDER.")
    for found in cluster.send("GET", f"/{name}/_mapping").values():
        version = found["mappings"].get("_meta", {}).get("dateline")
        if version is None:
            raise NotAnIndex(f"“{place}” is an index of something else. Choose another name.")
        if version != VERSION:
            raise NotAnIndex(
                f"“{place}” has fields of version {version}; this program has {VERSION}. Rebuild it: dateline copy."
            )
