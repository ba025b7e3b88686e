"""Which names recent commits have touched, so that a process need not read all names again after each of them.

Before a commit sends its first article, it notes the spellings that its articles have, and those of the articles that
it replaces or removes; when it has ended, the note gets its generation. A process that knows the names of a generation
has to count only those of some notes again: of later ones; of those without a generation, whose commits are under way,
or have been interrupted and may have left a part of themselves in the index; and of those that overlapped with any of
these, since a commit may have replaced articles that it has not seen.

The notes are one document in the state of the index, `log` here, which each function returns changed:

    {"id": …, "since": 7, "purged": 0, "notes": [
        {"by": …, "at": seconds, "from": 8, "generation": 9, "names": {"person": [spelling, …]}}
    ]}

`from` is the last generation before the commit looked for the articles that it replaces. `names` is None in a note of
more than `MOST` characters, or one from before a purge: all may have changed. The oldest notes are dropped when all
have more than `MOST_OF_ALL` or are over `MOST_NOTES`, and those without a generation after `STALE_S`; a process that
knows a generation before `since` has to read all names. So has one that finds no note of the commit that made the
generation known, as when a cluster has been restored, or of a later generation, as older programs leave none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import inf
from secrets import token_hex

from search.system.json import Json

MOST = 200_000
MOST_OF_ALL = 400_000
MOST_NOTES = 200
STALE_S = 24 * 3600
MOST_NAMES = 50_000
"""Names that are counted again; a cluster sends 65,535 counts at once."""

Names = Mapping[str, Iterable[str]]
"""Spellings by facet."""


def begun(log: Json | None, by: str, names: Names | None, at: float, generation: int) -> Json:
    """Note the names that a commit will touch.

    Args:
        by: of the commit, different for each.
        names: None if they are many.
        at: the time, in seconds.
        generation: the last one before the names were found.
    """
    log = log or _empty()
    before = next((note for note in log["notes"] if note["by"] == by), None)  # an attempt that failed
    if before is not None:
        names = None if names is None or before["names"] is None else _joined([names, before["names"]])
    seen = generation if before is None else before["from"]
    listed = None if names is None else {facet: sorted(some) for facet, some in names.items() if some}
    noted = listed if size(listed) <= MOST and seen >= log["purged"] else None
    note = {"by": by, "at": at, "from": seen, "generation": None, "names": noted}
    notes = [one for one in log["notes"] if one["by"] != by]
    return _fewer(log | {"notes": [*notes, note]}, at - STALE_S, generation)


def ended(log: Json | None, by: str, generation: int) -> Json:
    """Note that a commit has become a generation."""
    log = log or _empty()
    notes = [note for note in log["notes"] if note["by"] != by]
    lost = {"by": by, "at": 0.0, "from": generation - 1, "names": None}
    mine = next((note for note in log["notes"] if note["by"] == by), lost)
    return _fewer(log | {"notes": [*notes, mine | {"generation": generation}]}, -inf, generation)


def unknown(log: Json | None, generation: int) -> Json:
    """Note that everything may be different after a generation."""
    log = log or _empty()
    return log | {"since": max(log["since"], generation + 1)}


def forgotten(log: Json | None, generation: int) -> Json:
    """Have no names in the notes, nor in those of commits that have looked for names before a generation."""
    log = log or _empty()
    return log | {"purged": generation, "notes": [note | {"names": None} for note in log["notes"]]}


def after(log: Json, known: tuple[int, str], last: tuple[int, str]) -> dict[str, set[str]] | None:
    """The names to count again; None if these are all.

    Args:
        known: the generation of which the names are known, and the commit that made it.
        last: the same of the last generation.
    """
    (generation, by), (now, last_by) = known, last
    notes = [{**note, "generation": now} if _is_last(note, last_by) else note for note in log["notes"]]
    if not any(note["by"] == by and note["generation"] in (None, generation) for note in notes):
        return None
    later = [note for note in notes if note["generation"] is None or note["generation"] > generation]
    low = min([generation, *(note["from"] for note in later)])
    touching = [note for note in notes if note["generation"] is None or note["generation"] > low]
    there = {note["generation"] for note in touching}
    if low < log["since"] or any(note["names"] is None for note in touching):
        return None
    if any(one not in there for one in range(low + 1, now + 1)):
        return None
    found = _joined(note["names"] for note in touching)
    return found if sum(map(len, found.values())) <= MOST_NAMES else None


def _is_last(note: Json, by: str) -> bool:
    """True if a note is that of the last commit, which has not been given its generation yet."""
    return note["generation"] is None and bool(note["by"] == by)


def _empty() -> Json:
    return {"id": token_hex(8), "since": 0, "purged": 0, "notes": []}


def _joined(several: Iterable[Names]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for names in several:
        for facet, spellings in names.items():
            found.setdefault(facet, set()).update(spellings)
    return found


def size(names: Mapping[str, Collection[str]] | None) -> int:
    """The characters of names."""
    return sum(len(spelling) + 1 for some in (names or {}).values() for spelling in some)


def _fewer(log: Json, oldest: float, generation: int) -> Json:
    """Drop old notes, of generations first, while they are too many or too long together, and names of commits under
    way; and notes that have been without a generation since before a time.
    """
    since, remaining = log["since"], list(log["notes"])
    left = sum(size(note["names"]) for note in remaining)
    for note in sorted(remaining, key=lambda note: (note["generation"] is None, note["generation"] or note["at"])):
        under_way = note["generation"] is None
        if (
            len(remaining) > MOST_NOTES
            or (under_way and note["at"] <= oldest)
            or (left > MOST_OF_ALL and not under_way)
        ):
            remaining.remove(note)
            since = max(since, generation + 1 if under_way else note["generation"])
        elif left > MOST_OF_ALL:
            remaining[remaining.index(note)] = note | {"names": None}
        else:
            continue
        left -= size(note["names"])
    return log | {"since": since, "notes": remaining}
