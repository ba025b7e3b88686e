"""The question of a citation: what decides which articles are found, and their order, as parameters of the API.

Dates relative to the day (`-7d`, `yesterday`) are replaced by the days they mean on the day of the citation: asked
again, it must be the same question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from search.errors import BadQuery, BadValue
from search.said import said
from search.syntax import parse, write
from search.syntax.nodes import Days, Node, mapped
from search.text import dates
from search.values.query import Query
from search.values.results import Results
from service import params
from service.formats import download
from service.params.parameter import Pairs, decoded
from service.params.query import made_query

PARAMETERS = (
    *download.MATCHING,
    params.BY_PARAMETER["sort"],
    params.BY_PARAMETER["rank"],
)
NAMES = frozenset(parameter.name for parameter in PARAMETERS) - {"strict"}
"""The parameters of a question: all but those of a page of its result."""
_SHOWN = frozenset((*params.presentation.NAMES, *params.BY_PARAMETER)) - NAMES
"""The others that the URL of a result may have."""
_URL = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*://|/|[^\s=&?]*\?)", re.IGNORECASE)
"""The beginning of a URL, also of one without its scheme or host; a query string has a “=” before any “?”."""
_QUOTED = 80
"""Characters of a URL that an error shows."""


def asked(given: Sequence[tuple[str, str]]) -> Query:
    """The question that a request asks. Raises BadQuery naming every invalid parameter."""
    errors: list[BadValue] = []
    values = decoded(given, PARAMETERS, errors)
    if values.get("match") == "auto":
        reason = (
            "What match=auto requires changes as the archive grows, and a question that is kept must stay the same."
        )
        errors.append(BadValue("match", "auto", reason, "Give all, most or any."))
    return made_query(values, PARAMETERS, errors)


def given(text: str) -> Query:
    """The question that somebody gives to be saved: a query string, or the URL of a page with its result.

    What others add to links is ignored; so is, in a URL, how the page shows the result.

    Raises:
        BadQuery: naming every invalid parameter, or a URL that asks nothing.
    """
    if _URL.match(text) is None:
        return asked(params.tracking.without(params.split(text)))
    pairs = params.tracking.without(params.split(text.partition("?")[2].partition("#")[0].rstrip()))
    searched = [pair for pair in pairs if pair[0] not in _SHOWN]
    if not searched:
        shown = text.strip()[:_QUOTED]
        reason = said("“{url}” has no parameters of a search.", url=shown)
        raise BadQuery(
            [BadValue("question", shown, reason, said("Give the URL of a result, with what follows its “?”."))]
        )
    return asked(searched)


def within(given: Sequence[tuple[str, str]]) -> Query | None:
    """The question in the address of a page, whose other parameters are ignored; None if there is none.

    Raises:
        BadQuery: naming every invalid parameter.
    """
    own = [pair for pair in given if pair[0] in NAMES]
    return asked(own) if own else None


def lasting(query: Query, results: Results) -> Query:
    """The query with what `auto` required in a result, so that it can be saved."""
    return query if query.match != "auto" else replace(query, match="most" if results.query.partial else "all")


def pairs(query: Query) -> Pairs:
    """The parameters of a question."""
    return [(name, value) for name, value in params.write(query) if name in NAMES]


def written(query: Query, today: date) -> str:
    """A question as a query string."""
    return params.joined(pairs(settled(query, today)))


def read(question: str) -> Query:
    """The query of a stored question. Raises BadQuery naming every invalid parameter."""
    return asked(params.split(question))


def called(question: str, named: Callable[[Query], Query]) -> str:
    """A stored question whose list is called otherwise; as it is if it is about none, or not valid any more."""
    if "list=" not in question:
        return question
    try:
        return params.joined(pairs(named(read(question))))
    except BadQuery:
        return question


def on(question: str, day: date) -> Query:
    """The query of a stored question as it is asked on a day. Raises BadQuery naming every invalid parameter."""
    return settled(read(question), day)


def settled(query: Query, today: date) -> Query:
    """The same query without dates that are relative to the day."""
    tree = parse(query.text).tree
    fixed = mapped(tree, partial(_settled, today=today))
    return replace(
        query,
        text=query.text if fixed == tree else write(fixed),
        date_from=_bound(query.date_from, today, last=False),
        date_to=_bound(query.date_to, today, last=True),
        added_from=_bound(query.added_from, today, last=False),
        added_to=_bound(query.added_to, today, last=True),
    )


def _settled(node: Node, today: date) -> Node:
    match node:
        case Days(first, last, field):
            return Days(_bound(first, today, last=False), _bound(last, today, last=True), field)
        case _:
            return node


def _bound(value: str | None, today: date, last: bool) -> str | None:
    if not value:
        return value
    absolute = dates.written(value, today)
    try:
        dates.parse(absolute)
    except ValueError:
        days = dates.parse_bound(value, today)
        return (days.last if last else days.first).isoformat()
    return absolute
