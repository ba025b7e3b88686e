"""What is special about a result: counts of the cluster, exact over all matches.

All values of a facet are read, page by page. Of words, the most frequent `MAX_VALUES` are counted, and all others only
if a word that is not among them could be more special than the listed ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from search.measures.keyness import WORDS, Contrast, Keyness, Special, key, measured
from search.opensearch.ask.facets import MAX_VALUES, count_of, counting
from search.opensearch.ask.search import Search
from search.opensearch.ask.translate import having
from search.opensearch.mapping import FORMS
from search.opensearch.shown.shown_names import FacetNames
from search.system.json import Json
from search.text.tokens import is_letter

CHUNK = 500
"""Values with several spellings that are counted together."""
PARTITION = 4000
"""The intended number of words of one answer, when all words are counted."""

Counts = Mapping[str, int]


def special(result: Search, reference: Search, contrast: Contrast) -> Special:
    """Find what is special about a result; both searches count articles, not stories."""
    total, whole = result.count(), reference.count()
    values: list[Keyness] = []
    if 0 < total < whole:
        measure = _measure(contrast, total, whole)
        if contrast.field == WORDS:
            values = _words(result, reference, contrast, total, whole)
        else:
            names = result.view.names[result.query.counted(contrast.field)]
            counts, of = by_value(result, names), by_value(reference, names)
            values = measure((names.spelled[head], names.label(head), counts.get(head, 0), n) for head, n in of.items())
    return Special(contrast, total, whole, tuple(values[: contrast.limit]))


def by_value(search: Search, names: FacetNames) -> Counts:
    """The articles (or stories) that pass all filters, by shown value."""
    stories = search.stories
    inner = {"aggs": counting(stories)} if stories else {}
    buckets: dict[str, int] = {}
    after: Json = {}
    while True:
        pages = {"size": MAX_VALUES, "sources": [{"value": {"terms": {"field": names.name}}}]} | after
        found = search.aggregations({"pages": {"composite": pages} | inner})["pages"]
        buckets |= {bucket["key"]["value"]: count_of(bucket, stories) for bucket in found["buckets"]}
        if "after_key" not in found:
            break
        after = {"after": found["after_key"]}
    doubtful = names.members if stories else names.shared
    again = iter([head for head in doubtful if sum(member in buckets for member in names.members[head]) > 1])
    exact: dict[str, int] = {}
    while chunk := list(islice(again, CHUNK)):
        filters = {head: having(names.name, names.members[head]) for head in chunk}
        found = search.aggregations({"each": {"filters": {"filters": filters}} | inner})["each"]["buckets"]
        exact |= {head: count_of(bucket, stories) for head, bucket in found.items()}
    return names.counts(buckets, exact)


def _measure(
    contrast: Contrast, total: int, whole: int
) -> Callable[[Iterable[tuple[str, str, int, int]]], list[Keyness]]:
    """A function that measures values, and sorts those that are over- or under-represented as requested."""

    def measure(counted: Iterable[tuple[str, str, int, int]]) -> list[Keyness]:
        found = [
            measured(value, label, count, of, total, whole)
            for value, label, count, of in counted
            if (count * whole > total * of if contrast.sort == "over" else count * whole < total * of)
        ]
        return sorted(found, key=lambda one: (-key(one.count, one.of, total, whole), one.label, one.value))

    return measure


def _words(result: Search, reference: Search, contrast: Contrast, total: int, whole: int) -> list[Keyness]:
    over = contrast.sort == "over"
    measure = _measure(contrast, total, whole)

    def of(counted: Sequence[str]) -> list[Keyness]:
        words = [word for word in counted if not is_letter(word)]
        counts, totals = _counts(result, words), _counts(reference, words)
        return measure((word, word, counts.get(word, 0), totals.get(word, 0)) for word in words)

    source = result if over else reference
    words, most = _most_frequent(source)
    found = of(words)
    if most:
        if over:
            bound = key(min(most, total), min(most, total), total, whole)
        else:
            bound = key(0, min(most, whole - total), total, whole)
        listed = found[: contrast.limit]
        if len(listed) < contrast.limit or key(listed[-1].count, listed[-1].of, total, whole) <= bound:
            found = []
            for some in _all_words(source):
                found = sorted([*found, *of(some)], key=lambda one: (-key(one.count, one.of, total, whole), one.label))[
                    : contrast.limit
                ]
    return found


def _most_frequent(search: Search) -> tuple[list[str], int]:
    """The words of most articles; and the number of articles that a word which is not among them may have."""
    found = search.aggregations({"words": {"terms": _terms(MAX_VALUES)}})["words"]
    words = [bucket["key"] for bucket in found["buckets"]]
    if not found["sum_other_doc_count"]:
        return words, 0
    return words, int(found["buckets"][-1]["doc_count"]) + int(found["doc_count_error_upper_bound"])


def _counts(search: Search, words: Sequence[str]) -> Counts:
    """The number of articles that have each of the given words."""
    if not words:
        return {}
    asked = _terms(len(words)) | {"include": list(words)}
    found = search.aggregations({"words": {"terms": asked}})["words"]["buckets"]
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in found}


def _all_words(search: Search) -> list[list[str]]:
    """The words of all matches, in parts that one answer holds."""
    sketch = {"cardinality": {"field": FORMS, "precision_threshold": 40_000}}
    parts = 1 + int(search.aggregations({"words": sketch})["words"]["value"]) // PARTITION
    while True:
        found = [
            search.aggregations(
                {"words": {"terms": _terms(MAX_VALUES) | {"include": {"partition": part, "num_partitions": parts}}}}
            )["words"]
            for part in range(parts)
        ]
        if not any(answer["sum_other_doc_count"] for answer in found):
            return [[bucket["key"] for bucket in answer["buckets"]] for answer in found]
        parts *= 2


def _terms(size: int) -> Json:
    return {"field": FORMS, "size": size, "shard_size": size}
