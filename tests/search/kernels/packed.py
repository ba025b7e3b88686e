"""Postings made up by chance, and packed."""

from __future__ import annotations

import random

import numpy as np

from search.jit.arguments import Blocks, Postings
from search.kernels import packing
from tests.search.kernels.arrays import u32

COUNTS = (1, 2, 127, 128, 129, 255, 256, 257, 700)
"""Postings of a term, at both sides of where a block is full."""


def made_up(count: int, seed: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Articles, occurrences, those in the title, and the length of each article."""
    dice = random.Random(seed)
    articles = sorted(dice.sample(range(5 * count), count))
    counts = [1 + int(dice.expovariate(0.5)) for _ in articles]
    titles = [dice.randint(0, min(most, 2)) for most in counts]
    return articles, counts, titles, dice.choices([1, 80, 400], k=5 * count)


class Packed:
    """Postings of one term, packed."""

    def __init__(self, articles: list[int], counts: list[int], titles: list[int], lengths: list[int]) -> None:
        blocks = -(-len(articles) // packing.BLOCK)
        out = Blocks(
            starts=np.zeros(blocks + 1, np.int64),
            words=np.zeros(4 * len(articles) + 64, np.uint32),
            lasts=np.zeros(blocks, np.uint32),
            offsets=np.zeros(blocks + 1, np.int64),
            shapes=np.zeros(blocks, np.uint32),
            impacts=np.zeros(blocks, np.float32),
            befores=np.zeros(blocks + 1, np.int64),
        )
        made = Postings(np.array([len(articles)]), u32(*articles), u32(*counts), u32(*titles), u32())
        self.lengths = u32(*lengths)
        self.blocks, _ = packing.encode((*made,), self.lengths, 0.3, 0.01, (*out,))
        assert self.blocks == blocks
        self.packed = out.words, out.offsets, out.shapes
        self.lasts, self.impacts, self.befores = out.lasts, out.impacts, out.befores
