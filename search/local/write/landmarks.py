"""What stands at the positions of an article besides words: where sentences and paragraphs begin, and mentions.

A landmark has a name (`layout.SENTENCE`, `layout.landmark`) and becomes a term with postings and positions, as a word
does. Where a sentence begins is known before its words are: titles and texts are cut into sentences, the pieces are
tokenised one by one, and the words of each are counted. A mention is evidence for a value that its article has, with a
passage; it stands at each word that overlaps the passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.fields import PLACED
from search.kernels import landmarks as kernels
from search.local.format.layout import PARAGRAPH, SENTENCE, landmark
from search.local.write.word_numbers import StringNumbers
from search.snippets import points, sentences
from search.values.article import Article

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The landmarks of some articles: uint32; the number of each article's, and the number and position of each.

    Those of an article are in order of their numbers, and those with one number in order of their positions.
    """

    counts: NDArray[np.uint32]
    numbers: NDArray[np.uint32]
    positions: NDArray[np.uint32]


class Pieces:
    """The titles and texts of articles in pieces: each title, and each sentence of a text.

    Attributes:
        data: uint8, all texts in UTF-8.
        ends: int64, the end of each piece in it.
        breaks: uint8, 1 for each piece that begins a paragraph.
        article_ends: int64, the number of pieces up to the end of each article.
        starts: int64, where each title and each text begins, in code points.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        texts = [part for one in articles for part in (one.title, one.text)]
        together = "".join(texts)
        text_ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
        of_texts = points.Joined(points.of(together), text_ends)
        titles = np.zeros(len(texts), np.uint8)
        titles[::2] = 1
        languages = [one.language for one in articles for _ in ("title", "text")]
        ends, self.breaks, counts = sentences.cut(of_texts, titles, languages)
        self.data = np.frombuffer(together.encode("utf-8", "surrogatepass"), np.uint8)
        self._bytes = None if len(self.data) == len(together) else _byte_places(of_texts.points)
        self.ends = self.places(ends)
        self.article_ends = np.ascontiguousarray(counts[1::2])
        self.starts = np.concatenate([np.zeros(1, np.int64), text_ends])[:-1]

    def places(self, at: Ints) -> Ints:
        """The bytes at which some code points begin."""
        return at if self._bytes is None else self._bytes[at]

    def of(self, first: int, last: int) -> tuple[slice, slice]:
        """The bytes and the pieces of some articles."""
        begin = int(self.article_ends[first - 1]) if first else 0
        end = int(self.article_ends[last - 1]) if last else 0
        return slice(int(self.ends[begin - 1]) if begin else 0, int(self.ends[end - 1]) if end else 0), slice(
            begin, end
        )

    def sizes(self, words: Ints) -> tuple[Ints, Ints]:
        """The words of each title, and of each text.

        Args:
            words: of each piece.
        """
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(words)])
        begins = np.concatenate([np.zeros(1, np.int64), self.article_ends])
        titles = words[begins[:-1]]
        return titles, np.diff(before[begins]) - titles


def _byte_places(codes: NDArray[np.uint32]) -> Ints:
    sizes = 1 + (codes > 0x7F).astype(np.int64) + (codes > 0x7FF) + (codes > 0xFFFF)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions in some articles: int64; the article of each, ascending, the number of its landmark, its bytes."""

    articles: Ints
    numbers: Ints
    begins: Ints
    ends: Ints

    def of(self, first: int, last: int) -> slice:
        """Those in some articles."""
        begin, end = np.searchsorted(self.articles, (first, last)).tolist()
        return slice(begin, end)


def mentions(articles: Sequence[Article], pieces: Pieces, names: StringNumbers) -> Mentions:
    """The mentions of the articles' values."""
    of, named, begins, ends = [], [], [], []
    starts = pieces.starts.tolist()
    for number, article in enumerate(articles):
        for facet in PLACED:
            values = getattr(article, facet)
            for entry in article.evidence.get(facet, ()):
                if entry.start is None or entry.end is None or entry.value not in values:
                    continue
                in_title = entry.within == "title"
                start, size = starts[2 * number + (not in_title)], len(article.title if in_title else article.text)
                of.append(number)
                named.append(landmark(facet, entry.value))
                begins.append(start + min(max(entry.start, 0), size))
                ends.append(start + min(max(entry.end, 0), size))
    begun, ended = (pieces.places(np.array(places, np.int64)) for places in (begins, ends))
    return Mentions(np.array(of, np.int64), names.numbers(named).astype(np.int64), begun, ended)


def landmarks(
    pieces: Pieces, words: Ints, found: Mentions, first: Ints, last: Ints, names: StringNumbers
) -> Landmarks:  # fmt: skip
    """The landmarks of articles.

    Args:
        words: of each piece.
        first, last: the words of each mention, counted from the first word of the first article; `last` exclusive.
    """
    size = len(pieces.article_ends)
    titles, texts = pieces.sizes(words)
    room = 2 * len(words)
    numbers, positions, counts = np.empty(room, np.uint32), np.empty(room, np.uint32), np.empty(size, np.int64)
    sentence, paragraph = names.numbers((SENTENCE, PARAGRAPH)).tolist()
    count = kernels.sentences(
        words, pieces.breaks, pieces.article_ends, (sentence, paragraph), numbers, positions, counts
    )
    begins = np.cumsum(titles + texts) - titles - texts
    sizes = last - first
    of = np.repeat(found.articles, sizes)
    at = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(first, sizes) - begins[of]
    at += at >= titles[of]
    keys = np.stack([
        np.concatenate([np.repeat(np.arange(size), np.diff(counts, prepend=0)), of]),
        np.concatenate([numbers[:count].astype(np.int64), np.repeat(found.numbers, sizes)]),
        np.concatenate([positions[:count].astype(np.int64), at]),
    ])  # fmt: skip
    keys = keys[:, np.lexsort(keys[::-1])]
    if keys.shape[1]:
        keys = keys[:, np.concatenate([np.ones(1, np.bool_), (keys[:, 1:] != keys[:, :-1]).any(axis=0)])]
    of, number, position = keys
    return Landmarks(
        np.bincount(of, minlength=size).astype(np.uint32), number.astype(np.uint32), position.astype(np.uint32)
    )
