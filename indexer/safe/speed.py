"""The speed of this machine, relative to the one on which the limits were set.

A fixed piece of work similar to that of readers (JSON, regular expressions, strings) is timed in CPU seconds of its own
thread. Stolen time of a virtual machine and a shared core count as slowness, since they slow down a record as much.
"""

from __future__ import annotations

import json
import re
import time

REFERENCE_S = 0.001
"""The best time for the work on the machine on which the limits were set."""
MOST = 16.0
"""The greatest slowness; even slower machines get no more time."""
RUNS = 5

_WORD = re.compile(r"\w+")
_TEXT = "The quick brown fox & the “lazy” dogs met in Berlin on 3 March 1990, said Reuters. " * 40
_RECORD = json.dumps(
    {"id": "x", "title": "A title", "text": _TEXT, "persons": ["Ann Lee", "Bo Li"], "extra": dict.fromkeys(_TEXT, 1)}
)
_known: float | None = None


def slowness() -> float:
    """The factor by which this machine is slower than the reference, from 1 to `MOST`; measured once, in a few ms."""
    return _known if _known is not None else measured()


def measured() -> float:
    """Measure again. `slowness` returns the highest of all measurements from then on."""
    global _known
    seconds = min(_timed() for _ in range(RUNS))  # the shortest is the undisturbed one
    _known = max(_known or 1.0, min(MOST, seconds / REFERENCE_S))
    return _known


def _timed() -> float:
    began = time.thread_time()
    for _ in range(4):
        text: str = json.loads(_RECORD)["text"]
        counts: dict[str, int] = {}
        for word in _WORD.finditer(text):
            counts[word.group().lower()] = counts.get(word.group().lower(), 0) + 1
        " ".join(text.split())
    return time.thread_time() - began
