"""One article stands for each story."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.kernels import stories
from tests.search.kernels.arrays import SETTINGS, u32


@SETTINGS
@given(st.lists(st.integers(-1, 3), max_size=12), st.lists(st.integers(0, 3), min_size=12, max_size=12), st.randoms())
def test_the_first_of_a_story_stands_for_it(groups: list[int], keys: list[int], dice: random.Random) -> None:
    """Ids are in no order: where keys are equal, the article that comes first by group and id is it."""
    ids = dice.sample(range(len(groups)), len(groups))
    order = sorted((n for n, group in enumerate(groups) if group >= 0), key=lambda n: (groups[n], ids[n]))
    meant = [n for n in range(len(groups)) if dice.random() < 0.7]
    places = np.zeros(len(groups), np.uint32)
    places[meant] = np.arange(1, len(meant) + 1)
    chosen = np.zeros(5, np.int64)
    own = np.array([keys[n] for n in meant], np.int64)
    size = stories.best_of_stories(u32(*order), np.array(groups, np.int32), places, own, chosen)
    found = sorted({groups[n] for n in meant} - {-1})

    assert [meant[place] for place in chosen[:size]] == [
        min((n for n in meant if groups[n] == story), key=lambda n: (keys[n], ids[n])) for story in found
    ]
