"""Which number of 4/5/2023 is the month, by the language of a text and the country of its site."""

from __future__ import annotations

from collections.abc import Iterable

_DAY_FIRST = frozenset(
    ("uk", "ie", "au", "nz", "in", "pk", "lk", "bd", "za", "ng", "ke", "gh", "zw", "sg", "my", "hk", "mt")
)
"""Country domains with English pages that print the day before the month."""
_MONTH_FIRST = frozenset(("us", "gov", "mil"))
_UNDECIDED = frozenset(("en-ca", "en-ph", "zh", "ja", "ko", "fil", "tl", "ee", "ak", "chr", "haw", "es-pr", "es-pa"))
"""Languages, and those of a territory, that print the year or the month first, or use both orders."""


def day_first(tags: Iterable[str], host: str | None) -> bool | None:
    """True if the day comes before the month, False if the month does, None if unknown.

    Args:
        tags: languages, such as `de` or `en-GB`, as stated or found.
        host: of the URL.
    """
    stated = {tag.replace("_", "-").lower() for tag in tags if tag}
    if stated & _UNDECIDED or {tag.partition("-")[0] for tag in stated} & _UNDECIDED:
        return None
    if any(not tag.startswith("en") for tag in stated):
        return True
    if "en-us" in stated:
        return False
    if any("-" in tag for tag in stated):
        return True
    top = (host or "").lower().rpartition(".")[2]
    return True if top in _DAY_FIRST else False if top in _MONTH_FIRST else None
