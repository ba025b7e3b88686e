"""Here is a word, give me those of the archive that are spelled like it."""

from __future__ import annotations

import numpy as np

from search.local.snapshot import Snapshot
from search.syntax import MAX_SIMILAR


def nearest(snapshot: Snapshot, word: str, edits: int) -> list[str]:
    """The archive's words within so many edits: the fewest edits first, then the most frequent, then by spelling.

    Only words with the same first letter, at most `MAX_SIMILAR` (see `search.syntax.Fuzzy`).
    """
    wanted = np.frombuffer(word.encode("utf-32-le"), np.uint32)
    found: dict[bytes, list[int]] = {}
    for segment in snapshot.segments:
        alike = segment.forms.beginning(word[:1].encode())
        distances = np.empty(len(alike), np.uint8)
        segment.forms.distances(alike, wanted, edits, distances)
        for place in np.flatnonzero(distances <= edits).tolist():
            number = alike[place]
            having = int(segment.frequency[segment.form_number[number]])
            found.setdefault(segment.forms[number], [int(distances[place]), 0])[1] += having
    ranked = sorted((distance, -having, form.decode()) for form, (distance, having) in found.items())
    return [form for _, _, form in ranked[:MAX_SIMILAR]]
