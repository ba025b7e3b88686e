"""Here is a query tree, give me the articles that match, and their scores.

Each leaf becomes a term (see `terms`): for each language of the archive the terms of its words
(`search.text.tokens.term`), or all words that a prefix or a similar word expands to; the whole expansion of a leaf is
scored as one term. AND begins with the rarest part and narrows; OR adds scores in a table over all articles, or merges
short lists; NOT subtracts.

A phrase has the sum of its words' idf and its own frequency. See `scoring` for the formula, `search.syntax.nodes` for
the meaning of each leaf.

Cost: linear in the postings of the query's words, or in those blocks of them that can have a match; phrases read the
positions of the articles that have all their words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search.kernels import matching
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree import nearby as together
from search.local.ask.tree import proximity, similar_words
from search.local.ask.tree.terms import Articles, Listed, Matches, Posted, Scores, Term, Weights, gathered, united
from search.local.format import layout
from search.local.format.lexicon import Lexicon, different
from search.local.format.scratch import SPARSE, Scratch, tabled
from search.local.format.segment import SegmentData
from search.meaning.feedback import Expansion
from search.scoring import idf
from search.syntax import nodes
from search.system.budget import UNLIMITED, Budget
from search.text import dates
from search.text.misreadings import Forms
from search.text.tokens import rows_in, terms_in
from search.values.bad_values import too_many_words

MAX_EXPANSIONS = 1000
MOST_REMEMBERED = 100_000
"""Terms of which a snapshot of some articles remembers how many of these have them."""

_NONE = np.empty(0, np.uint32)
_LAST_DAY = 1 << 40


class Executor:
    """Evaluates one query tree on one snapshot, in borrowed memory."""

    def __init__(
        self, snapshot: Snapshot, scratch: Scratch, budget: Budget = UNLIMITED, terms: Executor | None = None
    ) -> None:
        """Args: terms: a longer-lived executor that looks up terms for this one and others."""
        self._snapshot = snapshot
        self._scratch = scratch
        self._budget = budget
        self._lender = terms
        self._terms: dict[nodes.Leaf | nodes.Condition, Term] = {}
        self._similar: dict[nodes.Fuzzy | nodes.Misread, list[str]] = {}
        self._misread: dict[str, Forms] = {}
        self._languages = snapshot.languages

    def within(self, budget: Budget) -> Executor:
        """An executor that shares its terms, with another time budget."""
        other = Executor(self._snapshot, self._scratch, budget, self._lender)
        other._terms, other._similar, other._misread = self._terms, self._similar, self._misread
        return other

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Forget what is looked up in a block when it ends, since the memory it is in is released then."""
        known = dict(self._terms)
        try:
            with self._scratch.aside():
                yield
        finally:
            self._terms.clear()
            self._terms.update(known)

    def matches(self, node: nodes.Node) -> Matches:
        """Evaluate a tree. Raises OutOfTime."""
        self._budget.check()
        match node:
            case nodes.All():
                return self._everything()
            case nodes.Not(part):
                return self._without(self._everything(), part)
            case nodes.And(parts):
                return self._all_of(parts)
            case nodes.Or(parts):
                return self._any_of(parts)
            case nodes.AtLeast(parts, least):
                return self._at_least(least, parts)
            case nodes.Value() | nodes.Days() | nodes.Id() | nodes.Url():
                return self._unscored(self.term(node).articles(self._scratch))
            case _:
                return self.term(node).scored(self._scratch, self.idf(node))

    def scores(self, leaf: nodes.Leaf, articles: Articles) -> Scores:
        """The scores of one leaf in some ascending articles; 0 for those without it."""
        return self.scored(leaf, articles, self.term(leaf).weights_in(articles, self._scratch))

    def scored(self, leaf: nodes.Leaf, articles: Articles, weights: Weights) -> Scores:
        """The scores of one leaf in some articles, given its weights in them."""
        scores: Scores = self._scratch.take(len(articles), np.float64)
        matching.score(articles, weights, self._snapshot.formula(self.idf(leaf)), scores)
        return scores

    def has(self, part: nodes.Node, articles: Articles) -> NDArray[np.bool_]:
        """Which of some ascending articles match a part of a tree."""
        if isinstance(part, nodes.Leaf | nodes.Condition):
            found: NDArray[np.bool_] = self.term(part).weights_in(articles, self._scratch) > 0
            return found
        return np.isin(articles, self.matches(part).articles, assume_unique=True)

    def counts(self, terms: Sequence[str]) -> list[int]:
        """The number of articles that have each of some terms, as they are indexed, that scores are computed from."""
        if self._snapshot.origin is not self._snapshot:
            return [self.counted(self._stem(term)) for term in terms]
        encoded = [term.encode() for term in terms]
        total = np.zeros(len(terms), np.int64)
        for segment in self._snapshot.segments:
            numbers = np.array(segment.terms.stems.find_all(encoded), np.int64)
            there = numbers >= 0
            total[there] += segment.postings.frequency[numbers[there]]
        return total.tolist()

    def expanded(self, expansions: Sequence[Expansion], articles: Articles) -> Scores:
        """The scores that the terms of expansions add in some ascending articles. Raises OutOfTime."""
        snapshot, scratch = self._snapshot, self._scratch
        scores: Scores = scratch.zeros(len(articles), np.float64)
        table: Scores | None = None
        for one in expansions:
            self._budget.check()
            term = self._stem(one.term)
            weight = one.weight * self._idf_of(term)
            # where most articles are asked about, one pass over the postings is cheaper than to look each up
            if tabled(len(articles), term.count, snapshot.size):
                table = scratch.zeros(snapshot.size, np.float64) if table is None else table
                term.add_scores(weight, table)
            else:
                scores += self._scored(term, weight, articles)
        if table is not None:
            scores += table[articles]
        return scores

    def _scored(self, term: Term, idf: float, articles: Articles) -> Scores:
        scores: Scores = self._scratch.take(len(articles), np.float64)
        weights = term.weights_in(articles, self._scratch)
        matching.score(articles, weights, self._snapshot.formula(idf), scores)
        return scores

    def having(self, leaf: nodes.Leaf | nodes.Condition) -> int:
        """The number of live articles that have a leaf or meet a condition."""
        return self._live(self.term(leaf))

    def _live(self, term: Term) -> int:
        """The number of live articles with a term, which its generation remembers."""
        snapshot = self._snapshot
        if snapshot.whole:
            return term.count
        key = tuple((place.start, place.number) for place in term.places) if isinstance(term, Posted) else None
        found = snapshot.having.get(key) if key is not None else None
        if found is None:
            with self._scratch.aside():
                found = snapshot.count_live(term.articles(self._scratch))
            if key is not None and len(snapshot.having) < MOST_REMEMBERED:
                snapshot.having[key] = found
        return found

    def idf(self, leaf: nodes.Leaf) -> float:
        """The idf of a word; of several words together, the sum of theirs."""
        words: list[nodes.Leaf]
        match leaf:
            case nodes.Together(parts):
                return sum(map(self._part_idf, parts))
            case nodes.Phrase(several, field) | nodes.Near(several, _, field):
                words = [nodes.Word(word, field) for word in several]
            case nodes.Exact(several, field):
                words = [nodes.Exact((word,), field) for word in several]
            case _:
                words = [leaf]
        return sum(map(self._idf_of, map(self.term, words)))

    def _idf_of(self, term: Term) -> float:
        """The idf of a term."""
        return idf(self.counted(term), self._snapshot.scored)

    def counted(self, term: Term) -> int:
        """The number of articles with a term that scores are computed from; of all articles deleted ones, too."""
        return term.count if self._snapshot.origin is self._snapshot else self._live(term)

    def _part_idf(self, part: nodes.Part) -> float:
        if isinstance(part, nodes.Or | nodes.Value):
            placed = nodes.alternatives(part) or ()
            any_of = united(self._snapshot, [self.term(one) for one in placed], self._scratch)
            return self._idf_of(any_of)
        return self.idf(part)

    # -- trees -------------------------------------------------------------------------------

    def _everything(self) -> Matches:
        return self._unscored(np.arange(self._snapshot.size, dtype=np.uint32))

    def _unscored(self, articles: Articles) -> Matches:
        # a copy: matches are narrowed in place, and these may be a list that others read, too
        mine = self._scratch.take(len(articles), np.uint32)
        mine[:] = articles
        return Matches(mine, self._scratch.zeros(len(articles), np.float64))

    def _all_of(self, parts: Sequence[nodes.Node]) -> Matches:
        """Intersect the wanted parts, the rarest first, then subtract the unwanted ones."""
        simple = [part for part in parts if isinstance(part, nodes.Leaf | nodes.Condition)]
        simple.sort(key=lambda part: self.term(part).count)
        trees = [self.matches(part) for part in parts if isinstance(part, nodes.Joint | nodes.All)]
        trees.sort(key=lambda matches: len(matches.articles))
        if trees:
            found = reduce(self._both, trees)
        elif simple:
            found = self.matches(simple.pop(0))
        else:
            found = self._everything()
        for term in simple:
            found = self._narrowed(found, term)
        for part in parts:
            if isinstance(part, nodes.Not):
                found = self._without(found, part.part)
        return found

    def _narrowed(self, found: Matches, part: nodes.Leaf | nodes.Condition) -> Matches:
        """Keep the articles that also have a leaf, and add its score."""
        weights = self.term(part).weights_in(found.articles, self._scratch)
        weight = 0.0 if isinstance(part, nodes.Condition) else self.idf(part)
        size = matching.narrow(*found, weights, self._snapshot.formula(weight))
        return Matches(found.articles[:size], found.scores[:size])

    def _without(self, found: Matches, part: nodes.Node) -> Matches:
        if isinstance(part, nodes.Leaf | nodes.Condition):
            term = self.term(part)
            if len(found.articles) * SPARSE >= term.count:
                has = self._scratch.zeros(self._snapshot.size, np.uint8)
                term.mark(has, 1)
                size = matching.without_marked(*found, has)
            else:
                size = matching.without(*found, term.weights_in(found.articles, self._scratch))
        else:
            size = matching.subtract(*found, self.matches(part).articles)
        return Matches(found.articles[:size], found.scores[:size])

    def _both(self, a: Matches, b: Matches) -> Matches:
        size = min(len(a.articles), len(b.articles))
        articles, scores = self._scratch.take(size, np.uint32), self._scratch.take(size, np.float64)
        size = matching.both(*a, *b, articles, scores)
        return Matches(articles[:size], scores[:size])

    def _any_of(self, parts: Sequence[nodes.Node]) -> Matches:
        leaves = [part for part in parts if isinstance(part, nodes.Leaf)]
        trees = [self.matches(part) for part in parts if not isinstance(part, nodes.Leaf)]
        count = sum(self.term(leaf).count for leaf in leaves) + sum(len(tree.articles) for tree in trees)
        if count * SPARSE < self._snapshot.size:
            trees += map(self.matches, leaves)
            return reduce(self._either, sorted(trees, key=lambda matches: len(matches.articles)))
        table = self._scratch.zeros(self._snapshot.size, np.float64)
        for leaf in leaves:
            self.term(leaf).add_scores(self.idf(leaf), table)
        for tree in trees:
            matching.add(*tree, table)
        articles = self._scratch.take(self._snapshot.size, np.uint32)
        scores = self._scratch.take(self._snapshot.size, np.float64)
        size = matching.collect(table, articles, scores)
        return Matches(articles[:size], scores[:size])

    def _at_least(self, least: int, parts: Sequence[nodes.Node]) -> Matches:
        table = self._scratch.zeros(self._snapshot.size, np.float64)
        had = self._scratch.zeros(self._snapshot.size, np.uint16)
        for part in parts:
            found = self.matches(part)
            matching.add(*found, table)
            had[found.articles] += 1
        articles = np.flatnonzero(had >= least).astype(np.uint32)
        return Matches(articles, table[articles])

    def _either(self, a: Matches, b: Matches) -> Matches:
        size = len(a.articles) + len(b.articles)
        articles, scores = self._scratch.take(size, np.uint32), self._scratch.take(size, np.float64)
        size = matching.either(*a, *b, articles, scores)
        return Matches(articles[:size], scores[:size])

    # -- leaves ------------------------------------------------------------------------------

    def term(self, leaf: nodes.Leaf | nodes.Condition) -> Term:
        """The term of a leaf. Raises OutOfTime."""
        if self._lender is not None:
            self._budget.check()
            return self._lender.term(leaf)
        term = self._terms.get(leaf)
        if term is None:
            self._budget.check()
            term = self._terms[leaf] = self._look_up(leaf)
        return term

    def _look_up(self, leaf: nodes.Leaf | nodes.Condition) -> Term:
        match leaf:
            case nodes.Word(word, field):
                return self._in_field([self._stem(term) for term in terms_in(word, self._languages)], field)
            case nodes.Prefix(letters, field):
                return self._beginning(letters, field)
            case nodes.Fuzzy(_, _, field):
                return self._in_field([self._form(form) for form in self.similar(leaf)], field)
            case nodes.Misread(word):  # the word itself twice
                read = [self.term(leaf.read_as(one)) for one in (word, *self.similar(leaf))]
                return united(self._snapshot, read, self._scratch)
            case nodes.Exact((word,), field):
                return self._in_field([self._form(word)], field)
            case nodes.Exact(words, field):
                return proximity.phrase(self._snapshot, [self._form(word) for word in words], field, self._scratch)
            case nodes.Phrase(words, field):
                found = [
                    proximity.phrase(self._snapshot, list(map(self._stem, row)), field, self._scratch)
                    for row in rows_in(words, self._languages)
                ]
                return united(self._snapshot, found, self._scratch)
            case nodes.Near(words, distance, field):
                found = [
                    proximity.near(self._snapshot, list(map(self._stem, sorted(row))), distance, field, self._scratch)
                    for row in rows_in(words, self._languages)
                ]
                return united(self._snapshot, found, self._scratch)
            case nodes.Together(parts, within):
                found_in = [self._part(part) for part in parts]
                return together.together(self._snapshot, found_in, within, self._scratch)
            case nodes.Value(facet, value):
                return united(self._snapshot, self.values(facet, [value]), self._scratch)
            case nodes.Days(field="mentioned"):
                return self._mentioned(leaf)
            case nodes.Days():
                return self._days(leaf)
            case nodes.Id(article_id):
                number = self._snapshot.number(article_id)
                return self._listed([] if number is None else [number])
            case nodes.Url(beginning):
                return self._having_any("url", lambda values: values.beginning(beginning.encode()))

    def _part(self, part: nodes.Part) -> together.Part:
        """The alternatives of a part of a `Together` in each segment."""
        each = [self._placed(one) for one in nodes.alternatives(part) or ()]
        return lambda segment: list(dict.fromkeys(one for find in each for one in find(segment)))

    def _placed(self, node: nodes.Placed) -> together.Part:
        match node:
            case nodes.Word(word, field):
                return self._adjacent([(term,) for term in terms_in(word, self._languages)], field)
            case nodes.Phrase(words, field):
                return self._adjacent(rows_in(words, self._languages), field)
            case nodes.Exact(words, field):
                return self._forms_of([words], field)
            case nodes.Fuzzy(_, _, field):
                return self._forms_of([(form,) for form in self.similar(node)], field)
            case nodes.Misread(_, _, field):
                rows = [row for one in self.similar(node) for row in rows_in(one.split(), self._languages)]
                return self._adjacent(rows, field)
            case nodes.Prefix(letters, field):
                self._ranges(letters)
                return lambda segment: [
                    together.Alternative((number,), field) for number in self._beginning_in(segment, letters).tolist()
                ]
            case nodes.Value(facet, value):
                column = self._snapshot.facets[facet]
                ordinal = column.ordinal(value)
                forms = [] if ordinal is None else [form.decode() for form in column.spellings(ordinal)]
                names = [layout.landmark(facet, form) for form in forms]
                return lambda segment: together.numbered(((segment.landmark(name),), None) for name in names)

    def _adjacent(self, rows: Sequence[tuple[str, ...]], field: str | None) -> together.Part:
        return lambda segment: together.numbered(
            ([segment.terms.stems.find(term.encode()) for term in row], field) for row in rows
        )

    def _forms_of(self, rows: Sequence[tuple[str, ...]], field: str | None) -> together.Part:
        def number(segment: SegmentData, form: str) -> int | None:
            place = segment.terms.forms.find(form.encode())
            return None if place is None else int(segment.terms.form_number[place])

        return lambda segment: together.numbered(([number(segment, form) for form in row], field) for row in rows)

    def similar(self, leaf: nodes.Fuzzy | nodes.Misread) -> list[str]:
        """The forms that it expands to; of a misread word its readings."""
        if self._lender is not None:
            return self._lender.similar(leaf)
        forms = self._similar.get(leaf)
        if forms is None:
            if isinstance(leaf, nodes.Fuzzy):
                forms = similar_words.nearest(self._snapshot, leaf.word, leaf.edits)
            else:
                forms = self.misread(leaf.word).chosen(leaf.without, leaf.also)
            self._similar[leaf] = forms
        return forms

    def misread(self, word: str) -> Forms:
        """The archive's misreadings of a word."""
        if self._lender is not None:
            return self._lender.misread(word)
        forms = self._misread.get(word)
        if forms is None:
            forms = similar_words.misread(self._snapshot, word, lambda term: self._live(self._stem(term)))
            self._misread[word] = forms
        return forms

    def values(self, facet: str, values: Sequence[str]) -> list[Posted]:
        """The terms of the given values of a facet, in every spelling."""
        column = self._snapshot.facets[facet]
        ordinals = {column.ordinal(value) for value in values} - {None}
        forms = [form for ordinal in ordinals if ordinal is not None for form in column.spellings(ordinal)]
        posted = []
        for form in forms:
            numbers: list[int | None] = []
            for segment in self._snapshot.segments:
                names = segment.values(facet)
                number = names.values.find(form)
                numbers.append(None if number is None else names.first + number)
            posted.append(Posted(self._snapshot, numbers))
        return posted

    def _days(self, days: nodes.Days) -> Listed:
        first, last = days.bounds()
        if days.field == "added":
            begin, end = dates.instants(first, last)
            added = self._snapshot.instants["added"]
            found = np.flatnonzero((added >= begin) & (added < end)).astype(np.uint32)
            return Listed(self._snapshot, found, np.ones_like(found))
        low, high = first.toordinal() if first else 1, last.toordinal() if last else _LAST_DAY
        return self._listed(np.flatnonzero((self._snapshot.days >= low) & (self._snapshot.days <= high)))

    def _mentioned(self, days: nodes.Days) -> Listed:
        """Articles that mention a date in a range."""
        first, last = days.bounds()
        same_year = f"{first.year:04}" if first and last and first.year == last.year else ""

        def inside(values: Lexicon) -> list[int]:
            near = values.beginning(same_year.encode()) if same_year else range(len(values))
            return [n for n in near if dates.lies_in(values[n].decode(), first, last)]

        return self._having_any("mentioned", inside)

    def _having_any(self, name: str, chosen: Callable[[Lexicon], Sequence[int]]) -> Listed:
        """Articles that have at least one of the given values in a column; looks at each article's set of values."""
        found = [_NONE]
        for start, segment in self._snapshot.placed_segments:
            column = segment.values(name)
            wanted = np.zeros(len(column.values), np.bool_)
            wanted[chosen(column.values)] = True
            before = np.concatenate([np.zeros(1, np.int64), np.cumsum(wanted[column.ordinals], dtype=np.int64)])
            some = before[column.offsets[1:]] > before[column.offsets[:-1]]
            found.append(np.flatnonzero(some[column.sets]).astype(np.uint32) + np.uint32(start))
        return self._listed(np.concatenate(found))

    def _listed(self, numbers: ArrayLike) -> Listed:
        """Articles without a frequency."""
        articles = np.asarray(numbers, np.uint32)
        return Listed(self._snapshot, articles, np.ones_like(articles))

    def _stem(self, term: str) -> Posted:
        encoded = term.encode()
        return Posted(self._snapshot, [segment.terms.stems.find(encoded) for segment in self._snapshot.segments])

    def _form(self, word: str) -> Posted:
        encoded = word.encode()
        places = [segment.terms.forms.find(encoded) for segment in self._snapshot.segments]
        return self._forms_at(places)

    def _forms_at(self, places: Sequence[int | None]) -> Posted:
        numbers = [
            None if place is None else int(segment.terms.form_number[place])
            for segment, place in zip(self._snapshot.segments, places, strict=True)
        ]
        return Posted(self._snapshot, numbers)

    def _beginning(self, letters: str, field: str | None) -> Term:
        """All words with this prefix."""
        segments, ranges = self._snapshot.segments, self._ranges(letters)
        if field is None:
            rows = [self._beginning_in(segment, letters) for segment in segments]
            return gathered(self._snapshot, rows, [], self._scratch)
        none: list[int | None] = [None] * len(segments)
        posted = [
            self._forms_at([*none[:at], number, *none[at + 1 :]]) for at, found in enumerate(ranges) for number in found
        ]
        return self._in_field(posted, field)

    def _beginning_in(self, segment: SegmentData, letters: str) -> NDArray[np.int64]:
        """The numbers of the postings of all words of a segment with a prefix."""
        found = segment.terms.forms.beginning(letters.encode())
        return segment.terms.form_number[found.start : found.stop].astype(np.int64)

    def _ranges(self, letters: str) -> list[range]:
        """The words with a prefix in each segment. Raises BadQuery if they are too many."""
        segments = self._snapshot.segments
        ranges = [segment.terms.forms.beginning(letters.encode()) for segment in segments]
        if sum(map(len, ranges)) > MAX_EXPANSIONS:
            snapshot = self._snapshot
            if snapshot.origin is snapshot:
                too_many = max(map(len, ranges)) > MAX_EXPANSIONS
                too_many = too_many or different([one.terms.forms for one in segments], ranges) > MAX_EXPANSIONS
            else:  # of its articles alone
                too_many = snapshot.forms.beginning(letters) > MAX_EXPANSIONS
            if too_many:
                raise too_many_words(letters, MAX_EXPANSIONS)
        return ranges

    def _in_field(self, posted: list[Posted], field: str | None) -> Term:
        """Combine some terms, restricted to the title or the text, or (None) not restricted."""
        if field is None:
            return united(self._snapshot, posted, self._scratch)
        return united(self._snapshot, [self._limited(term, field) for term in posted], self._scratch)

    def _limited(self, term: Posted, field: str) -> Listed:
        articles, weights = [_NONE], [_NONE]
        for place in term.places:
            found = place.segment.postings.occurrences(place.number)
            size = matching.weigh(*found, field == "title")
            articles.append(found.articles[:size] + np.uint32(place.start))
            weights.append(found.counts[:size])
        return Listed(self._snapshot, np.concatenate(articles), np.concatenate(weights))
