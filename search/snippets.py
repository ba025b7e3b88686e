"""The passages of an article that show why it was found, with offsets to mark.

Whole sentences where they fit, a phrase marked as one, and only what matched. Offsets are code points, never markup:
JSON shows them, a template turns them into `<mark>`, and escaping happens there, once.

Cost: linear in the text, which is read up to `MAX_CHARACTERS`; a 20,000-word article takes some 20 ms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from search.results import Mark, Snippet
from search.syntax import Leaf, Phrase, Prefix, Word
from search.text import DEFAULT_LANGUAGE, SUFFIX_STEMMERS, fold_word, runs, stem

LENGTH = 240
"""Characters a snippet aims at."""
COUNT = 2
"""Snippets shown for an article."""
MAX_CHARACTERS = 400_000

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[^\Wa-z_])|\n+|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sen|Rep|Gov|Prof|Jr|Sr|No|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|\b[^\W\d_])\.$"
)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    leaf: int


class _Word(NamedTuple):
    """What a word as written is to a query: its folded form, its stem, and the leaves it matches by itself."""

    word: str
    stem: str
    leaves: tuple[int, ...]


class Marker:
    """Finds the words of a query in texts of one language; what it has learnt of a word serves all texts."""

    def __init__(self, leaves: Iterable[Leaf], language: str | None) -> None:
        self._language = language
        self._leaves = tuple(leaves)
        self._phrases = [
            (n, leaf.field, tuple(stem(word, language) for word in leaf.words))
            for n, leaf in enumerate(self._leaves)
            if isinstance(leaf, Phrase)
        ]
        self._known: dict[str, _Word] = {}
        self._initials = self._possible_initials()

    def _possible_initials(self) -> frozenset[str] | None:
        """ASCII letters that a word which matters may begin with; None where any may.

        Stemmers that only cut endings leave a word's first letter alone.
        """
        if (self._language or DEFAULT_LANGUAGE) not in SUFFIX_STEMMERS:
            return None
        leaves = [leaf for leaf in self._leaves if not isinstance(leaf, Phrase)]
        words = [leaf.word if isinstance(leaf, Word) else leaf.letters for leaf in leaves]
        words += [term for _, _, stems in self._phrases for term in stems]
        return frozenset(letter for word in words for letter in (word[0], word[0].upper()))

    def marks(self, text: str, field: str) -> tuple[Mark, ...]:
        """Where the query's words stand in a field's text: ascending, apart from each other."""
        return _merge(self._find(text, field))

    def snippets(self, text: str) -> tuple[Snippet, ...]:
        """The best passages of an article's text, in its order; its beginning, unmarked, where no word is found."""
        text = text[:MAX_CHARACTERS]
        found = sorted(self._find(text, "text"), key=lambda f: (f.start, -f.end))
        if not found:
            lead = lead_of(text)
            return (Snippet(lead),) if lead else ()
        return tuple(_cut(text, start, end, found) for start, end in _best(text, found))

    def _find(self, text: str, field: str) -> list[_Found]:
        if not self._leaves:
            return []
        known, initials = self._known, self._initials
        found: list[_Found] = []
        run: list[tuple[str, int, int]] = []
        for match in runs(text):
            written = match[0]
            if initials is not None and written[0] not in initials and written.isascii() and "'" not in written:
                if self._phrases:
                    run.append(("", match.start(), match.end()))
                continue
            word = known.get(written)
            if word is None:
                word = known[written] = self._learn(written)
            if word.leaves:
                found.extend(
                    _Found(match.start(), match.end(), n) for n in word.leaves if self._leaves[n].field in (None, field)
                )
            if self._phrases and word.word:
                run.append((word.stem, match.start(), match.end()))
        for n, wanted, stems in self._phrases:
            if wanted in (None, field):
                found.extend(_Found(start, end, n) for start, end in _phrases(run, stems))
        return found

    def _learn(self, written: str) -> _Word:
        word = fold_word(written)
        if not word:
            return _Word("", "", ())
        term = stem(word, self._language)
        matched = (
            n
            for n, leaf in enumerate(self._leaves)
            if (isinstance(leaf, Word) and stem(leaf.word, self._language) == term)
            or (isinstance(leaf, Prefix) and word.startswith(leaf.letters))
        )
        return _Word(word, term, tuple(matched))


