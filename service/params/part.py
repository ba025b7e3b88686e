"""The parameters of a part of a long list, such as `/api/corrections`: what it begins after, and how long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import BadQuery, BadValue
from search.values.article import ID_PATTERN
from service.params.parameter import Pairs, Parameter, decoded, encoded, made

MOST = 1_000
"""The greatest number of entries in a part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list.

    Attributes:
        after: the number of the entry before the first one.
        limit: how many entries it has at most.
        article: the id of the article that its entries are about; None for any.
    """

    after: int = 0
    limit: int = 100
    article: str | None = None


PARAMETERS = (
    Parameter(
        "after", "integer", "Only those with a greater number: links.next has it.", Part, "after", bounds=(0, None)
    ),
    Parameter("limit", "integer", f"How many; {Part().limit} by default.", Part, "limit", bounds=(1, MOST)),
)
OF_ARTICLE = Parameter("article", "string", "Only those of this article.", Part, "article")


def read(pairs: Sequence[tuple[str, str]], table: Sequence[Parameter] = PARAMETERS) -> Part:
    """The part of a list that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    asked = Part(**made(decoded(pairs, table, errors), table, Part))
    if asked.after < 0:
        errors.append(
            BadValue("after", str(asked.after), f"after is {asked.after}.", "It must be 0 or the number of one.")
        )
    if not 1 <= asked.limit <= MOST:
        errors.append(BadValue("limit", str(asked.limit), f"limit is {asked.limit}.", f"It must be 1 to {MOST:,}."))
    if asked.article is not None and not ID_PATTERN.fullmatch(asked.article):
        reason = f"“{asked.article[:80]}” is not an id."
        errors.append(BadValue("article", asked.article[:80], reason, "Give that of an article."))
    if errors:
        raise BadQuery(errors)
    return asked


def write(part: Part, table: Sequence[Parameter] = PARAMETERS) -> Pairs:
    """The parameters of a part."""
    return encoded(table, {Part: part})
