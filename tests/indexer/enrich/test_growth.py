"""No text takes more time a character for being longer: each of `benchmarks.shapes`, at one length and at eight times.

Time is that of the processor, of the chain and of the sketch of copies, without the limit of characters. What is
quadratic takes eight times as much a character; what is linear as much, give or take what a busy machine does.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.shapes import SHAPES
from indexer.copies.dedupe import sketch
from indexer.enrich import enrich
from search.values.article import Article
from tests import waiting

SHORT, TIMES = 12_000, 8
FEW = (
    "ever new names", "one surname", "full names, then surnames", "countries", "dates", "ever new words",
    "an endless word", "initials", "German",
)  # fmt: skip
"""Those of `make test`, which reads shorter texts of them."""
MOST = 2.5
"""How many times as much a character of the long text may take."""
LEAST_US = 0.5
"""Microseconds a character that nobody need be quicker than."""


def test_time_grows_as_length_does(amount: Callable[..., int]) -> None:
    def grows(name: str) -> bool:
        def enriching(length: int) -> Callable[[], object]:
            text = SHAPES[name](length)
            return lambda: sketch(enrich(Article("grown", text, "Leaders meet"), characters=len(text)))

        return waiting.grows_less(MOST * TIMES, enriching, short, TIMES * short, least_s=LEAST_US / 1e6 * short)

    short = amount(SHORT, few=4_000)
    names = sorted(SHAPES, key=lambda name: name not in FEW)

    assert [name for name in names[: amount(len(SHAPES), few=len(FEW))] if not grows(name)] == []
