"""Estimates the cost of a query from statistics of its terms, without reading postings or positions.

The estimate is the sum over the different leaves of the tree, exclusions included:

| leaf | cost |
| --- | --- |
| a word, a value | its postings |
| a word in one field | its postings, unpacked with their counts |
| `trade*` | the forms with this prefix, and their postings |
| `trade~2` | the forms with the same first letter, of which a part is compared |
| `trade~ocr` | its misreadings, of which a few are in the archive, and its postings |
| a phrase | the positions of its words in articles that may have all of them, and all their postings |
| near words | the same; each such position is also sorted |
| `a /s b` | that of its parts, and the positions of the words in them |
| days | the articles of the archive |

and each article of the archive once, for filters and facets. At most as many articles have all words as have the rarest
one; that share of the others' positions is counted. The times are those of one machine, rounded; decisions by the sum
depend only on its order of magnitude. Cost: one lookup in the lexicon for each word and segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.errors import BadQuery
from search.local.ask.snapshot import Snapshot
from search.local.format.segment import SegmentData
from search.syntax import nodes, parse
from search.text.misreadings import words_of
from search.text.tokens import rows_in, terms_in

ARTICLE_NS = 2
POSTING_NS = 10
FIELD_POSTING_NS = 60
PHRASE_POSITION_NS = 3
NEAR_POSITION_NS = 40
FORM_NS = 4_000
TOGETHER = 3
"""How many times a word's cost its positions cost, if they are compared with those of others."""
COMPARED_NS = 50
LOOKED_UP_NS = 2_000
LEAF_NS = 20_000
ENOUGH_NS = 10**10
"""The estimate stops at ten seconds."""


def milliseconds(snapshot: Snapshot, text: str) -> float:
    """The cost of a query's text, in milliseconds of CPU time; 0 if it is invalid."""
    try:
        tree = parse(text).tree
    except BadQuery:
        return 0.0
    total: int = snapshot.size * ARTICLE_NS
    for leaf in dict.fromkeys(_all_leaves(tree)):
        total += LEAF_NS + _leaf(snapshot, leaf)
        if total > ENOUGH_NS:
            break
    return total / 1e6


def _all_leaves(node: nodes.Node) -> Iterator[nodes.Leaf | nodes.Condition]:
    match node:
        case nodes.And(parts) | nodes.Or(parts) | nodes.AtLeast(parts):
            for part in parts:
                yield from _all_leaves(part)
        case nodes.Not(part):
            yield from _all_leaves(part)
        case nodes.All():
            pass
        case _:
            yield node


def _leaf(snapshot: Snapshot, leaf: nodes.Leaf | nodes.Condition) -> int:
    match leaf:
        case nodes.Word(word, field):
            found = terms_in(word, snapshot.languages)
            return sum(_frequency(snapshot, term) for term in found) * _posting(field)
        case nodes.Phrase(words, _):
            return _together(snapshot, words, PHRASE_POSITION_NS)
        case nodes.Near(words, _, _):
            return _together(snapshot, words, NEAR_POSITION_NS)
        case nodes.Together(parts):
            return sum(_leaf(snapshot, one) * TOGETHER for part in parts for one in nodes.alternatives(part) or ())
        case nodes.Exact(words, field):
            return sum(_forms(snapshot, word, exact=True, each=_posting(field)) for word in words)
        case nodes.Prefix(letters, field):
            return _forms(snapshot, letters, exact=False, each=_posting(field))
        case nodes.Misread(word, _, field):
            asked = len(words_of(word)) * max(1, len(snapshot.languages))
            postings = sum(_frequency(snapshot, term) for term in terms_in(word, snapshot.languages))
            return asked * len(snapshot.segments) * LOOKED_UP_NS + postings * _posting(field)
        case nodes.Fuzzy(word, _, _):
            return (
                sum(len(segment.terms.forms.beginning(word[0].encode())) for segment in snapshot.segments) * COMPARED_NS
            )
        case nodes.Value() | nodes.Days() | nodes.Id() | nodes.Url():
            size: int = snapshot.size
            return size * POSTING_NS


def _posting(field: str | None) -> int:
    return POSTING_NS if field is None else FIELD_POSTING_NS


def _frequency(snapshot: Snapshot, term: str) -> int:
    encoded = term.encode()
    found = ((segment, segment.terms.stems.find(encoded)) for segment in snapshot.segments)
    return sum(int(segment.postings.frequency[number]) for segment, number in found if number is not None)


def _forms(snapshot: Snapshot, letters: str, exact: bool, each: int) -> int:
    """The cost of a form, or of all forms with a prefix: a lookup of each, and its postings."""
    cost = 0
    for segment in snapshot.segments:
        if exact:
            place = segment.terms.forms.find(letters.encode())
            found = range(0) if place is None else range(place, place + 1)
        else:
            found = segment.terms.forms.beginning(letters.encode())
        postings = int(
            segment.postings.frequency[segment.terms.form_number[found.start : found.stop]].sum(dtype="int64")
        )
        cost += len(found) * FORM_NS + postings * each
    return cost


def _together(snapshot: Snapshot, words: Sequence[str], each: int) -> int:
    """The cost of words in one field of one article, in each language."""
    rows = rows_in(words, snapshot.languages)
    return sum(_positions(segment, row, each) for row in rows for segment in snapshot.segments)


def _positions(segment: SegmentData, row: Sequence[str], each: int) -> int:
    numbers = [segment.terms.stems.find(term.encode()) for term in row]
    there = [number for number in numbers if number is not None]
    if len(there) < len(numbers):
        return 0
    frequencies = {number: int(segment.postings.frequency[number]) for number in there}
    rarest = min(frequencies.values())
    total = {number: segment.postings.total(number) for number in frequencies}
    positions = sum(total[number] * rarest // max(1, frequencies[number]) for number in there)
    return sum(frequencies.values()) * POSTING_NS + positions * each
