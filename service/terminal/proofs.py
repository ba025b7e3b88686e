"""What saved searches, alerts, lists and citations find, asked before a change of the index and after it."""

from __future__ import annotations

from collections.abc import Sequence

from desk import proof
from desk.proof import Difference
from service.terminal.printing import err, escape


def print_proof(differences: Sequence[Difference], asked: int) -> None:
    """Print what finds something else than before.

    Args:
        asked: how many were asked; nothing is printed of none.
    """
    if not asked:
        return
    if not differences:
        err.print(
            f"Saved searches, alerts, lists and citations find what they found: {asked:,} asked before and after."
        )
        return
    err.print(f"{len(differences):,} of {asked:,} saved searches, alerts, lists and citations find something else:")
    for line in proof.in_words(differences):
        err.print(f"  {escape(line)}")
