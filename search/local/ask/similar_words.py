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
    found: dict[bytes, list[int]] = {}
    for start, segment in snapshot.placed_segments:
        forms, postings = segment.terms.forms, segment.postings
        alike = forms.beginning(word[:1].encode())
        distances = np.empty(len(alike), np.uint8)
        forms.distances(alike, wanted, edits, distances)
        places = np.flatnonzero(distances <= edits)
        numbers = segment.terms.form_number[alike.start + places]
        live = snapshot.live[start : start + segment.size]
        if snapshot.whole or live.all():
            having = postings.frequency[numbers].tolist()
        else:
            having = [np.count_nonzero(live[postings.articles(number)]) for number in numbers.tolist()]
        for place, distance, articles in zip(places.tolist(), distances[places].tolist(), having, strict=True):
            if articles:
                found.setdefault(forms[alike[place]], [distance, 0])[1] += int(articles)
    ranked = sorted((distance, -having, form) for form, (distance, having) in found.items())
    return [form.decode() for _, _, form in ranked[:MAX_SIMILAR]]
