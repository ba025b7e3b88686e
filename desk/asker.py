"""Who asks for what somebody may own (`desk.owned`)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

Ids = Collection[str]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for what somebody may own.

    Attributes:
        member: his key or name, as a member of groups (`desk.rights.store`); "" for nobody.
        edits: he may edit.
        sees_all: he sees every article.
        there: gives those of some articles that exist for him; `hidden` those that there are and that he may not read.
    """

    member: str = ""
    edits: bool = False
    sees_all: bool = False
    there: Callable[[Ids], frozenset[str]] = frozenset
    hidden: Callable[[Ids], frozenset[str]] = frozenset
