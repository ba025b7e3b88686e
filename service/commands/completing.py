"""What shells complete besides commands and options: the values of filters, from the index that the command names."""

from __future__ import annotations

from collections.abc import Callable

import click
from click.shell_completion import CompletionItem

import search
from search.errors import DatelineError
from search.text.tokens import fold
from search.values.query import MAX_FACET_SIZE, Listing, Query
from search.values.results import ValueFacet

OFFERED = 50
"""Maximum number of values to choose from, the most frequent first."""

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def values(field: str) -> Completer:
    """Completes the values of a facet: those whose names begin as typed, or else those that have such a word."""

    def complete(context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
        # An option without its value is an error, which leaves the arguments before it unread.
        index = context.params.get("index") or next(iter(context.args), None)
        if not index:
            return []
        try:
            with search.open(index) as engine:
                found = engine.facet(Query(), field, Listing(prefix=typed, limit=MAX_FACET_SIZE if typed else OFFERED))
        except DatelineError:
            return []  # the command itself says what is wrong with its index; a shell has no room for it
        assert isinstance(found, ValueFacet)
        initials = {fold(one.label)[:1] for one in found.values}
        begun = [one for one in found.values if fold(one.label).startswith(fold(typed))]
        # A shell puts what all have in common in the place of what was typed.
        offered = begun or (found.values if len(found.values) == 1 or len(initials) > 1 else ())
        return [CompletionItem(one.label, help=f"{one.count:,} articles") for one in offered[:OFFERED]]

    return complete
