"""No text takes more time a character for being longer: each of `benchmarks.shapes`, at one length and at eight times.

Time is that of the processor, of the chain and of the sketch of copies, without the limit of characters. What is
quadratic takes eight times as much a character; what is linear as much, give or take what a busy machine does.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.shapes import SHAPES
from indexer.copies.dedupe import sketch
from indexer.enrich import enrich
from search.article import Article
from tests import waiting

SHORT, LONG = 12_000, 96_000
MOST = 2.5
"""How many times as much a character of the long text may take."""
LEAST_US = 0.5
"""Microseconds a character that nobody need be quicker than."""


@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_as_length_does(name: str) -> None:
    def enriching(length: int) -> Callable[[], object]:
        text = SHAPES[name](length)
        return lambda: sketch(enrich(Article("grown", text, "Leaders meet"), characters=len(text)))

    most = MOST * LONG / SHORT
    assert waiting.grows_less(most, enriching, SHORT, LONG, least_s=LEAST_US / 1e6 * SHORT)
