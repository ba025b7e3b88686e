"""Decisions about names, and the authority file that they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from desk.names import decision
from search.names.authority import KINDS
from search.values.results import Count
from service.values.shared_values import at_most, one_of

Spelling: TypeAlias = Annotated[str, at_most(decision.LONGEST)]


class SentDecision(Struct, forbid_unknown_fields=True):
    """A decision about a name.

    Attributes:
        name: for all actions but undo.
        aliases: the names that a merge lists under the name.
        wikidata: the Wikidata item of the name: Q19878; none if it is empty.
        before: the item that is replaced; if somebody has changed it meanwhile, nothing is stored.
        change: the number of the change that is undone.
        made: its time, to be sure that it is the change that was seen.
    """

    action: Annotated[str, one_of(decision.ACTIONS)]
    kind: Annotated[str, one_of(KINDS)] = "person"
    name: Spelling = ""
    aliases: Annotated[Sequence[Spelling], at_most(decision.MOST_ALIASES, "Items")] = ()
    wikidata: str = ""
    before: str | UnsetType = UNSET
    change: int = 0
    made: str = ""


class AuthorityEntry(Struct):
    """An entry of the authority file, as its CSV has it."""

    kind: str
    name: str
    alias: str
    wikidata: str
    action: str


class AuthorityChange(Struct):
    """A change of the journal, with its number."""

    number: Count
    at: str
    by: str
    what: str
    added: Sequence[AuthorityEntry]
    removed: Sequence[AuthorityEntry]


class Authority(Struct):
    """The entries in force, and the journal."""

    generation: Count
    entries: Sequence[AuthorityEntry]
    journal: Sequence[AuthorityChange]
