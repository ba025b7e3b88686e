"""The words around a phrase by which its meaning is told, and the bits that say which of them are there.

The patterns of `senses`, `passing` and `namesakes` are made of these words, and `gazetteer.find` notes for each mention
which of the words are near it, so that a pattern is tried only where it may match. A bit may be set where the pattern
does not match, never the reverse.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from indexer.enrich.kernels import around as kernels
from indexer.languages import Language

_KINDS: Mapping[int, tuple[str, ...]] = {
    kernels.STREET: ("streets", "near-street"),
    kernels.SIGNED: ("signed",),
    kernels.COUNTY: ("counties",),
    kernels.MONEY: ("money",),
    kernels.MADE: ("made",),
    kernels.FIRM: ("firm-letters",),
    kernels.TRADE: ("firm-trade",),
    kernels.MARKET: ("markets",),
    kernels.MEETS: ("meetings",),
    kernels.TITLE: ("before-person",),
    kernels.SPOKEN: ("speaking", "learning", "near-spoken"),
    kernels.SITED: ("sited", "near-sited"),
    kernels.BANK: ("banks",),
    kernels.LINK: ("bank-of",),
    kernels.WITHIN: ("within",),
    kernels.LISTED: ("near-listed",),
    kernels.MET: ("near-met",),
}
"""Bit → the kinds of its words."""


@cache
def known(language: Language) -> kernels.Words:
    """The words of a language, for the kernel, with the bits of each."""
    bits: dict[str, int] = {}
    for bit, kinds in _KINDS.items():
        for word in (word.lower() for kind in kinds for word in language.listed(kind)):
            bits[word] = bits.get(word, 0) | bit
    return kernels.table(bits)
