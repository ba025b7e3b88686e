"""Here are the leaves of a query and a text, give me the matches.

Cost: that of `scan`, and a microsecond for each different word that is new to a `Marker`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, assert_never

from search.plurals import SINGULARS
from search.results import Mark, Snippet
from search.snippets import passages, scan
from search.snippets.passages import Span
from search.syntax.edits import within
from search.syntax.nodes import Exact, Fuzzy, Leaf, Near, Phrase, Prefix, Word
from search.text import DEFAULT_LANGUAGE, SUFFIX_STEMMERS, fold_word, term

KEEPING = SUFFIX_STEMMERS - {"nl"}
"""Languages in which a stem begins as its words do; the Dutch stemmer also removes a leading ge-."""
KEEPS_TWO = 4
"""An English stem of this length begins with the first two letters of its word; `die` is the stem of `dying`."""
IRREGULAR = {term(one, "en"): plural[:2] for plural, one in SINGULARS.items() if plural[:2] != one[:2]}
"""English term → the beginning of its irregular plural, if it differs from that of the term: `foot`, `feet`."""


class _Several(NamedTuple):
    """A leaf of several words: the terms, adjacent, or within a distance in any order."""

    number: int
    field: str | None
    terms: tuple[str, ...]
    distance: int | None
    as_written: bool


class _Part(NamedTuple):
    """A word of a text that may be part of a match of several words."""

    form: str
    term: str
    start: int
    end: int
    position: int


class _Word(NamedTuple):
    """A written word's role in the query: the leaves it matches by itself, and whether it may be part of others."""

    leaves: tuple[int, ...]
    partial: bool
    form: str
    term: str


