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
        live = snapshot.live[start : start + segment.size]
        whole = bool(live.all())
        alike = segment.terms.forms.beginning(word[:1].encode())
        distances = np.empty(len(alike), np.uint8)
        segment.terms.forms.distances(alike, wanted, edits, distances)
        for place in np.flatnonzero(distances <= edits).tolist():
            form = alike[place]
            number = int(segment.terms.form_number[form])
            having = (
                segment.postings.frequency[number]
                if whole
                else np.count_nonzero(live[segment.postings.articles(number)])
            )
            if having:
                found.setdefault(segment.terms.forms[form], [int(distances[place]), 0])[1] += int(having)
    ranked = sorted((distance, -having, form.decode()) for form, (distance, having) in found.items())
    return [form for _, _, form in ranked[:MAX_SIMILAR]]
