"""Of the matches of the parts of a `Together`, those that take part: in one sentence, in one paragraph, near, adjacent.

The parts are found as leaves of their own (`inner`); a name is found by the evidence of the article. Cost: linear in
the matches of the parts, and in the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice

import numpy as np

from search.snippets import sentences
from search.snippets.passages import Found, Span
from search.syntax.nodes import Leaf, Together, Value, alternatives
from search.text.tokens import fold_word, runs
from search.values.article import Evidence

Places = list[tuple[int, int]]
"""Ranges of code points, ascending."""


class Finder:
    """Finds the `Together` among leaves in texts.

    Args:
        leaves: the leaves of a query.
        language: that of the texts.
        shown: the name under which each value is shown, as evidence has it.

    Attributes:
        inner: the leaves among the parts of each `Together`; they are numbered after the given ones.
    """

    def __init__(self, leaves: Sequence[Leaf], language: str | None, shown: Mapping[Value, str]) -> None:
        self._language = language
        self._shown = shown
        self._outer = len(leaves)
        self._wanted = [(number, leaf) for number, leaf in enumerate(leaves) if isinstance(leaf, Together)]
        placed = [one for _, leaf in self._wanted for part in leaf.parts for one in alternatives(part) or ()]
        self.inner: tuple[Leaf, ...] = tuple(one for one in dict.fromkeys(placed) if not isinstance(one, Value))
        self._number = {leaf: self._outer + at for at, leaf in enumerate(self.inner)}

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def resolved(
        self,
        found: Found,
        texts: Sequence[str],
        fields: Sequence[str],
        said: Sequence[Mapping[str, Sequence[Evidence]]],
    ) -> Found:
        """The matches in texts of fields, with those of each `Together` in place of those of its parts.

        Args:
            said: the evidence of each text's article; empty if there is none.
        """
        rows = iter(found.spans.tolist())
        spans: list[Span] = []
        ends = []
        counts = np.diff(found.ends, prepend=0).tolist()
        for at, (text, field, count) in enumerate(zip(texts, fields, counts, strict=True)):
            own = [(start, end, leaf, last) for start, end, leaf, last in islice(rows, count)]
            marked = [span for span in own if span[2] < self._outer]
            inside: dict[int, Places] = {}
            for start, end, leaf, _ in own:
                if leaf >= self._outer:
                    inside.setdefault(leaf, []).append((start, end))
            of_text = _Text(text, field, self._language, said[at] if said else {}, self._shown, {
                leaf: inside.get(number, []) for leaf, number in self._number.items()
            })  # fmt: skip
            for number, leaf in self._wanted:
                marked += [(start, end, number, end) for start, end in of_text.together(leaf)]
            spans += sorted(marked, key=lambda span: (span[0], -span[3], -span[1]))
            ends.append(len(spans))
        return Found(np.array(spans, np.int32).reshape(-1, 4), np.array(ends, np.int64))


class _Text:
    """A text, and where the leaves among the parts are."""

    def __init__(
        self, text: str, field: str, language: str | None, said: Mapping[str, Sequence[Evidence]],
        shown: Mapping[Value, str], found: Mapping[Leaf, Places],
    ) -> None:  # fmt: skip
        self._text = text
        self._field = field
        self._language = language
        self._said = said
        self._shown = shown
        self._found = found
        self._words: list[tuple[int, int]] | None = None

    def together(self, leaf: Together) -> Iterator[tuple[int, int]]:
        """The places that take part; the words of a name as one, and those of a phrase."""
        each: list[Places] = []
        for part in leaf.parts:
            places = sorted({place for one in alternatives(part) or () for place in self._places(one)})
            if not places:
                return
            each.append(places)
        if leaf.within == "next":
            yield from _adjacent(each, self.words)
            return
        taking = (
            _near(each, leaf.within, self.words) if isinstance(leaf.within, int) else self._shared(each, leaf.within)
        )
        yield from self._as_named(taking, leaf)

    @property
    def words(self) -> list[tuple[int, int]]:
        """The start and end of each word."""
        if self._words is None:
            self._words = [run.span() for run in runs(self._text) if run[0].isascii() or fold_word(run[0])]
        return self._words

    def _places(self, one: Leaf | Value) -> Places:
        if not isinstance(one, Value):
            return self._found[one]
        return [word for first, last in self._mentions(one) for word in self.words[first:last]]

    def _mentions(self, value: Value) -> Iterator[tuple[int, int]]:
        """The words of each mention."""
        for entry in self._said.get(value.facet, ()):
            if entry.within == self._field and entry.value == self._shown.get(value) and entry.start is not None:
                yield (
                    bisect_right(self.words, entry.start, key=lambda word: word[1]),
                    bisect_left(self.words, entry.end or 0, key=lambda word: word[0]),
                )

    def _shared(self, each: Sequence[Places], within: str) -> set[tuple[int, int]]:
        """The places inside a sentence, or a paragraph, with places of all parts."""
        begun = [start for start, breaks in sentences.starts(self._text, self._language) if breaks or within == "s"]
        if self._field == "title":
            begun = begun[:1]
        inside: list[dict[int, Places]] = []
        for places in each:
            by_unit: dict[int, Places] = {}
            for start, end in places:
                unit = bisect_right(begun, start)
                if unit == len(begun) or end <= begun[unit]:
                    by_unit.setdefault(unit, []).append((start, end))
            inside.append(by_unit)
        common = set(inside[0]).intersection(*inside[1:])
        return {place for by_unit in inside for unit in common for place in by_unit[unit]}

    def _as_named(self, taking: set[tuple[int, int]], leaf: Together) -> Iterator[tuple[int, int]]:
        """The places, and words of one mention in succession as one."""
        values = {one for part in leaf.parts for one in alternatives(part) or () if isinstance(one, Value)}
        joined: set[tuple[int, int]] = set()
        for value in values:
            for first, last in self._mentions(value):
                words = self.words[first:last]
                if words and taking.issuperset(words):
                    yield words[0][0], words[-1][1]
                    joined.update(words)
        yield from taking - joined


def _adjacent(each: Sequence[Places], words: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The whole of each row of places, one of each part, of which each begins with the word after the one before."""
    number = {start: at for at, (start, _) in enumerate(words)}
    last = {end: at for at, (_, end) in enumerate(words)}
    begun = {last[end] + 1: start for start, end in reversed(each[0])}
    for places in each[1:-1]:
        begun = {last[end] + 1: begun[number[start]] for start, end in reversed(places) if number[start] in begun}
    for start, end in each[-1]:
        if number[start] in begun:
            yield begun[number[start]], end


def _near(each: Sequence[Places], distance: int, words: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The places of two parts that are near one of the other."""
    starts, ends = [word[0] for word in words], [word[1] for word in words]

    def positions(places: Places) -> Places:
        return [(bisect_right(starts, start) - 1, bisect_left(ends, end)) for start, end in places]

    one, other = positions(each[0]), positions(each[1])
    taking = set()
    for places, mine, theirs in ((each[0], one, other), (each[1], other, one)):
        begun, highest = [start for start, _ in theirs], [*accumulate((end for _, end in theirs), max)]
        for place, (start, end) in zip(places, mine, strict=True):
            before = bisect_right(begun, end + distance)
            if before and highest[before - 1] >= start - distance:
                taking.add(place)
    return taking
