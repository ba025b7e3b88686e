"""Articles withdrawn by their publishers: up to a version, or for good if they have none.

An item of some formats is several articles, its parts. A withdrawal of the item applies to all of them, and a later
version of the item withdraws the parts that it no longer has. All is in the ledger, and order does not matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from indexer.ledger import Ledger
from search.values.versions import version_of


class Withdrawn(NamedTuple):
    """A withdrawal: up to a version (None means every one), with the publisher's reason."""

    version: int | None
    reason: str


def of(ledger: Ledger, article_id: str) -> Withdrawn | None:
    """The withdrawal of an article; None if there is none."""
    row = ledger.execute("SELECT version, reason FROM withdrawn WHERE id = ?", (article_id,)).fetchone()
    return Withdrawn(*row) if row is not None else None


def known(folder: Path, article_id: str) -> bool:
    """True if the ledger of an index currently has a withdrawal of an article, as `Ledger.glance` finds it."""
    return bool(Ledger.glance(folder, "SELECT id FROM withdrawn WHERE id = ?", article_id))


def among(folder: Path, ids: Collection[str]) -> frozenset[str]:
    """Those of some articles of which the ledger of an index has a withdrawal, as `Ledger.glance` finds them."""
    return Ledger.glance(folder, "SELECT id FROM withdrawn").intersection(ids) if ids else frozenset()


def withdraw(ledger: Ledger, article_id: str, withdrawal: Withdrawn) -> int | None:
    """Store a withdrawal, combined with an earlier one. Returns the version up to which the article is withdrawn."""
    before = of(ledger, article_id)
    together = withdrawal if before is None else both(before, withdrawal)
    ledger.execute("INSERT OR REPLACE INTO withdrawn VALUES (?, ?, ?)", (article_id, *together))
    return together.version


def both(one: Withdrawn, other: Withdrawn) -> Withdrawn:
    """Two withdrawals of an article as one, with the reason of the second."""
    if one.version is None or other.version is None:
        return Withdrawn(None, other.reason)
    return Withdrawn(max(one.version, other.version), other.reason)


def newer(known: str, version: int | None) -> bool:
    """True if a digest has a higher version than the withdrawn one."""
    other = version_of(known)
    return version is not None and other is not None and other > version


def parts(ledger: Ledger, whole: str) -> list[str]:
    """The known parts of an item, in whatever version, except the one with the item's id."""
    return [name for (name,) in ledger.execute("SELECT id FROM parts WHERE whole = ? AND id != whole", (whole,))]


def consists(ledger: Ledger, whole: str, of_these: Sequence[str], version: int | None) -> list[tuple[str, Withdrawn]]:
    """Store the parts of an item in a version. Returns the parts to withdraw because of it, with the reason."""
    seen: dict[str, int | None] = dict(ledger.execute("SELECT id, version FROM parts WHERE whole = ?", (whole,)))
    for part in of_these:
        before = seen.get(part)
        seen[part] = version if before is None or version is None else max(before, version)
    ledger.execute_many("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", ((whole, *entry) for entry in seen.items()))
    itself = of(ledger, whole)
    return dropped(whole, seen) + [(part, itself) for part in of_these if itself is not None and part != whole]


def dropped(whole: str, seen: Mapping[str, int | None]) -> list[tuple[str, Withdrawn]]:
    """The parts of an item that its newest version does not have, each with its withdrawal.

    Args:
        seen: part → the last version with it.
    """
    newest = max((one for one in seen.values() if one is not None), default=0)
    without = Withdrawn(newest - 1, f"Version {newest} of “{whole}” does not contain it.")
    return [(part, without) for part, last in seen.items() if last is not None and last < newest]


def last_with(ours: int | None, theirs: int | None) -> int | None:
    """The last version of an item with a part, of those that two ledgers know: theirs unless both have versions."""
    return theirs if ours is None or theirs is None else max(ours, theirs)


def remember_parts(ledger: Ledger, rows: Iterable[tuple[str, str, int | None]]) -> None:
    """Store parts of items that another ledger knows: item, part, and the last version with it."""
    ledger.execute_many(
        "INSERT INTO parts VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
        "SET version = coalesce(max(version, excluded.version), excluded.version)",
        rows,
    )


def by_file(ledger: Ledger, number: int) -> set[str]:
    """The ids that a file withdrew when it was last read, and those of their parts."""
    rows = ledger.execute(
        "SELECT id FROM records WHERE file = ?1 AND kind = 'withdrawal' UNION "
        "SELECT parts.id FROM records JOIN parts ON whole = records.id WHERE file = ?1 AND kind = 'withdrawal'",
        (number,),
    )
    return {article_id for (article_id,) in rows}


def forget(ledger: Ledger, article_id: str) -> bool:
    """Remove a withdrawal. Returns True if there was one."""
    return ledger.execute("DELETE FROM withdrawn WHERE id = ?", (article_id,)).rowcount > 0


def readmit(place: Path, ids: Iterable[str]) -> frozenset[str]:
    """Remove the withdrawals of articles and their parts from the ledger of a directory.

    Returns:
        The ids that had one.
    """
    return Ledger.change(
        place, ids, lambda ledger, name: any([forget(ledger, one) for one in (name, *parts(ledger, name))])
    )
