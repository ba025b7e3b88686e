"""Who may do what: scopes, and who has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Scope = Literal["read", "index", "edit", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has scopes.

    Attributes:
        id: of a key, to list and revoke it; of a person, `user:` and the name.
        name: of a key, its user or purpose.
        scopes: what it permits, besides reading; `admin` permits everything.
    """

    id: str
    name: str
    scopes: tuple[Scope, ...]

    @property
    def called(self) -> str:
        """Its name, or its id if it has none."""
        return self.name or self.id

    def permits(self, scope: Scope) -> bool:
        """True if it permits a scope; everybody who has shown a key or signed in may read."""
        return scope == "read" or scope in self.scopes or "admin" in self.scopes


@dataclass(frozen=True, slots=True)
class Person(Holder):
    """Somebody who has signed in without a key: at a provider, or at a proxy.

    Attributes:
        groups: those that were told there.
    """

    groups: frozenset[str] = frozenset()
