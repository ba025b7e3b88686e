"""Keyness: what is special about some articles, by how often each value occurs in them and elsewhere.

Each value has a table of four counts: the articles of the result with and without it, and the other articles of the
reference with and without it. G² is the log-likelihood ratio of that table, signed: negative if the value is rarer in
the result than expected. The unit is the article, for words too: a word counts once in each article that has it.

Sources: T. Dunning, “Accurate methods for the statistics of surprise and coincidence”, 1993 (G²); P. Rayson and R.
Garside, “Comparing corpora using frequency profiling”, 2000 (its use for corpora); A. Hardie, “Log Ratio”, 2014.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log2
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from search.errors import BadQuery
from search.fields import FACET_NAMES
from search.values.bad_values import choice, text_errors, within
from search.values.query import DENOMINATORS, Denominator
from search.values.results import Count

WORDS = "words"
"""The field of the words of title and text, as written: folded, not stemmed, without single letters (see `text`)."""
SPECIAL_FIELDS = (*FACET_NAMES, WORDS)
Representation = Literal["over", "under"]
REPRESENTATIONS: tuple[Representation, ...] = get_args(Representation)
MAX_SPECIAL = 1000
ZERO = 0.5
"""The count that replaces 0 in a log ratio, which would be infinite (Hardie 2014)."""
DIGITS = 4
KEY = 1e6
"""Values are ranked by six decimals of G², so that their order does not depend on the last bit of a sum."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """What is compared, and which values are listed.

    Attributes:
        field: a facet, or `words`.
        against: the reference: the whole `archive`, or the articles that pass the same `filters`, whatever their words.
        sort: the values that are `over`- or `under`-represented, the most so first.
        limit: the maximum number of values, from 1.
        than: the words of another query with the same filters, in place of `against`: the reference is what either
            finds, so what is compared is the articles of the first with those that only the other finds.

    Raises:
        BadQuery: on construction, naming every invalid value.
    """

    field: str = WORDS
    against: Denominator = "archive"
    sort: Representation = "over"
    limit: int = 20
    than: str | None = None

    def __post_init__(self) -> None:
        errors = [
            *choice("field", self.field, SPECIAL_FIELDS),
            *choice("against", self.against, DENOMINATORS),
            *choice("sort", self.sort, REPRESENTATIONS),
            *within("limit", self.limit, 1, MAX_SPECIAL),
            *text_errors("than", self.than or ""),
        ]
        if errors:
            raise BadQuery(errors)


class Keyness(Struct, frozen=True):
    """A value, or a word, and how special it is.

    Attributes:
        count: articles of the result that have it.
        of: articles of the reference that have it, those of the result among them.
        expected: the count if it were as frequent in the result as in the reference: total · of / of all.
        g2: signed log-likelihood ratio, negative if rarer; above 3.84 chance is an unlikely explanation (p < 0.05),
            above 15.13 a very unlikely one (0.0001).
        log_ratio: the binary logarithm of how many times as frequent it is in the result as in the rest of the
            reference: 1 is twice, −1 half. A count of 0 is replaced by 0.5.
    """

    value: str
    label: str
    count: Count
    of: Count
    expected: Annotated[float, Meta(ge=0)]
    g2: float
    log_ratio: float


@dataclass(frozen=True, slots=True)
class Special:
    """What is special about a result.

    Attributes:
        total: the articles of the result.
        of: the articles of the reference.
        values: by G², the most extreme first, ties by label.
    """

    contrast: Contrast
    total: int
    of: int
    values: tuple[Keyness, ...]


def measured(value: str, label: str, count: int, of: int, total: int, whole: int) -> Keyness:
    """A value with its measures.

    Args:
        count, of: articles of the result and of the reference that have it.
        total, whole: articles of the result and of the reference; the result is neither empty nor the whole reference.
    """
    ratio = ((count or ZERO) / total) / (((of - count) or ZERO) / (whole - total))
    return Keyness(
        value,
        label,
        count,
        of,
        round(total * of / whole, DIGITS),
        round(g2(count, of, total, whole), DIGITS),
        round(log2(ratio), DIGITS),
    )


def g2(count: int, of: int, total: int, whole: int) -> float:
    """Signed G² of a value; arguments as in `measured`."""
    rest = of - count
    cells = (
        (count, total, of),
        (rest, whole - total, of),
        (total - count, total, whole - of),
        (whole - total - rest, whole - total, whole - of),
    )
    found = 2 * sum(seen * log(seen * whole / (row * column)) for seen, row, column in cells if seen)
    return found if count * whole >= total * of else -found


def key(count: int, of: int, total: int, whole: int) -> int:
    """The rank of a value by G², whatever its sign: greater is more special."""
    return int(abs(g2(count, of, total, whole)) * KEY + 0.5)
