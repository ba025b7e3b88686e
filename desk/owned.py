"""Whose a list, a search or an alert is, and who finds it.

| | found by | renamed, shared and removed by | added to by |
| nobody's | who sees every article | who may edit | who may edit |
| somebody's | him | him | him |
| somebody's, shared | him, and others as far as they may see it | him, and administrators | who may edit |

A name is one among those of one owner. To others, what is shared is called by its name and its owner: `Oil (Ann)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, Table, and_, or_, select, true, union

from desk.asker import Asker
from desk.named import called_by_others, key_of
from desk.store.base import Desk
from desk.store.tables import ALERTS, KEYS, LISTS, SEARCHES
from search.errors import BadQuery, BadValue, DatelineError
from search.said import said


def _full_names(row: Row[Any]) -> tuple[str, str]:
    """What others call a row: by the name of its owner, or by what identifies him."""
    return key_of(called_by_others(row.name, row.made_by)), key_of(called_by_others(row.name, row.owner))


class NotYours(DatelineError):
    """Somebody may see this, and not do that with it."""


class Owned(Desk):
    """What a feature stores, of which some may be somebody's.

    Args:
        asker: who asks; None for the operator, who finds everything.
    """

    OWNED: ClassVar[Table]

    def __init__(
        self, place: str | Path, at: Path | None = None, is_backup: bool = False, asker: Asker | None = None
    ) -> None:
        super().__init__(place, at, is_backup)
        self._asker = asker

    def _found(self) -> list[Row[Any]]:
        """All rows that the asker finds, in the order of their names, his own first."""
        rows = self._shown([*self._rows(select(self.OWNED).where(self._may_find()))])
        return sorted(rows, key=lambda row: (row.folded, not self._is_own(row), row.number))

    def _of_name(self, name: str) -> Row[Any] | None:
        """What the asker calls by a name; None if there is nothing."""
        c, key, asker = self.OWNED.c, key_of(name), self._asker
        owners = {asker.member} - {""} if asker is not None else set()
        if asker is None or asker.sees_all:
            owners.add("")
        own = self._first(select(self.OWNED).where(c.folded == key, c.owner.in_(owners)).order_by(c.owner.desc()))
        if own is not None or not key.endswith(")"):
            return own
        named = [row for row in self._rows(select(self.OWNED).where(c.owner != "", self._may_find()))]
        shown = self._shown([row for row in named if key in _full_names(row)])
        some = [row for row in shown if self._is_own(row)] or shown
        return some[0] if len(some) == 1 else None  # whose it is, of two people with one name, is not known

    def _check_own_name(self, name: str) -> None:
        """Raises BadQuery if a name ends with that of somebody, as others call what is his: it would hide that."""
        key = key_of(name)
        owned = [select(table.c.made_by).where(table.c.owner != "") for table in (LISTS, SEARCHES, ALERTS)]
        owners = chain(self._run(union(*owned)).scalars(), self._run(select(KEYS.c.name)).scalars())
        owner = next((one for one in owners if one and key.endswith(f" {key_of(called_by_others('', one))}")), None)
        if owner is not None:
            reason = said("What is called “… ({owner})” belongs to {owner}.", owner=owner)
            raise BadQuery([BadValue("name", name, reason, said("Choose another name."))])

    def _numbered(self, number: int) -> Row[Any]:
        """A row that there is, by its number."""
        (row,) = [*self._rows(select(self.OWNED).where(self.OWNED.c.number == number))]
        return row

    def _may_find(self) -> ColumnElement[bool]:
        """True of the rows that the asker may find."""
        c, asker = self.OWNED.c, self._asker
        if asker is None:
            return true()
        his = and_(c.owner == asker.member, c.owner != "")
        return or_(his, and_(c.owner != "", c.shared == 1), *([c.owner == ""] if asker.sees_all else []))

    def _shown(self, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        """Those of some rows that the asker may see, as far as what they contain decides."""
        return rows

    def _is_own(self, row: Row[Any]) -> bool:
        return bool(row.owner) and self._asker is not None and row.owner == self._asker.member

    def _called(self, row: Row[Any]) -> str:
        """What the asker calls a row."""
        return str(row.name) if not row.owner or self._is_own(row) else called_by_others(row.name, row.made_by)

    def _governs(self, row: Row[Any]) -> bool:
        """True if the asker may rename, share and remove a row that he finds, not only add to it."""
        return self._governs_of(row.owner)

    def _governs_of(self, owner: str) -> bool:
        asker = self._asker
        if asker is None or asker.administers:
            return True
        return asker.edits if not owner else owner == asker.member

    def _check_governs(self, row: Row[Any]) -> None:
        """Raises NotYours if the asker may see a row, and perhaps add to it, but not change it otherwise."""
        if self._governs(row):
            return
        if row.owner:
            told = said(
                "Only {owner} and administrators may do this with “{name}”.", owner=row.made_by, name=self._called(row)
            )
            raise NotYours(told)
        raise NotYours(said("Changing what others see needs the scope edit."))

    def _check_may_add(self, row: Row[Any]) -> None:
        """Raises NotYours if the asker may see a row and add nothing to it."""
        if not (self._governs(row) or (self._asker is not None and self._asker.edits)):
            raise NotYours(said("Changing what others see needs the scope edit."))

    def _taken(self, name: str, of: Row[Any] | None = None) -> Row[Any] | None:
        """What has a name already that something new, or what there is, is to get; names are one among those of one."""
        member = self._asker.member if self._asker is not None else ""
        if of is None or of.owner in ("", member):
            return self._of_name(name)
        c = self.OWNED.c
        return self._first(select(self.OWNED).where(c.folded == key_of(name), c.owner == of.owner))

    def begun(self, shared: bool | None) -> dict[str, Any]:
        """Whose something new is.

        Args:
            shared: with others; None for nobody's, if the asker may edit that, and his own otherwise.

        Raises:
            NotYours: if it is to be shared by somebody who may not edit.
        """
        asker = self._asker
        if asker is None or not asker.member or (shared is None and asker.edits and asker.sees_all):
            return {"owner": "", "shared": 0}
        return {"owner": asker.member, "shared": self._shared(bool(shared))}

    def _shared(self, shared: bool) -> int:
        if shared and self._asker is not None and not self._asker.edits:
            raise NotYours(said("Sharing needs the scope edit."))
        return int(shared)

    def _sharing(self, row: Row[Any], shared: bool) -> dict[str, Any]:
        """Whose a row is when its owner shares it with others, or does not any more. Raises NotYours."""
        self._check_governs(row)
        if not row.owner:
            raise NotYours(said("“{name}” belongs to nobody, and is seen by all who see every article.", name=row.name))
        return {"shared": self._shared(shared)}
