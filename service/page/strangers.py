"""The parameters of a page's URL that no page knows: a misspelled filter would otherwise be a search without it.

What other services add to links, to see where a reader comes from, is ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from search.errors import BadValue
from search.said import said

ADDED = frozenset(
    ("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh",
     "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "vero_id", "oly_anon_id", "oly_enc_id", "s_cid", "srsltid", "epik",
     "ref", "ref_src", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "ysclid", "rb_clickid", "sfmc_id")
)  # fmt: skip
"""Parameters that mail, advertisements and social networks add to links, in lower case."""
ADDED_BEGINNINGS = ("utm_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "at_", "stm_")
"""The beginnings of others, by which the same are named in campaigns."""
MOST_HINTS = 8
_LONGEST = 80


def strangers(pairs: Sequence[tuple[str, str]], known: Collection[str]) -> list[BadValue]:
    """An error for each name that is not known, with the nearest that is; for the first ones only if they are many."""
    names = dict.fromkeys(name for name, _ in pairs if name not in known and not _is_added(name.lower()))
    return [_error(name[:_LONGEST], known if at < MOST_HINTS else ()) for at, name in enumerate(names)]


def _is_added(name: str) -> bool:
    return name in ADDED or name.startswith(ADDED_BEGINNINGS)


def _error(name: str, known: Collection[str]) -> BadValue:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    hint = said("Nearest: {close}.", close=near[0]) if near else said("It is ignored.")
    return BadValue(name, "", said("No parameter “{name}”.", name=name), hint)
