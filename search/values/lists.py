"""How a query calls a list of articles, and the error where there is no such list."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from difflib import get_close_matches

from search.errors import BadQuery, BadValue
from search.said import said
from search.values.bad_values import MAX_NAME

Lists = Callable[[str], Collection[str]]
"""Finds the ids of the articles on a list by its name. Raises BadQuery if there is no such list."""


def list_by_number(number: int) -> str:
    """What a stored question calls a list, whatever its name becomes; no name of a list is like this."""
    return f"/{number}"


def numbered_list(name: str) -> int | None:
    """The number of a list that is called by it (`list_by_number`); None if it is called by a name."""
    found = _LIST_NUMBER.fullmatch(name)
    return int(found[1]) if found else None


_LIST_NUMBER = re.compile(r"/([1-9]\d{0,17})", re.ASCII)


def no_lists(name: str) -> Collection[str]:
    """The articles on a list of an index that has none. Raises BadQuery."""
    raise no_list(name)


def no_list(name: str, known: Sequence[str] | None = ()) -> BadQuery:
    """The error of a query for a list that there is not.

    Args:
        known: the names of those that there are; None to tell nothing of them.
    """
    if numbered_list(name) is not None:
        reason = said("The list that this asks for was deleted, or is not there for you any more.")
        return BadQuery([BadValue("list", name[:MAX_NAME], reason, said("Choose another list."))])
    close = get_close_matches(name, known or (), n=1, cutoff=0.6)
    hint = (
        said("Nearest: {close}.", close=close[0])
        if close
        else said("Give the name of one.")
        if known is None or known
        else said("There are no lists yet.")
    )
    return BadQuery([BadValue("list", name[:MAX_NAME], said("There is no list “{name}”.", name=name[:MAX_NAME]), hint)])
