"""Saved searches, as they are sent and listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from service.values.desk_values import Name
from service.values.shared_values import Following


class SentSearch(Struct, forbid_unknown_fields=True):
    """A search that is saved.

    Attributes:
        question: its parameters, as a query string, or the URL of its page.
        shared: false makes it one's own, true shares it with others. Without it, it is nobody's if the key may edit.
    """

    name: Name = ""
    question: str = ""
    shared: bool | UnsetType = UNSET


class ChangedSearch(Struct, forbid_unknown_fields=True):
    """What is changed of a saved search.

    Attributes:
        shared: others find it.
    """

    name: Name | UnsetType = UNSET
    shared: bool | UnsetType = UNSET
    seen: Annotated[bool, Meta(extra_json_schema={"const": True})] | UnsetType = UNSET


class SearchLinks(Struct):
    """The addresses of a saved search, of its result, and of what is new in it; null if nothing is."""

    self: str
    search: str
    new: str | None = None


class Search(Struct):
    """A saved search, and what is new in it to the one who asks.

    Attributes:
        seen: when the one who asks has seen it, or a little before.
        new: added since it was seen; null if it never was.
        mine: it belongs to the one who asks; `private`: nobody else finds it.
        problem: why it cannot be asked any more.
    """

    name: str
    question: str
    made_by: str
    made: str
    mine: bool
    private: bool
    seen: str | None
    total: int | None
    new: int | None
    problem: str | None
    links: SearchLinks


class Searches(Struct):
    """Saved searches, by name."""

    searches: Sequence[Search]
    links: Following
