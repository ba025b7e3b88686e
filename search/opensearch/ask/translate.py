"""Here is a query tree, give me the cluster's query: only terms, phrases, intervals, prefixes and ranges.

What a user typed is never passed to a parser of the cluster: it arrives as words that `search.text.tokens` has
tokenized. The matches are those of `search.syntax.nodes`. The scores of words, phrases and similar words are, too (see
`mapping` and `Translator.weigh`); those of near words, prefixes and words of one field are close: the cluster weights
each word by itself. A word that a scanner may have misread adds 1, and its score where it is as it was typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from search.meaning.feedback import Expansion
from search.opensearch.document import ends, mention
from search.opensearch.mapping import FORMS, MARKS, STEMS, field_of
from search.opensearch.shown.shown_names import FacetNames
from search.scoring import idf
from search.syntax import nodes
from search.system.json import Json
from search.text import dates
from search.text.tokens import rows_in, terms_in

Clause = Json

Term = tuple[str, str]
"""A field, and a term in it, or several, separated by spaces, of which an article has any."""
Rows = list[tuple[str, ...]]
"""The terms of some words, a row for each language."""

NOTHING: Clause = {"match_none": {}}
EVERYTHING: Clause = {"match_all": {}}
MAX_WORDS = 1000
"""Maximum number of words that a part of a `Together` may expand to."""
SCORED_FORMS = 900
"""Maximum number of scored words, including the expansions of prefixes and similar words."""
MOST_CLAUSES = 1000
"""Of a query, those excepted that nobody counts; a cluster allows 1,024."""


class Translator:
    """Writes queries for one generation.

    Args:
        languages: those of the archive.
        names: of each facet.
        similar: returns the forms that a `Fuzzy` expands to, and the readings of a `Misread`.
        beginning: returns the forms that begin with some letters.
    """

    def __init__(
        self,
        languages: Sequence[str],
        names: Mapping[str, FacetNames],
        similar: Callable[[nodes.Fuzzy | nodes.Misread], Sequence[str]],
        beginning: Callable[[str], Sequence[str]],
    ) -> None:
        self._languages = languages
        self._names = names
        self._similar = similar
        self._beginning = beginning
        self._each = 50
        self._having: Mapping[Term, int] = {}
        self._articles = 0

    def weighing(self, tree: nodes.Node) -> list[Term]:
        """The terms that `weigh` has to know of a tree: of words that are several terms, one of each language."""
        found: dict[Term, None] = {}
        for leaf in nodes.leaves(tree):
            for part in nodes.sought([leaf]):
                if isinstance(part, nodes.Fuzzy) and len(forms := list(self._similar(part))[: self._each]) > 1:
                    name = field_of(FORMS, part.field)
                    found |= dict.fromkeys((name, some) for some in (*forms, " ".join(forms)))
                field, rows = self._rows(part)
                if len(rows) > 1:
                    found |= dict.fromkeys((field, term) for row in rows for term in row)
        return list(found)

    def weigh(self, having: Mapping[Term, int], articles: int) -> None:
        """Score each word as one from now on, whichever its term is in the language of an article; similar words, too.

        A word is as rare as all of its terms together, and no article has two of them; a cluster takes each for as rare
        as it is by itself.

        Args:
            having: the number of articles that have each of `weighing`.
            articles: the number of all.
        """
        self._having, self._articles = having, articles

    def tree(self, tree: nodes.Node) -> Clause:
        """The query of a whole tree."""
        self._each = max(1, min(50, SCORED_FORMS // max(1, len(list(nodes.leaves(tree))))))
        return self.node(tree)

    def node(self, node: nodes.Node) -> Clause:
        """The query of a node, scored as the node is."""
        match node:
            case nodes.All():
                return unscored(EVERYTHING)
            case nodes.And(parts):
                return {
                    "bool": {
                        "must": [
                            self.node(part)
                            for part in parts
                            if not isinstance(part, nodes.Not | nodes.Condition | nodes.All)
                        ],
                        "filter": [self.node(part) for part in parts if isinstance(part, nodes.Condition)]
                        or [EVERYTHING],
                        "must_not": [self.node(part.part) for part in parts if isinstance(part, nodes.Not)],
                    }
                }
            case nodes.Or(parts):
                return any_of(self.node(part) for part in parts)
            case nodes.AtLeast(parts, least):
                return {"bool": {"should": [self.node(part) for part in parts], "minimum_should_match": least}}
            case nodes.Not(part):
                return unscored({"bool": {"must_not": [self.node(part)]}})
            case nodes.Value(facet, value):
                return unscored(having(facet, self._names[facet].behind([value])))
            case nodes.Id(article_id):
                return unscored({"term": {"id": article_id}})
            case nodes.Url(beginning):
                return unscored({"prefix": {"url": {"value": beginning}}})
            case nodes.Days(field="mentioned"):
                first, last = node.bounds()
                return unscored(naming(first.toordinal() if first else None, last.toordinal() if last else None))
            case nodes.Days(field="added"):
                return added(*dates.instants(*node.bounds()))
            case nodes.Days():
                first, last = node.bounds()
                return unscored(between(first.toordinal() if first else None, last.toordinal() if last else None))
            case _:
                return self._leaf(node)

    def expansion(self, one: Expansion) -> Clause:
        """What scores a term of an expansion."""
        return {"term": {field_of(STEMS, None): {"value": one.term, "boost": one.weight}}}

    def raised(self, article_id: str, more: float) -> Clause:
        """What adds to the score of an article."""
        return {"constant_score": {"filter": {"term": {"id": article_id}}, "boost": more}}

    def _leaf(self, leaf: nodes.Leaf) -> Clause:
        match leaf:
            case nodes.Together(parts):
                each = [self.node(one) for part in parts for one in nodes.alternatives(part) or ()]
                return filtered(any_of(self._together(leaf, place) for place in ("title", "text")), each)
            case nodes.Word() | nodes.Phrase() | nodes.Near():
                field, rows = self._rows(leaf)
                weights = self._weights(field, rows)
                return any_of(_row(leaf, field, *one) for one in zip(rows, weights, strict=True))
            case nodes.Exact((word,), field):
                return _term(field_of(FORMS, field), word)
            case nodes.Exact(words, field):
                return _phrase(field_of(FORMS, field), words, 0)
            case nodes.Prefix(letters, field):
                name = field_of(FORMS, field)
                scored = {"value": letters, "rewrite": f"top_terms_blended_freqs_{self._each}"}
                return filtered({"prefix": {name: {"value": letters}}}, [{"prefix": {name: scored}}])
            case nodes.Fuzzy(_, _, field):
                name, forms = field_of(FORMS, field), list(self._similar(leaf))
                if not forms:
                    return NOTHING
                return filtered({"terms": {name: forms}}, [self._one_word(name, forms[: self._each])])
            case nodes.Misread(word, _, field):
                return self._misread(leaf, word, field)

    def _misread(self, leaf: nodes.Misread, word: str, field: str | None) -> Clause:
        """A word and its readings: each article has one score, and that of the word where it is as it was typed."""
        name, read = field_of(STEMS, field), self._similar(leaf)
        single = sorted({term for one in read if " " not in one for term in terms_in(one, self._languages)})
        rows = [row for one in read if " " in one for row in rows_in(one.split(), self._languages)]
        found = any_of([{"terms": {name: single}}, *(_phrase(name, row, 0) for row in rows)])
        itself = any_of(_term(name, term) for term in terms_in(word, self._languages))
        return {"bool": {"must": [{"constant_score": {"filter": found, "boost": 1}}], "should": [itself]}}

    def _one_word(self, field: str, forms: Sequence[str]) -> Clause:
        """Some words, scored as one: by how often an article has any; as rare as the most frequent, if not weighed."""
        known = [self._having.get((field, form)) for form in (*forms, " ".join(forms))]
        counts = [min(count, self._articles) for count in known if count is not None]
        weight = 1.0
        if len(counts) == len(known):
            weight = idf(counts.pop(), self._articles) / idf(max(counts), self._articles)
        synonyms = {"query": "|".join(forms), "analyzer": MARKS, "boost": weight}
        return {"match": {field: synonyms}}

    def _rows(self, leaf: nodes.Leaf | nodes.Condition) -> tuple[str, Rows]:
        """The field of a leaf, and its terms in each language; none if it has the same in all."""
        match leaf:
            case nodes.Word(word, field):
                return field_of(STEMS, field), [(term,) for term in terms_in(word, self._languages)]
            case nodes.Phrase(words, field) | nodes.Near(words, _, field):
                return field_of(STEMS, field), rows_in(words, self._languages)
            case _:
                return "", []

    def _weights(self, field: str, rows: Rows) -> list[float]:
        """What makes the idf that the cluster takes each row for that of all together."""
        if len(rows) == 1 or any((field, term) not in self._having for row in rows for term in row):
            return [1.0] * len(rows)

        def idf_of(terms: Iterable[str]) -> float:
            having = sum(self._having[field, term] for term in terms)
            return idf(min(having, self._articles), self._articles)  # a commit that is not complete may count more

        whole = sum(idf_of(set(word)) for word in zip(*rows, strict=True))
        return [whole / sum(idf_of([term]) for term in row) for row in rows]

    def _together(self, node: nodes.Together, place: str) -> Clause:
        """Parts together in the title, or in the text."""
        each = [self._alternatives(part, place) for part in node.parts]
        if not all(each):
            return NOTHING
        if isinstance(node.within, int):
            one, other = each
            rules = [_any_rule({size: some}) for part in (one, other) for size, some in part.items()]
            near = [_near_each_other(a, b, node.within) for a in rules[: len(one)] for b in rules[len(one) :]]
            return any_of(_intervals(place, rule) for rule in near)
        if node.within == "next":
            return _intervals(
                place, {"all_of": {"ordered": True, "max_gaps": 0, "intervals": list(map(_any_rule, each))}}
            )
        different = [json.loads(rule) for rule in dict.fromkeys(json.dumps(_any_rule(part)) for part in each)]
        if len(different) == 1:
            return _intervals(place, different[0])
        together: Clause = {"ordered": False, "intervals": different}
        if place == "text":
            first, last, only = (_match(MARKS, place, [mark]) for mark in ends(node.within))
            several: Clause = {"all_of": {"ordered": True, "intervals": [first, last]}}
            together["filter"] = {"contained_by": {"any_of": {"intervals": [several, only]}}}
        return _intervals(place, {"all_of": together})

    def _alternatives(self, part: nodes.Part, place: str) -> dict[int, list[Clause]]:
        """The rules of intervals of which any finds a part in a field, by the number of words of an interval.

        Words that are one field's are one rule, since a cluster combines each rule of a part with each of the others.
        """
        words: dict[str, set[str]] = {}
        found: dict[int, list[Clause]] = {}
        for one in nodes.alternatives(part) or ():
            if not isinstance(one, nodes.Value) and one.field not in (None, place):
                continue
            match one:
                case nodes.Word(word):
                    words.setdefault(STEMS, set()).update(terms_in(word, self._languages))
                case nodes.Exact((word,)):
                    words.setdefault(FORMS, set()).add(word)
                case nodes.Fuzzy():
                    words.setdefault(FORMS, set()).update(self._similar(one))
                case nodes.Misread():
                    for read in self._similar(one):
                        if " " in read:
                            rows = rows_in(read.split(), self._languages)
                            found.setdefault(2, []).extend(_match(STEMS, place, row) for row in rows)
                        else:
                            words.setdefault(STEMS, set()).update(terms_in(read, self._languages))
                case nodes.Prefix(letters):
                    words.setdefault(FORMS, set()).update(self._beginning(letters))
                case nodes.Value(facet, value):
                    behind = self._names[facet].behind([value])
                    words.setdefault(MARKS, set()).update(mention(facet, key) for key in behind)
                case nodes.Exact(several):
                    found.setdefault(len(several), []).append(_match(FORMS, place, several))
                case nodes.Phrase(several):
                    rows = rows_in(several, self._languages)
                    found.setdefault(len(several), []).extend(_match(STEMS, place, row) for row in rows)
        found.setdefault(1, []).extend(_one_of(kind, place, sorted(some)) for kind, some in words.items() if some)
        return {size: rules for size, rules in found.items() if rules}


def _intervals(place: str, rule: Clause) -> Clause:
    return {"intervals": {field_of(STEMS, place): rule}}


def _match(kind: str, place: str, words: Sequence[str]) -> Clause:
    """Adjacent words of a field."""
    return {"match": {"query": " ".join(words), "max_gaps": 0, "ordered": True, "use_field": field_of(kind, place)}}


def _one_of(kind: str, place: str, words: Sequence[str]) -> Clause:
    """Any of some words of a field."""
    if len(words) == 1:
        return _match(kind, place, words)
    pattern = "|".join(re.sub(r"(\W|_)", r"\\\1", word) for word in words)
    return {"regexp": {"pattern": pattern, "max_expansions": MAX_WORDS, "use_field": field_of(kind, place)}}


def _any_rule(rules: dict[int, list[Clause]]) -> Clause:
    every = [rule for size in sorted(rules) for rule in rules[size]]
    return every[0] if len(every) == 1 else {"any_of": {"intervals": every}}


def _near_each_other(a: Clause, b: Clause, distance: int) -> Clause:
    return a if a == b else {"all_of": {"ordered": False, "max_gaps": distance - 1, "intervals": [a, b]}}


def _row(leaf: nodes.Word | nodes.Phrase | nodes.Near, field: str, row: tuple[str, ...], weight: float) -> Clause:
    """The query of a leaf in one language."""
    match leaf:
        case nodes.Word():
            return _term(field, row[0], weight)
        case nodes.Phrase():
            return _phrase(field, row, 0, weight)
        case nodes.Near():
            return _near(field, sorted(row), leaf.distance, weight)


def clauses(clause: Clause) -> int:
    """How many clauses a cluster counts in a query, at most: those that are not made of others."""
    ((kind, inner),) = clause.items()
    match kind:
        case "bool":
            parts = [part for part in inner.values() if isinstance(part, list | dict)]
            return sum(clauses(one) for part in parts for one in (part if isinstance(part, list) else [part]))
        case "constant_score":
            return clauses(inner["filter"])
        case "prefix":
            (asked,) = inner.values()
            most = str(asked.get("rewrite", "")).rpartition("_")[2]
            return int(most) if most else 1
        case _:
            return 1


def unscored(clause: Clause) -> Clause:
    """A clause that adds 0 to the score."""
    return {"constant_score": {"filter": clause, "boost": 0}}


def filtered(clause: Clause, scored: list[Clause]) -> Clause:
    """A query that matches one clause and is scored by others."""
    return {"bool": {"filter": [clause], "should": scored}}


def any_of(clauses: Iterable[Clause]) -> Clause:
    """At least one of these."""
    listed = list(clauses)
    return listed[0] if len(listed) == 1 else {"bool": {"should": listed, "minimum_should_match": 1}}


def all_of(clauses: Iterable[Clause]) -> Clause:
    """Every one of these, unscored; everything if there are none."""
    return {"bool": {"filter": list(clauses) or [EVERYTHING]}}


def having(facet: str, keys: Sequence[str]) -> Clause:
    """Articles with at least one of these normalized values."""
    return {"terms": {facet: list(keys)}} if keys else NOTHING


def between(first: int | None, last: int | None) -> Clause:
    """Articles dated in a range of days, as ordinals."""
    bounds = {name: day for name, day in (("gte", first), ("lte", last)) if day is not None}
    return {"range": {"day": bounds}} if bounds else {"exists": {"field": "day"}}


def naming(first: int | None, last: int | None) -> Clause:
    """Articles that mention a date in a range of days, as ordinals."""
    if first is not None and last is not None and first > last:
        return NOTHING  # a cluster refuses such a range of ranges
    bounds = {name: day for name, day in (("gte", first), ("lte", last)) if day is not None}
    return {"range": {"mentioned": bounds | {"relation": "within"}}}


def added(begin: int, end: int) -> Clause:
    """Articles first indexed in a range of instants, end exclusive."""
    return {"range": {"added": {"gte": begin, "lt": end}}}


UNDATED: Clause = {"bool": {"must_not": [{"exists": {"field": "day"}}]}}


def without_any(names: FacetNames) -> Clause:
    """Articles without a shown value of a facet."""
    none = {"bool": {"must_not": [{"exists": {"field": names.name}}]}}
    if not names.hidden:
        return none
    only = {"terms": names.hidden, "minimum_should_match_field": f"{names.name}_n"}
    return any_of([none, {"terms_set": {names.name: only}}])


def _term(field: str, word: str, weight: float = 1.0) -> Clause:
    return {"term": {field: {"value": word, "boost": weight}}}


def _phrase(field: str, words: Sequence[str], slop: int, weight: float = 1.0) -> Clause:
    return {"match_phrase": {field: {"query": " ".join(words), "slop": slop, "boost": weight}}}


def _near(field: str, words: Sequence[str], distance: int, weight: float) -> Clause:
    rule = {"match": {"query": " ".join(words), "max_gaps": distance, "ordered": False}}
    return filtered({"intervals": {field: rule}}, [_phrase(field, words, distance + len(words), weight)])
