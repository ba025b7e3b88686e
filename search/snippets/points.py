"""A text as an array of code points, and what each code point is, for the compiled loops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from search.jit.arguments import I64, U8, U32
from search.snippets.kernels import word_matching as kernels
from search.text.tokens import APOSTROPHES, IDEOGRAPHS, MARKS


class Joined(NamedTuple):
    """The code points of texts, one text after the other, and the end of each (uint32, int64)."""

    points: U32
    ends: I64


def of(text: str) -> U32:
    """The code points of a text (uint32)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def joined(texts: Sequence[str]) -> Joined:
    """The code points of texts."""
    return Joined(of("".join(texts)), np.array([*accumulate(map(len, texts))], np.int64))


@cache
def kinds() -> U8:
    """What each code point is: see `kernels.LETTER`."""
    found = np.zeros(kernels.KINDS, np.uint8)
    every = np.arange(kernels.KINDS, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    for pattern, kind in _KINDS:
        for run in pattern.finditer(every):
            found[run.start() : run.end()] |= kind
    found[found & (kernels.ALNUM | kernels.IDEOGRAPH | kernels.APOSTROPHE) == kernels.ALNUM] |= kernels.LETTER
    found[found & (kernels.ALNUM | kernels.IDEOGRAPH) == kernels.IDEOGRAPH] |= kernels.VOID
    return found


_KINDS = (
    (re.compile(f"[{IDEOGRAPHS}]+"), kernels.IDEOGRAPH),
    (re.compile(f"[{MARKS}]+"), kernels.MARK),
    (re.compile(f"[{APOSTROPHES}]+"), kernels.APOSTROPHE),
    (re.compile(r"\s+"), kernels.SPACE),
    (re.compile(r"[^\W_]+"), kernels.ALNUM),
    (re.compile(r"\d+"), kernels.DECIMAL),
    (re.compile("[\ufc5e-\ufc63\ufe70\ufe72\ufe74\ufe76\ufe78\ufe7a\ufe7c\ufe7e\uff9e\uff9f]"), kernels.VOID),
)
"""What has each kind; the last are letters that are accents by themselves, and fold to nothing."""