def _phrases(run: Sequence[tuple[str, int, int]], stems: tuple[str, ...]) -> Iterator[Mark]:
    """Where words with these stems stand side by side."""
    size = len(stems)
    for at in range(len(run) - size + 1):
        if run[at][0] == stems[0] and all(run[at + i][0] == stems[i] for i in range(1, size)):
            yield run[at][1], run[at + size - 1][2]


def lead_of(text: str) -> str:
    """The beginning of a text, whole sentences where they fit, for an article shown without a query."""
    for start, end in _sentences(text[: 4 * LENGTH]):
        if end - start > 0:
            return _cut(text, start, _grow(text, start, end), []).text
    return ""


def _merge(found: Iterable[_Found]) -> tuple[Mark, ...]:
    merged: list[Mark] = []
    for start, end in sorted((f.start, f.end) for f in found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences start and end, spaces at either side left out. Newlines end one: paragraphs and headings."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if "\n" not in match[0] and _ABBREVIATION.search(text, max(start, match.start() - 6), match.start()):
            continue
        end = match.start() + len(match[0].rstrip())
        if end > start:
            yield start, end
        start = match.end()
    end = len(text.rstrip())
    if end > start:
        yield start, end


def _best(text: str, found: Sequence[_Found]) -> list[tuple[int, int]]:
    """The `COUNT` passages with the most different words of the query, then the most of them, then the earliest."""
    scored: list[tuple[int, int, int, int]] = []
    at = 0
    sentences = _sentences(text)
    for start, end in sentences:
        inside = []
        while at < len(found) and found[at].start < end:
            inside.append(found[at])
            while end < found[at].end:  # a phrase runs on into the next sentence
                end = next(sentences)[1]
            at += 1
        if inside:
            scored.append((-len({f.leaf for f in inside}), -len(inside), start, end))
    chosen: list[tuple[int, int]] = []
    for _, _, start, end in sorted(scored)[:COUNT]:
        chosen.append((start, end))
    chosen.sort()
    if len(chosen) == 1:
        chosen[0] = (chosen[0][0], _grow(text, *chosen[0]))
    return chosen


def _grow(text: str, start: int, end: int) -> int:
    """Take in the sentences that follow in the same paragraph, while they fit."""
    for _, next_end in _sentences(text[end : end + LENGTH]):
        if end + next_end - start > LENGTH or "\n" in text[end : end + next_end] or end + next_end == end + LENGTH:
            break
        return _grow(text, start, end + next_end)
    return end


def _cut(text: str, start: int, end: int, found: Sequence[_Found]) -> Snippet:
    """A passage as a snippet, cut down around its first mark where it is much longer than `LENGTH`."""
    before = after = ""
    inside = [f for f in found if start <= f.start and f.end <= end]
    if end - start > LENGTH * 1.5:
        centre = inside[0].start if inside else start
        left = max(start, min(centre - LENGTH // 3, end - LENGTH))
        right = min(end, max(left + LENGTH, inside[0].end if inside else 0))
        if left > start:
            space = text.find(" ", left, centre)
            start, before = (space + 1 if space >= 0 else left), "… "
        if right < end:
            space = text.rfind(" ", inside[0].end if inside else start, right)
            end, after = (space if space > start else right), " …"
    shift = start - len(before)
    marks = _merge(f for f in inside if start <= f.start and f.end <= end)
    return Snippet(before + text[start:end].replace("\n", " ") + after, tuple((a - shift, b - shift) for a, b in marks))
