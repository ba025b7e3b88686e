"""Here is a word, give me those of the archive that are spelled like it.

A word that only removed articles have is not a word of the archive: live articles are counted, though a segment
contains the words of removed ones until it is merged. Cost: in a segment with removed articles, the postings of each
similar word are read.
"""

from __future__ import annotations

import numpy as np

from search.local.ask.snapshot import Snapshot
from search.syntax.nodes import MAX_SIMILAR


def nearest(snapshot: Snapshot, word: str, edits: int) -> list[str]:
    """The archive's words within some edits: the fewest edits first, then the most frequent, then by spelling.

    Only words with the same first letter, at most `MAX_SIMILAR` (see `search.syntax.nodes.Fuzzy`).
    """
    wanted = np.frombuffer(word.encode("utf-32-le"), np.uint32)
    compared = []
    for start, segment in snapshot.placed_segments:
        alike = segment.terms.forms.beginning(word[:1].encode())
        distances = np.empty(len(alike), np.uint8)
        segment.terms.forms.distances(alike, wanted, edits, distances)
        compared.append((segment, snapshot.live[start : start + segment.size], alike.start, distances))
    near: list[str] = []
    for distance in range(edits + 1):
        found: dict[bytes, int] = {}
        for segment, live, first, distances in compared:
            places = np.flatnonzero(distances == distance) + first
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
