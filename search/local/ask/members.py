"""The articles of a generation that are on a list, which may change while the generation does not."""

from __future__ import annotations

from search.local.ask.snapshot import Snapshot
from search.local.ask.terms import Articles
from search.local.safe.lists import ListMissing, Lists
from search.query import no_list

MOST_REMEMBERED = 32
"""The number of lists whose article numbers a snapshot remembers."""


def members(snapshot: Snapshot, name: str) -> Articles:
    """The numbers of the live articles that are on a list, ascending. Raises BadQuery if there is no such list.

    Cost: the size of the list; of one that has not changed, opening a file.
    """
    if not Lists.is_in(snapshot.folder):
        raise no_list(name)
    with Lists(snapshot.folder) as lists, lists.snapshot():
        try:
            stamp = lists.stamp(name)
            found = snapshot.members.get(stamp)
            ids = lists.ids(name) if found is None else ()
        except ListMissing:
            raise no_list(name, [each.name for each in lists.listed()]) from None
    if found is None:
        found = snapshot.numbers(ids)
    if len(snapshot.members) >= MOST_REMEMBERED:
        snapshot.members.clear()
    snapshot.members[stamp] = found
    return found
