"""The articles of a generation that are on a list, which may change while the generation does not."""

from __future__ import annotations

from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.terms import Articles

MOST_REMEMBERED = 32
"""The number of lists whose article numbers a snapshot remembers."""


def members(snapshot: Snapshot, name: str) -> Articles:
    """The numbers of the live articles that are on a list, ascending. Raises BadQuery if there is no such list.

    Cost: the size of the list; the first time much more than later ones, as long as it is the same.
    """
    ids = tuple(snapshot.lists(name))
    found = snapshot.members.get(ids)
    if found is None:
        found = snapshot.numbers(ids)
        if len(snapshot.members) >= MOST_REMEMBERED:
            snapshot.members.clear()
        snapshot.members[ids] = found
    return found
