"""Articles that their publishers took back, and stay out: up to a version, or for good where it has none.

An item of some formats is several articles, its parts. What is withdrawn of it is withdrawn of all of them, and a
later version of the item takes those back that it no longer has. It is all in the ledger, and order does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from indexer.digest import version_of
from indexer.ledger import NAME, Ledger
from search import database
from search.errors import IndexProblem


class Withdrawn(NamedTuple):
    """What keeps an article out: up to which version, None being every one, and why, as its publisher says it."""

    version: int | None
    reason: str


def of(ledger: Ledger, article_id: str) -> Withdrawn | None:
    """What keeps an article out; None where nothing does."""
    row = ledger.execute("SELECT version, reason FROM withdrawn WHERE id = ?", (article_id,)).fetchone()
    return Withdrawn(*row) if row is not None else None


def known(folder: Path, article_id: str) -> bool:
    """Whether the ledger of an index says at this moment that an article was withdrawn; nothing waits for a run.

    False where it cannot say: it is lost or damaged, which `dateline verify` reports, or a run is writing to it.
    """
    if not Ledger.is_in(folder):
        return False
    try:
        with closing(database.connect(folder / NAME, make=False, timeout_s=0, any_thread=True)) as ledger:
            return ledger.execute("SELECT 1 FROM withdrawn WHERE id = ?", (article_id,)).fetchone() is not None
    except IndexProblem:
        return False


def withdraw(ledger: Ledger, article_id: str, said: Withdrawn) -> int | None:
    """Keep an article out; up to which version, with what was said before."""
    before, version = of(ledger, article_id), said.version
    if before is not None:
        version = None if before.version is None or version is None else max(version, before.version)
    ledger.execute("INSERT OR REPLACE INTO withdrawn VALUES (?, ?, ?)", (article_id, version, said.reason))
    return version


def newer(known: str, version: int | None) -> bool:
    """Whether a digest is of a higher version than the one that was withdrawn."""
    other = version_of(known)
    return version is not None and other is not None and other > version


def parts(ledger: Ledger, whole: str) -> list[str]:
    """The articles that an item was seen to consist of, in whatever version, but for the one that bears its name."""
    return [name for (name,) in ledger.execute("SELECT id FROM parts WHERE whole = ? AND id != whole", (whole,))]


def consists(ledger: Ledger, whole: str, of_these: Sequence[str], version: int | None) -> list[tuple[str, Withdrawn]]:
    """Remember which articles an item consists of in a version; which are to be withdrawn for it, and why."""
    seen: dict[str, int | None] = dict(ledger.execute("SELECT id, version FROM parts WHERE whole = ?", (whole,)))
    for part in of_these:
        before = seen.get(part)
        seen[part] = version if before is None or version is None else max(before, version)
    ledger.execute_many("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", ((whole, *entry) for entry in seen.items()))
    newest = max((one for one in seen.values() if one is not None), default=0)
    without = Withdrawn(newest - 1, f"Version {newest} of “{whole}” is without it.")
    gone = [(part, without) for part, last in seen.items() if last is not None and last < newest]
    itself = of(ledger, whole)
    return gone + [(part, itself) for part in of_these if itself is not None and part != whole]


def by_file(ledger: Ledger, number: int) -> set[str]:
    """The ids that a file withdrew when it was last read, and those of their parts."""
    rows = ledger.execute(
        "SELECT id FROM records WHERE file = ?1 AND kind = 'withdrawal' UNION "
        "SELECT parts.id FROM records JOIN parts ON whole = records.id WHERE file = ?1 AND kind = 'withdrawal'",
        (number,),
    )
    return {article_id for (article_id,) in rows}


def forget(ledger: Ledger, article_id: str) -> bool:
    """Keep an article out no more; whether it was."""
    return ledger.execute("DELETE FROM withdrawn WHERE id = ?", (article_id,)).rowcount > 0


def let_in(place: Path, ids: Iterable[str]) -> frozenset[str]:
    """Keep articles out of the index in a directory no more, and their parts; which of them were."""
    return Ledger.change(
        place, ids, lambda ledger, name: any([forget(ledger, one) for one in (name, *parts(ledger, name))])
    )
