"""The parameters of a page's URL that no page knows: a misspelled filter would otherwise be a search without it.

What other services add to links is ignored (see `service.params.tracking`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from search.errors import BadValue
from search.said import said
from service.params import tracking

MOST_HINTS = 8
_LONGEST = 80


def strangers(pairs: Sequence[tuple[str, str]], known: Collection[str]) -> list[BadValue]:
    """An error for each name that is not known, with the nearest that is; for the first ones only if they are many."""
    names = dict.fromkeys(name for name, _ in pairs if name not in known and not tracking.tracks(name))
    return [_error(name[:_LONGEST], known if at < MOST_HINTS else ()) for at, name in enumerate(names)]


def _error(name: str, known: Collection[str]) -> BadValue:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    hint = said("Nearest: {close}.", close=near[0]) if near else said("It is ignored.")
    return BadValue(name, "", said("No parameter “{name}”.", name=name), hint)
