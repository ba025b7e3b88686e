"""No text takes more time a character for being longer: each of `benchmarks.shapes`, at one length and at eight times.

Time is that of the processor, of the chain and of the sketch of copies, without the limit of characters. What is
quadratic takes eight times as much a character; what is linear as much, give or take what a busy machine does.
"""

from __future__ import annotations

import time

import pytest

from benchmarks.shapes import SHAPES
from indexer.copies.dedupe import sketch
from indexer.enrich import enrich
from search.article import Article

SHORT, LONG = 12_000, 96_000
MOST = 2.5
"""How many times as much a character of the long text may take."""
LEAST_US = 0.5
"""Microseconds a character that nobody need be quicker than."""
TRIES = 4


def microseconds(text: str) -> float:
    """A character's, once."""
    began = time.process_time()
    sketch(enrich(Article("grown", text, "Leaders meet"), characters=len(text)))
    return (time.process_time() - began) / len(text) * 1e6


@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_as_length_does(name: str) -> None:
    short, long = SHAPES[name](SHORT), SHAPES[name](LONG)
    least_short = least_long = float("inf")
    for _ in range(TRIES):
        least_long = min(least_long, microseconds(long))
        least_short = min(least_short, microseconds(short))
        if least_long < MOST * max(least_short, LEAST_US):
            return
    pytest.fail(f"{least_short:.2f} µs a character of {SHORT:,}, {least_long:.2f} of {LONG:,}")
