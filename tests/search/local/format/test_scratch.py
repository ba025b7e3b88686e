"""Working memory: arrays that live at the same time do not overlap, and what was released is used again."""

from __future__ import annotations

import numpy as np

from search.local.format.scratch import Scratch


def test_arrays_do_not_overlap() -> None:
    scratch = Scratch()
    first = scratch.zeros(1000, np.uint32)
    with scratch.aside():
        inside = scratch.zeros(1000, np.uint64)
        inside[:] = 7
    after = scratch.zeros(1000, np.uint32)
    after[:] = 9

    assert not first.any()
    assert not np.shares_memory(first, after)


def test_what_a_block_took_is_used_again() -> None:
    scratch = Scratch()
    with scratch.aside():
        inside = scratch.take(1000, np.uint32)

    assert np.shares_memory(inside, scratch.take(1000, np.uint32))


def test_memory_grows_to_the_most_that_was_in_use_at_once() -> None:
    scratch = Scratch()
    size = 1 << 20
    for _ in range(2):
        with scratch.aside():
            scratch.take(size, np.uint32)
            scratch.take(size, np.uint32)
    scratch.clear()
    with scratch.aside():
        first, second = scratch.take(size, np.uint32), scratch.take(size, np.uint32)

    assert first.base is second.base
    assert len(scratch._memory) == 10 * size
