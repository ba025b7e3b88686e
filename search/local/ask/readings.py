"""How many matches each reading of a misread word adds to a result, and each that is a word of its own would add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from search.local.ask.search import Search
from search.syntax.nodes import Misread, by_word, is_denied, misread, resting_on, with_readings, without_readings
from search.values.results import FormCount


def counted(search: Search) -> Iterator[FormCount]:
    """The readings of each misread word, and then its own words, after `Search.run`."""
    tree, executor = search.parsed.tree, search.executor
    for word, same in by_word(misread(tree)):
        added, part = search.articles, resting_on(tree, word)
        readings = list(dict.fromkeys(read for leaf in same for read in executor.similar(leaf)[1:]))
        with executor.aside():
            if not is_denied(tree, word):
                added = added[~executor.has(without_readings(part, word, readings), added)]
            for read in readings:
                having = np.logical_or.reduce([executor.has(leaf.read_as(read), added) for leaf in same])
                if having.any():
                    lost = ~executor.has(without_readings(part, word, (read,)), added[having])
                    yield FormCount(word, read, int(np.count_nonzero(lost)))
        yield from _own_words(search, word, same)


def _own_words(search: Search, word: str, same: Sequence[Misread]) -> Iterator[FormCount]:
    tree, executor, known = search.parsed.tree, search.executor, search.executor.misread(word)
    left = list(dict.fromkeys(read for leaf in same for read in known.left(leaf.without, leaf.also)))
    if not left:
        return
    if is_denied(tree, word):
        for read in left:
            yield FormCount(word, read, len(search.besides(with_readings(tree, word, (read,)))), own=True)
        return
    besides, part = search.besides(with_readings(tree, word, left)), resting_on(tree, word)
    with executor.aside():
        for read in left:
            having = np.logical_or.reduce([executor.has(leaf.read_as(read), besides) for leaf in same])
            if having.any():
                found = executor.has(with_readings(part, word, (read,)), besides[having])
                yield FormCount(word, read, int(np.count_nonzero(found)), own=True)
