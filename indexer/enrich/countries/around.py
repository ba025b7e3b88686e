"""The words around a phrase by which its meaning is told, and the bits that say which of them are there.

The patterns of `senses`, `passing` and `namesakes` are made of these words, and `gazetteer.find` notes for each mention
which of the words are near it, so that a pattern is tried only where it may match. A bit may be set where the pattern
does not match, never the reverse.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from indexer.enrich.kernels import around as kernels


def _also_plural(words: str) -> tuple[str, ...]:
    return tuple(form for word in words.split() for form in (word, f"{word}s"))


STREETS = ("Street", "Ave", "Avenue", "Road", "Rd", "Boulevard", "Blvd", "Drive", "Lane", "Parkway")
SIGNED = (*_also_plural("accord agreement convention protocol"), "pact", "treaty")
"""What is named after the city it was signed in."""
COUNTIES = ("County", "Township")
MONEY = _also_plural(
    "crown dinar dirham dlr dollar franc guilder krona krone lira lire mark peso pound real rial riyal ringgit rouble "
    "ruble rupee rupiah schilling shilling sterling won yen yuan"
)
"""The money of a country, which is a unit before it is a subject."""
MADE = (
    *("based", "made", "built", "flagged", "registered", "owned", "manufactured", "trained", "designed"),
    "produced",
)
TRADE = (
    *("company", "companies", "subsidiary", "subsidiaries"),
    *_also_plural(
        "firm bank banker unit maker manufacturer brewer broker brokerage concern investor exporter importer trader "
        "dealer insurer underwriter institution industrialist financier publisher retailer steelmaker carmaker "
        "conglomerate affiliate competitor rival customer buyer supplier shareholder tycoon stockbroker"
    ),
)
MARKETS = ("trading", "futures", "fixing", "listing", *_also_plural("exchange market dealer trader"))
MEETINGS = (
    *("talks", "branch"),
    *_also_plural("meeting summit conference accord agreement pact round office"),
)
TITLES = (
    *("Mr", "Mrs", "Ms", "Dr", "Lord", "Lady", "Sir", "Dame", "Prof", "Professor", "Judge", "Justice", "Sgt", "Capt"),
    *("Sen", "Rep"),
)
LEARNING = ("learn", "learning", "learnt", "learned", "studying", "taught", "teaching")
SPEAKING = ("speak", "speaks", "spoke", "spoken", "speaking")
SITES = ("in", "near", "outside", "around", "across")
BANKS = ("Bank", "Banque", "Banco", "Banca", "Trust", "Manufacturers")
LINKS = ("of", "de", "di", "do")

_FIRMS = (
    *("Inc", "Ltd", "Limited", "Corp", "Corporation", "Co", "Cos", "Plc", "LLC", "NV", "SA", "AG", "GmbH", "SpA", "AB"),
    *("BV", "Bhd", "Berhad", "Pty", "Pte", "KK", "Oy", "Holdings", "Industries", "N", "S", "A", "B"),
)
"""The letters with which an ending of a firm's name begins, and those with which it ends: `N.V.`, `A/S`."""

_WORDS: Mapping[int, tuple[str, ...]] = {
    kernels.STREET: (*STREETS, "St"),
    kernels.SIGNED: SIGNED,
    kernels.COUNTY: COUNTIES,
    kernels.MONEY: MONEY,
    kernels.MADE: MADE,
    kernels.FIRM: _FIRMS,
    kernels.TRADE: TRADE,
    kernels.MARKET: MARKETS,
    kernels.MEETS: MEETINGS,
    kernels.TITLE: TITLES,
    kernels.SPOKEN: (*SPEAKING, *LEARNING, "to", "into", "fluent", "fluently", "in", "than", "as", "like"),
    kernels.SITED: (*SITES, "of"),
    kernels.BANK: BANKS,
    kernels.LINK: LINKS,
    kernels.WITHIN: ("of", "in"),
    kernels.LISTED: ("is", "in", "on", "at", "the", "and", "or"),
    kernels.MET: ("in", "at", "of", "from"),
}


def any_of(words: tuple[str, ...]) -> str:
    """A pattern of some words."""
    return f"(?:{'|'.join(words)})"


@cache
def known() -> kernels.Words:
    """The words, for the kernel, with the bits of each."""
    bits: dict[str, int] = {}
    for bit, words in _WORDS.items():
        for word in words:
            bits[word.lower()] = bits.get(word.lower(), 0) | bit
    return kernels.table(bits)
