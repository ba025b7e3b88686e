"""One query on one generation: the request and its results.

Filters that a counted facet must ignore are in `post_filter` and in the other facets' aggregations; all others are in
the query. What a facet asks for after the first answer (a histogram of days or weeks, all values, values whose
spellings' counts cannot be added) is sent for all facets together. The facets of the whole archive, and how many of its
articles have a word, are counted once a generation (`view`); for words that are several terms, in an archive of several
languages, before the answer is asked for.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from hashlib import sha256

from search import cursor as cursors
from search.errors import NO_KNOWN, NO_QUALITY, NO_SCANS
from search.meaning import model
from search.meaning.feedback import ARTICLES, Expansion, First, expansions, typed
from search.meaning.nearness import Near, ToQuestion, applies
from search.measures.explaining import ends, explained
from search.measures.reading import with_counts
from search.names.vocabulary import labelled
from search.opensearch import document, mapping
from search.opensearch.ask import cursor as positions
from search.opensearch.ask import facets, histogram
from search.opensearch.ask.cursor import Key
from search.opensearch.ask.filters import Filters
from search.opensearch.ask.translate import MOST_CLAUSES, Clause, Term, Translator, all_of, clauses
from search.opensearch.cluster import Cluster, GaveUp
from search.opensearch.mapping import KNOWN_FROM, QUALITY_FROM, SCANS_FROM, STEMS
from search.opensearch.shown import shown_names as names
from search.opensearch.shown import view
from search.opensearch.shown.view import View
from search.snippets.marker import Marker
from search.syntax import Parsed, asked, settled, write
from search.syntax.nodes import Condition, Fuzzy, Leaf, Misread, Value, leaves, sought
from search.system.budget import UNLIMITED, Budget
from search.system.json import Json
from search.system.lazy import cached_property
from search.values.article import Article
from search.values.query import UNSTORED, Listing, Query
from search.values.results import Copies, DateFacet, Hit, Scored, ValueFacet

Counting = Generator[Clause, Json, ValueFacet | DateFacet]
"""Yields aggregations and is sent the answer to them, until the facet is counted."""

_LEGACY = 2.2
"""The factor of BM25 in versions before 3: k1 + 1."""
_MEASURED_FROM = {"quality": (QUALITY_FROM, NO_QUALITY), "known": (KNOWN_FROM, NO_KNOWN)}
_LAST = 1 << 62
"""After all instants, for undated articles in a list that begins with the oldest."""
_SCORE_DIGITS = 6
LEAST = 10
"""Articles that are put into another order, at least; none by a query of nearly as many clauses as a cluster allows."""


class Search:
    """One query on one generation.

    Attributes:
        total: the number of articles (or stories) that match, after `run`.
        exact: true if that and all counts are exact.
    """

    def __init__(
        self,
        cluster: Cluster,
        seen: View,
        query: Query,
        without: frozenset[str] = frozenset(),
        budget: Budget = UNLIMITED,
        point: Json | None = None,
        tree: Clause | None = None,
        near: Near | None = None,
    ) -> None:
        """Prepare a query.

        Args:
            tree: what to find, if not the query's text.
            near: what the order goes by, too, if not the question.
            without: ids of articles to exclude.
            budget: the query fails if this is exceeded.
            point: the point in time to search, if not the current index.
        """
        self._point = point
        self._budget = budget
        self.cluster = cluster
        self.view = seen
        with labelled(seen.authority.given_labels):
            self.query = query = settled(query, self.total_of, seen.languages)
            self.parsed: Parsed = asked(query, seen.languages)
        self._near = near or ToQuestion(query.text)
        self.leaves = tuple(leaves(self.parsed.tree))
        self.terms = with_counts(self.parsed.tree)
        order = query.order
        self.order = "newest" if order == "relevance" and not self.leaves else order
        self.stories = bool(query.group) and seen.grouped
        self.translator = Translator(seen.languages, seen.names, self.similar, self.beginning)
        self._boost = 1 / _LEGACY if cluster.version < (3,) else None
        if query.scan:
            cluster.need(SCANS_FROM, NO_SCANS)
        for name, *_ in query.measured():
            cluster.need(*_MEASURED_FROM[name])
        listed = cluster.lists(query.list) if query.list else None
        self._filters = Filters(
            query, seen, tree or self.translator.tree(self.parsed.tree), without, self._boost, listed
        )
        self._markers: dict[str | None, Marker] = {}
        self.total = 0
        self.exact = not self.stories
        self.page: list[Json] = []
        self.more = False
        self.facets: dict[str, ValueFacet | DateFacet] = {}
        self.having: dict[Leaf | Condition, int] = {}
        self._settled = point is None and not self.stories

    def similar(self, leaf: Fuzzy | Misread) -> list[str]:
        """The forms that a leaf expands to; of a misread word its readings."""
        if isinstance(leaf, Misread):
            return view.misread(self.cluster, self.view, leaf.word).chosen(leaf.without, leaf.also)
        return view.nearest(self.cluster, self.view, leaf.word, leaf.edits)

    def beginning(self, letters: str) -> list[str]:
        """The forms that begin with some letters. Raises BadQuery if there are too many."""
        return view.beginning(self.cluster, self.view, letters)

    @cached_property
    def _list(self) -> str:
        """The name of the list in cursors."""
        added = sorted(one.term for one in self.expansions)  # weights depend on the copy of a shard that answers
        added += [model.TERM] * bool(self.meaning)
        return cursors.named(self.query, self.parsed.tree, self.order, added)

    @property
    def sort(self) -> list[Clause]:
        """The requested order, ties by id."""
        if self.order == "relevance":
            return [{"_score": "desc"}, {"id": "asc"}]
        if self.order == "oldest":
            return [{"instant": {"order": "asc", "missing": _LAST}}, {"id": "asc"}]
        field = self.order if self.order in ("added", "changed") else "instant"
        return [{field: {"order": "desc", "missing": 0}}, {"id": "asc"}]

    # -- asking ------------------------------------------------------------------------------

    def total_of(self, query: Query) -> int:
        """The number of articles that another query finds in the same generation."""
        other = Search(self.cluster, self.view, query, budget=self._budget, point=self._point)
        other.run()
        return other.total

    def score(self, weighed: bool = True) -> None:
        """Prepare the scores of all matches.

        Args:
            weighed: False if only the matches are asked for.
        """
        if self.leaves and weighed:
            self._weigh()
        expanded = [self.translator.expansion(one) for one in self.expansions]
        self._filters.score_by(expanded)
        nearer = [self.translator.raised(one, more / (self._boost or 1.0)) for one, more in self.meaning.items()]
        self._filters.score_by([*expanded, *nearer])

    def run(self, listing: Listing | None = None) -> None:
        """Find the page and count.

        Args:
            listing: which values of the facets are listed, if not the first ones.
        """
        query, counted = self.query, tuple(dict.fromkeys(self.query.facets))
        self.score(bool(query.size or query.cursor))
        listed = listing or Listing(limit=query.facet_size)
        body = self._filters.body(counted) | {"track_total_hits": True, "size": 0}
        if query.size:
            body |= self._page()
        # each is a generator that yields the aggregation it needs next, so that all facets share each request
        counting = {
            name: self._timeline(query.interval, self._is_archive(name) and not self._filters.own((name,)))
            if name == "date"
            else self._values(name, listed)
            for name in counted
        }
        asked = self._proceed(counting, dict.fromkeys(counted))
        aggregations = self._aggregations(asked, counted)
        if self.stories:
            outside = self._filters.own(counted) or all_of(())
            aggregations["total"] = {"filter": outside, "aggs": facets.counting(True, facets.SURE_OF_ALL)}
        known = self.view.having if self._point is None else {}
        self.having = {term: count for term in self.terms if (count := known.get(term)) is not None}
        unknown = [term for term in self.terms if term not in self.having]
        if unknown:
            within, node = self.cluster.within, self.translator.node
            clauses = {str(number): within(node(term)) for number, term in enumerate(unknown)}
            aggregations["terms"] = {"global": {}, "aggs": {"each": {"filters": {"filters": clauses}}}}
        answer = self._send(body | ({"aggs": aggregations} if aggregations else {}))
        found = answer.get("aggregations", {})
        self.total = int(answer["hits"]["total"]["value"])
        if self._is_archive("") and self.total != self.view.articles:
            self._settled = False  # a commit that is not complete: what is known of the archive is not what is found
            return self.run(listing)
        if self.stories:
            self.total = facets.count_of(found["total"], True)
        for number, term in enumerate(unknown):
            self.having[term] = int(found["terms"]["each"]["buckets"][str(number)]["doc_count"])
        if len(known) < view.MAX_KNOWN:
            known.update(self.having)
        while asked := self._proceed(counting, {name: _answer(found, name, inner) for name, inner in asked.items()}):
            again = self._filters.body(counted) | {"size": 0, "aggs": self._aggregations(asked, counted)}
            found = self._send(again)["aggregations"]
        self.facets = {name: self.facets[name] for name in counted}
        self._take(answer["hits"]["hits"])

    def _values(self, name: str, listing: Listing) -> Counting:
        known, chosen = self.view.names[self.query.counted(name)], self.query.filter(name).any
        if self._is_archive(name):
            counted = facets.of_archive(known, chosen, listing)
        else:
            complete = self._settled and not known.missing
            counted = yield from facets.values(known, self.stories, chosen, listing, complete)
        self.exact = self.exact and counted.exact
        return facets.value_facet(known, counted, self.query, listing)

    def _timeline(self, interval: str, archive: bool) -> Counting:
        known = self.view.timelines
        if archive and interval in known:
            return known[interval]
        within = None if self._filters.own(("date",)) is None else self._filters.in_range()
        found = yield from histogram.histogram(interval, self.stories, within, self._settled and self.view.dated)
        if archive:
            known[interval] = found
        return found

    def _is_archive(self, facet: str) -> bool:
        """True if a facet is that of the whole archive, of which the view knows the counts."""
        return self._settled and self._filters.all_but(facet)

    def _proceed(self, counting: Mapping[str, Counting], answers: Mapping[str, Json | None]) -> dict[str, Clause]:
        """Pass answers on to the facets that need them. Returns the aggregations that they need next, by facet."""
        asked: dict[str, Clause] = {}
        for name, answer in answers.items():
            try:
                asked[name] = counting[name].send(answer)  # type: ignore[arg-type]  # the first is None
            except StopIteration as counted:
                self.facets[name] = counted.value
        return asked

    def _aggregations(self, asked: Mapping[str, Clause], counted: tuple[str, ...]) -> Clause:
        """The aggregations of some facets, each without the facet's own filter."""
        found: Clause = {}
        for name, inner in asked.items():
            others = self._filters.others(name, counted)
            if others is None:
                found |= {f"{name} {one}": clause for one, clause in inner.items()}
            else:
                found[name] = {"filter": others, "aggs": inner}
        return found

    @cached_property
    def expansions(self) -> tuple[Expansion, ...]:
        """The terms that the order uses besides the query's; empty if it does not (see `search.meaning.feedback`)."""
        query, counted = self.query, self.parsed.counted
        if not (counted and (query.size or query.cursor) and query.rank == "best" and self.order == "relevance"):
            return ()
        body = self._filters.body() | {"size": ARTICLES, "sort": self.sort, "track_scores": True, "_source": ["record"]}
        hits = self._send(body | ({"collapse": {"field": "story"}} if self.view.grouped else {}))["hits"]["hits"]
        if not hits or not all(self._missing([hit["_id"] for hit in hits]).values()):
            return ()
        firsts = []
        for hit in hits:
            article = document.article(hit["_source"])
            score = round(float(hit["_score"]), _SCORE_DIGITS)
            firsts.append(First(article.title, article.text, article.language, score))
        return expansions(firsts, len(counted), self._having, self.view.articles)

    @cached_property
    def meaning(self) -> dict[str, float]:
        """What nearness in meaning adds to the scores of articles, by id; empty if the order does not use it.

        Asked for when the scores have those of `expansions`, and no more.
        """
        near = self._near
        if not applies(near, self.query, self.expansions):
            return {}
        body = self._filters.body() | {"sort": self.sort, "track_scores": True}
        body["size"] = min(near.head, MOST_CLAUSES - clauses(body["query"]))
        if body["size"] < LEAST:
            return {}
        hits = self._send(body | {"_source": [mapping.MEANING], "track_total_hits": False})["hits"]["hits"]
        self._budget.check()
        scores = [round(float(hit["_score"]), _SCORE_DIGITS) for hit in hits]
        more = near.added(scores, [document.meaning(hit.get("_source", {})) for hit in hits])
        return dict(zip((hit["_id"] for hit in hits), more, strict=True)) if more else {}

    def _having(self, terms: Sequence[str]) -> list[int]:
        """The number of articles that have each of some terms, as they are indexed."""
        found = self._counted([(STEMS, term) for term in terms])
        return [found[STEMS, term] for term in terms]

    def _weigh(self) -> None:
        """Score words of several languages as one (see `translate`)."""
        terms = self.translator.weighing(self.parsed.tree)
        if terms:
            self.translator.weigh(self._counted(terms), self.view.articles)
            self._filters.weigh(self.translator.tree(self.parsed.tree))

    def _counted(self, terms: Sequence[Term]) -> dict[Term, int]:
        """The number of articles that have each of some terms."""
        known = self.view.terms if self._point is None else {}
        unknown = [term for term in terms if term not in known]
        clauses = {str(number): {"terms": {field: term.split()}} for number, (field, term) in enumerate(unknown)}
        counts = view.counts(self.cluster, clauses, self._send)
        found = {term: counts[str(number)] for number, term in enumerate(unknown)}
        found |= {term: known[term] for term in terms if term in known}
        if len(known) < view.MAX_KNOWN:
            known.update(found)
        return found

    def _send(self, body: Clause, **parameters: object) -> Json:
        # The same query goes to the same replicas, whose statistics may differ; two hex digits identify nobody.
        chosen = sha256(self.query.text.encode("utf-8", "replace")).hexdigest()[:2]
        if self._point is None:
            parameters["preference"] = f"copies-{chosen}"
        if self.order == "relevance" and self.view.shards > 1:
            parameters["search_type"] = "dfs_query_then_fetch"  # otherwise each shard has statistics of its own
        if (left := self._budget.left_ms) is not None:
            body = body | {"timeout": f"{left}ms"}  # in the body: the client has a parameter of its own with this name
        try:
            if self._point is not None:
                return self.cluster.search(body | {"pit": self._point}, None, **parameters)
            return self.cluster.search(body, self.cluster.address.name, **parameters)
        except GaveUp:
            raise self._budget.passed from None

    def _page(self) -> Clause:
        query = self.query
        wanted = query.wanted
        asked: Clause = {
            "size": query.size + 1 if self.stories else query.size,
            "sort": self.sort,
            "track_scores": bool(self.leaves),
            "_source": False if wanted <= UNSTORED else ["record"],
        }
        if "group" in wanted or self.stories:
            asked["docvalue_fields"] = ["group"]
        if query.cursor is not None:
            place = positions.read(query.cursor, self._list)
            if place.generation != self.view.generation:
                raise cursors.expired(query.cursor)
            asked["search_after"] = place.key
        else:
            asked["from"] = (query.page - 1) * query.size
            if self.stories:
                asked["collapse"] = {"field": "story"}
        return asked

    # -- the page ----------------------------------------------------------------------------

    def _take(self, hits: list[Json]) -> None:
        query = self.query
        if not query.size:
            return
        if not self.stories:
            self.page = hits
            before = (query.page - 1) * query.size
            if query.cursor is None:
                self.more = before + query.size < self.total
            else:
                self.more = len(hits) == query.size and bool(self._following(hits[-1]["sort"], 1))
        elif query.cursor is None:
            self.page, self.more = hits[: query.size], len(hits) > query.size
        else:
            # a cluster cannot collapse a list that is continued: read on until enough stories have begun
            firsts = list(self.firsts(hits))
            while hits and len(firsts) <= query.size:
                hits = self._following(hits[-1]["sort"], query.size + 1)
                firsts += self.firsts(hits)
            self.page, self.more = firsts[: query.size], len(firsts) > query.size

    def _following(self, key: Key, size: int) -> list[Json]:
        """The hits after a position."""
        body = self._filters.body() | self._page() | {"search_after": key, "size": size, "track_total_hits": False}
        body.pop("from", None)
        body.pop("collapse", None)
        found: list[Json] = self._send(body)["hits"]["hits"]
        return found

    def firsts(self, hits: list[Json]) -> Iterator[Json]:
        """The hits that come before all others of their story, in order."""
        groups = sorted({group for hit in hits if (group := group_of(hit))})
        if not groups:
            yield from hits
            return
        body = self._filters.body() | {
            "size": len(groups),
            "sort": self.sort,
            "collapse": {"field": "story"},
            "_source": False,
        }
        body["query"]["bool"]["filter"].append({"terms": {"group": groups}})
        first = {hit["_id"] for hit in self._send(body)["hits"]["hits"]}
        for hit in hits:
            if group_of(hit) is None or hit["_id"] in first:
                yield hit

    def cursor(self) -> str | None:
        """The cursor for the next page."""
        if not self.more or not self.page:
            return None
        return cursors.write((self.view.generation, self._list, *self.page[-1]["sort"]))

    def hits(self) -> Iterator[Hit]:
        """The hits of the page."""
        wanted = self.query.wanted
        sizes = self._sizes() if "group" in wanted else {}
        ids = [hit["_id"] for hit in self.page]
        missing, why = self._missing(ids), self._scored(ids)
        for hit in self.page:
            group = group_of(hit)
            copies = Copies.of(group, sizes[group]) if group in sizes else None
            score = round(float(hit["_score"]), _SCORE_DIGITS) if self.leaves else None
            if wanted <= UNSTORED:
                yield Hit(
                    Article(hit["_id"], ""), score, (), (), copies, missing.get(hit["_id"], ()), why.get(hit["_id"], ())
                )
                continue
            article = names.spelled(document.article(hit["_source"]), self.view.names)
            marker = self.marker(article.language)
            yield Hit(
                article,
                score,
                marker.snippets(article.text, article.evidence) if "snippets" in wanted else (),
                marker.marks(article.title, "title", article.evidence) if "title_marks" in wanted else (),
                copies,
                missing.get(hit["_id"], ()),
                why.get(hit["_id"], ()),
            )

    def _scored(self, ids: list[str]) -> dict[str, tuple[Scored, ...]]:
        """What the score of each of some articles is made of, if that was asked for, by id."""
        if not (self.query.explain and self.leaves and ids):
            return {}
        own = typed(self.leaves, self.view.languages)
        asked: list[tuple[Leaf | Condition | Expansion, Clause]] = [
            *((end, self.translator.node(end)) for end in ends(self.parsed.tree)),
            *((one, self.translator.expansion(one)) for one in self.expansions),
        ]
        named = [{"bool": {"must": [clause], "_name": str(n)}} for n, (_, clause) in enumerate(asked)]
        these = {"bool": {"filter": [{"terms": {"id": ids}}], "should": named}}
        body = {"query": these, "size": len(ids), "_source": False}
        found: dict[str, tuple[Scored, ...]] = {}
        for hit in self._send(body, include_named_queries_score=True)["hits"]["hits"]:
            of = {asked[int(n)][0]: score * (self._boost or 1.0) for n, score in hit["matched_queries"].items()}
            found[hit["_id"]] = explained(
                self.parsed.tree,
                of.__contains__,
                {one: score for one, score in of.items() if isinstance(one, Leaf)},
                [(own.get(one.term, one.form), one.term not in own, of[one]) for one in self.expansions if one in of],
                self.meaning.get(hit["_id"], 0.0),
            )
        return found

    def _missing(self, ids: list[str]) -> dict[str, tuple[str, ...]]:
        """The parts of the text that each of some articles does not have, by id."""
        counted = self.parsed.counted
        if not counted or not ids:
            return {}
        named = [{"bool": {"filter": [self.translator.node(p)], "_name": str(n)}} for n, p in enumerate(counted)]
        these = {"bool": {"filter": [{"terms": {"id": ids}}], "should": named}}
        answer = self._send({"query": these, "size": len(ids), "_source": False})
        return {
            hit["_id"]: tuple(
                write(part) for n, part in enumerate(counted) if str(n) not in hit.get("matched_queries", ())
            )
            for hit in answer["hits"]["hits"]
        }

    def _sizes(self) -> dict[str, int]:
        """The number of articles of the archive in each group of the page."""
        groups = {group for hit in self.page if (group := group_of(hit))}
        return view.counts(self.cluster, {group: {"term": {"group": group}} for group in groups})

    def marker(self, language: str | None) -> Marker:
        """Highlights the words of the query in texts of a language."""
        if language not in self._markers:
            parts = list(sought(self.leaves))
            similar = {leaf: self.similar(leaf) for leaf in parts if isinstance(leaf, Fuzzy | Misread)}
            shown = {one: self.view.names[one.facet].shown_as(one.value) for one in parts if isinstance(one, Value)}
            self._markers[language] = Marker(self.leaves, language, similar, shown)
        return self._markers[language]

    def histogram(self, interval: str) -> DateFacet:
        """The histogram of the articles that pass all filters, including that of the date."""
        counting = {"date": self._timeline(interval, self._is_archive(""))}
        asked = self._proceed(counting, {"date": None})
        while asked:
            asked = self._proceed(counting, {"date": self.aggregations(asked["date"])})
        found = self.facets["date"]
        assert isinstance(found, DateFacet)
        return found

    @property
    def clause(self) -> Clause:
        """What finds the articles that pass all filters."""
        clause: Clause = self._filters.body()["query"]
        return clause

    def under_filters(self, tree: Clause) -> Clause:
        """What finds the articles that pass all filters and have something else than the text of the query."""
        return self._filters.of(tree)

    def counts(self, among: Clause, each: Sequence[Clause]) -> list[int]:
        """How many articles of a clause have each of some others."""
        numbered = {str(number): clause for number, clause in enumerate(each)}
        found = view.counts(self.cluster, numbered, lambda body: self._send(body | {"query": among}))
        return [found[number] for number in numbered]

    def count(self) -> int:
        """The number of articles that pass all filters."""
        return int(self._send(self._filters.body() | {"size": 0, "track_total_hits": True})["hits"]["total"]["value"])

    def aggregations(self, asked: Clause) -> Json:
        """Aggregations over the articles that pass all filters."""
        found: Json = self._send(self._filters.body() | {"size": 0, "aggs": asked})["aggregations"]
        return found

    def body(self) -> Clause:
        """The query and its order, with all filters in it: for unlimited lists."""
        return self._filters.body() | {"sort": self.sort, "track_scores": False}


def _answer(found: Json, name: str, asked: Clause) -> Json:
    """The answer to the aggregations of one facet (see `_aggregations`)."""
    answer: Json = found[name] if name in found else {one: found[f"{name} {one}"] for one in asked}
    return answer


def group_of(hit: Json) -> str | None:
    """The group of a hit."""
    named: list[str] = hit.get("fields", {}).get("group", [])
    return named[0] if named else None
