"""Here is a word, give me those of the archive that are spelled like it.

A word that only removed articles have is not a word of the archive: live articles are counted, though a segment
contains the words of removed ones until it is merged. Cost: in a segment with removed articles, the postings of each
similar word are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from search.jit.arguments import I64
from search.local.ask.snapshot import Snapshot
from search.local.format.segment import SegmentData
from search.syntax.nodes import MAX_SIMILAR
from search.text import misreadings
from search.text.tokens import terms_in


def misread(snapshot: Snapshot, word: str, live: Callable[[str], int]) -> misreadings.Forms:
    """The archive's misreadings of a word (see `search.syntax.nodes.Misread`).

    Args:
        live: returns the number of live articles that have a term.
    """
    of_term: dict[str, list[str]] = {}
    for one in misreadings.words_of(word):
        for term in terms_in(one, snapshot.languages):
            of_term.setdefault(term, []).append(one)
    terms = list(of_term)
    there = np.zeros(len(terms), np.bool_)
    encoded = [term.encode() for term in terms]
    for segment in snapshot.segments:
        there |= np.array(segment.terms.stems.find_all(encoded), np.int64) >= 0
    having: dict[str, int] = {}
    for number in np.flatnonzero(there).tolist():
        articles = live(terms[number])
        for one in of_term[terms[number]]:
            having[one] = having.get(one, 0) + articles
    return misreadings.forms(word, having)


def nearest(snapshot: Snapshot, word: str, edits: int) -> list[str]:
    """The archive's words within some edits: the fewest edits first, then the most frequent, then by spelling.

    Only words with the same first letter, at most `MAX_SIMILAR` (see `search.syntax.nodes.Fuzzy`).
    """
    near: list[str] = []
    for numbered in _edited(snapshot, word, edits):
        found: dict[bytes, int] = {}
        for segment, live, places in numbered:
            numbers = segment.terms.form_number[places]
            if snapshot.whole or live.all():
                having = segment.postings.frequency[numbers].tolist()
            else:
                having = [np.count_nonzero(live[segment.postings.articles(number)]) for number in numbers.tolist()]
            for place, articles in zip(places.tolist(), having, strict=True):
                if articles:
                    form = segment.terms.forms[place]
                    found[form] = found.get(form, 0) + int(articles)
        near += [form.decode() for form in sorted(found, key=lambda form: (-found[form], form))]
        if len(near) >= MAX_SIMILAR:
            break
    return near[:MAX_SIMILAR]


_Placed = tuple[SegmentData, NDArray[np.bool_], I64]
"""A segment, which of its articles are live, and the places of words among its forms."""


def _edited(snapshot: Snapshot, word: str, edits: int) -> Iterator[list[_Placed]]:
    """The words in each segment, those with the fewest edits first."""
    wanted = np.frombuffer(word.encode("utf-32-le"), np.uint32)
    compared = []
    for start, segment in snapshot.placed_segments:
        alike = segment.terms.forms.beginning(word[:1].encode())
        distances = np.empty(len(alike), np.uint8)
        segment.terms.forms.distances(alike, wanted, edits, distances)
        compared.append((segment, snapshot.live[start : start + segment.size], alike.start, distances))
    for distance in range(edits + 1):
        yield [
            (segment, live, np.flatnonzero(distances == distance) + first)
            for segment, live, first, distances in compared
        ]