class Marker:
    """Finds the words of a query in texts of one language; caches its words across texts.

    Args:
        leaves: the leaves of the query.
        language: that of the texts.
        similar: the forms that a `Fuzzy` expands to in the archive; for a `Fuzzy` that is missing here, every similar
            word is marked.
    """

    def __init__(
        self,
        leaves: Iterable[Leaf],
        language: str | None,
        similar: Mapping[Fuzzy, Collection[str]] | None = None,
    ) -> None:
        self._language = language
        self._leaves = tuple(leaves)
        self._fields = tuple(leaf.field for leaf in self._leaves)
        self._similar = similar or {}
        self._terms: dict[str, list[int]] = {}
        self._forms: dict[str, list[int]] = {}
        self._open: list[tuple[int, Prefix | Fuzzy]] = []
        self._several: list[_Several] = []
        for number, leaf in enumerate(self._leaves):
            self._prepare(number, leaf)
        self._part_terms = {one for several in self._several if not several.as_written for one in several.terms}
        self._part_forms = {one for several in self._several if several.as_written for one in several.terms}
        self._known: dict[str, _Word | None] = {}
        self._beginnings = self._possible_beginnings()

    def marks(self, text: str, field: str) -> tuple[Mark, ...]:
        """The positions of the query's words in a field's text: ascending, not overlapping."""
        return passages.merge(self._find(text, field))

    def snippets(self, text: str) -> tuple[Snippet, ...]:
        """The best passages of an article's text, in text order; its beginning, unmarked, if there is no match."""
        text = text[: passages.MAX_CHARACTERS]
        return passages.choose(text, self._find(text, "text"))

    def _prepare(self, number: int, leaf: Leaf) -> None:
        match leaf:
            case Word(word):
                self._terms.setdefault(term(word, self._language), []).append(number)
            case Exact((word,)):
                self._forms.setdefault(word, []).append(number)
            case Prefix() | Fuzzy():
                self._open.append((number, leaf))
            case Exact(words, field):
                self._several.append(_Several(number, field, words, None, True))
            case Phrase(words, field):
                self._several.append(_Several(number, field, self._terms_of(words), None, False))
            case Near(words, distance, field):
                self._several.append(_Several(number, field, self._terms_of(words), distance, False))
            case _:
                assert_never(leaf)

    def _terms_of(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(term(word, self._language) for word in words)

    def _possible_beginnings(self) -> frozenset[str] | None:
        """The first one or two letters of the folded words that can match; None if any word can."""
        language = self._language or DEFAULT_LANGUAGE
        terms = [*self._terms, *self._part_terms]
        if terms and language not in KEEPING:
            return None
        kept = [one[: 2 if language == "en" and len(one) >= KEEPS_TWO else 1] for one in terms]
        if language == "en":
            kept += [IRREGULAR[one] for one in terms if one in IRREGULAR]
        forms = [*self._forms, *self._part_forms]
        begun = [leaf.letters[:2] if isinstance(leaf, Prefix) else leaf.word[:1] for _, leaf in self._open]
        return frozenset((*kept, *(form[:2] for form in forms), *begun))

    def _find(self, text: str, field: str) -> list[Span]:
        """The matches, by start, the longest first."""
        if not self._leaves:
            return []
        known, fields = self._known, self._fields
        several = [leaf for leaf in self._several if leaf.field in (None, field)]
        found: list[Span] = []
        parts: list[_Part] = []
        reach = 1 + max((leaf.distance or 0 for leaf in several), default=0)
        for written, start, end in scan.words(text, self._beginnings):
            word = known[written] if written in known else self._learn(written)
            if word is None:
                continue
            for number in word.leaves:
                if fields[number] in (None, field):
                    found.append((start, end, number, end))
            if word.partial and several:
                before = parts[-1] if parts else None
                gap = scan.count_between(text, before.end, start, reach) if before else 0
                position = before.position + 1 + gap if before else 0
                parts.append(_Part(word.form, word.term, start, end, position))
        if len(parts) > 1:
            for leaf in several:
                found.extend(_side_by_side(leaf, parts) if leaf.distance is None else _near(leaf, parts))
            found.sort(key=lambda mark: (mark[0], -mark[3], -mark[1]))
        return found

    def _learn(self, written: str) -> _Word | None:
        """The role of a word in the query; None if it has none."""
        word: _Word | None = None
        form = fold_word(written)
        if form:
            known = term(form, self._language)
            alone = [*self._terms.get(known, ()), *self._forms.get(form, ())]
            alone += (number for number, leaf in self._open if self._is_like(form, leaf))
            partial = known in self._part_terms or form in self._part_forms
            if alone or partial:
                word = _Word(tuple(alone), partial, form, known)
        self._known[written] = word
        return word

    def _is_like(self, form: str, leaf: Prefix | Fuzzy) -> bool:
        if isinstance(leaf, Prefix):
            return form.startswith(leaf.letters)
        forms = self._similar.get(leaf)
        if forms is not None:
            return form in forms
        return form[0] == leaf.word[0] and within(form, leaf.word, leaf.edits)


def _term(part: _Part, leaf: _Several) -> str:
    return part.form if leaf.as_written else part.term


def _side_by_side(leaf: _Several, parts: Sequence[_Part]) -> Iterator[Span]:
    """Where the terms have successive positions, each occurrence as one match."""
    size = len(leaf.terms)
    for at in range(len(parts) - size + 1):
        if parts[at + size - 1].position - parts[at].position == size - 1 and all(
            _term(parts[at + n], leaf) == term for n, term in enumerate(leaf.terms)
        ):
            end = parts[at + size - 1].end
            yield parts[at].start, end, leaf.number, end


def _near(leaf: _Several, parts: Sequence[_Part]) -> Iterator[Span]:
    """The words of every narrow minimal window, each by itself."""
    bag = Counter(leaf.terms)
    places = [part for part in parts if _term(part, leaf) in bag]
    inside: Counter[str] = Counter()
    missing = len(leaf.terms)
    first = given = 0
    latest = -1
    for last, part in enumerate(places):
        term = _term(part, leaf)
        inside[term] += 1
        missing -= inside[term] <= bag[term]
        if missing:
            continue
        while inside[_term(places[first], leaf)] > bag[_term(places[first], leaf)]:
            inside[_term(places[first], leaf)] -= 1
            first += 1
        others = part.position - places[first].position + 1 - len(leaf.terms)
        if first > latest and others <= (leaf.distance or 0):
            for number in range(max(first, given), last + 1):
                yield places[number].start, places[number].end, leaf.number, part.end
            given = last + 1
        latest = first
