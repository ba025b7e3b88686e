"""An index that an earlier version wrote is converted, and what people have stored is asked before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import desk
from desk import proof
from desk.proof import Difference, Progress, Read
from search import backends
from search.values.outdated import Outdated

Steps = Callable[[str], AbstractContextManager[Progress]]
"""Shows the progress of what it is given the name of."""
Tell = Callable[[Sequence[Difference], int], None]
"""Called with what finds something else than before, and with how many were asked."""


@contextmanager
def _unseen(_what: str) -> Iterator[Progress]:
    yield lambda _done, _all: None


def convert(
    place: str | Path,
    found: Outdated,
    read: Read,
    tell: Tell,
    steps: Steps = _unseen,
    taken: Callable[[Callable[[], None]], None] = lambda do: do(),
) -> None:
    """Convert an index; what its saved searches, alerts, lists and citations find differently is told with its reason.

    Nothing is asked of an index that cannot be searched before it is converted.

    Args:
        found: what `backends.outdated` says of it.
        read: reads a stored question.
        taken: does what it is given as soon as nobody else writes.

    Raises:
        NotAnIndex, IndexLocked, IndexProblem: if it cannot be written.
    """

    def do() -> None:
        with steps("Converting") as progress:
            taken(lambda: backends.upgrade(place, progress))

    if not found.searchable:
        return do()
    with closing(desk.open(place)) as engine:
        with steps("Asking") as progress:
            before = proof.begin(place, engine, read, "upgrade", str(found.current), progress)
        do()
        why = "The index has a new format: it " + "; it ".join(found.changes) + "."
        with steps("Asking again") as progress:
            told = list(proof.differences(place, engine, read, before, lambda _query, _came: why, progress))
    tell(told, len(before.answers))
    proof.end(place)
