"""The parameters that other services add to links, to see where a reader comes from: only the API refuses them."""

from __future__ import annotations

from collections.abc import Iterable

from service.params.parameter import Pairs

NAMES = frozenset(
    ("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh",
     "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "vero_id", "oly_anon_id", "oly_enc_id", "s_cid", "srsltid", "epik",
     "ref", "ref_src", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "ysclid", "rb_clickid", "sfmc_id")
)  # fmt: skip
"""Parameters that mail, advertisements and social networks add to links, in lower case."""
BEGINNINGS = ("utm_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "at_", "stm_")
"""The beginnings of others, by which the same are named in campaigns."""


def tracks(name: str) -> bool:
    """True if it is the name of such a parameter, in any case."""
    name = name.lower()
    return name in NAMES or name.startswith(BEGINNINGS)


def without(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """The other parameters, in order."""
    return [(name, value) for name, value in pairs if not tracks(name)]
