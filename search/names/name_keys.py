"""What names of persons are grouped by before they are compared: their letters, surname and first word."""

from __future__ import annotations

from search.names.agreement import PARTICLES, parts
from search.names.given_names import beginning
from search.names.known_spellings import usual

FULL, LED = 1, 2
"""Flags of a name: more than a surname; a surname after initials."""


def taken_apart(key: str) -> tuple[str, str, str, str, int]:
    """A name's letters, surname with the beginning of its given name, first word, surname, and flags."""
    key = usual(key)
    given, _, family = key.partition(" ")
    plain = key.isascii() and given.isalnum() and family.isalnum() and len(given) > 1 and len(family) > 3
    if plain and given not in PARTICLES:
        return given + family, f"{family} {beginning(given)}", given, family, FULL  # fast path, as most names are
    one = parts(key)
    kind = FULL * one.full | LED * (bool(one.given) and not one.full)
    first = one.given[0] if one.given else one.surname
    return one.tight, f"{one.surname} {beginning(first)}" if one.given else "", first, one.surname, kind
