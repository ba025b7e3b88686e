"""How many matches each reading of a misread word adds to a result, and each that is a word of its own would add."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from search.opensearch.ask.search import Search
from search.opensearch.ask.translate import EVERYTHING
from search.opensearch.shown import view
from search.syntax.nodes import is_denied, misread, resting_on, with_readings, without_readings
from search.values.results import FormCount


def counted(search: Search) -> Iterator[FormCount]:
    """The own words of misread words, and then their readings; a question to the cluster for each of the two."""
    yield from _own_words(search)
    tree, node = search.parsed.tree, search.translator.node
    asked = dict.fromkeys((leaf.word, read) for leaf in misread(tree) for read in search.similar(leaf)[1:])
    if not asked:
        return
    lost = [node(without_readings(resting_on(tree, word), word, (read,))) for word, read in asked]
    counts = search.counts(search.clause, [{"bool": {"must_not": [clause]}} for clause in lost])
    for (word, read), count in zip(asked, counts, strict=True):
        yield FormCount(word, read, count)


def _own_words(search: Search) -> Iterator[FormCount]:
    tree, node = search.parsed.tree, search.translator.node
    left = dict.fromkeys(
        (leaf.word, read)
        for leaf in misread(tree)
        for read in view.misread(search.cluster, search.view, leaf.word).left(leaf.without, leaf.also)
    )
    if not left:
        return
    wider = [node(with_readings(tree, word, (read,))) for word, read in left]
    if any(is_denied(tree, word) for word, _ in left):  # of which more readings may mean fewer articles
        widest = EVERYTHING
    else:
        widest = node(reduce(lambda wide, one: with_readings(wide, one[0], one[1:]), left, tree))
    besides = search.under_filters({"bool": {"filter": [widest], "must_not": [node(tree)]}})
    for (word, read), count in zip(left, search.counts(besides, wider), strict=True):
        yield FormCount(word, read, count, own=True)
