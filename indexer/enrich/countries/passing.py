"""Countries mentioned in passing: in a firm's name, as the place of a listing or a meeting, as the origin of a product.

Such a mention says little about the subject of an article: "to be listed in Luxembourg", "Manufacturers Hanover Trust
Co", "Chinese-made missiles", "agreed in Paris last month". `in_firm` recognises the name of a firm anywhere, which says
little about the countries that an article names; the other mentions are only in passing after the lead, since the lead
states what the story is about, and make a country less likely to be a main one.

Not for what a phrase always means ("Uruguay Round"): that is `country_phrases.tsv`. Cost: some microseconds a mention.
"""

from __future__ import annotations

import re

from indexer.enrich.countries import around
from indexer.enrich.countries.around import any_of
from indexer.enrich.countries.gazetteer import Mention
from indexer.enrich.kernels.around import AFTER_FIRM, BANK, FIRM, LISTED, MADE, MARKET, MEETS, MET, TRADE

LEAD = 300
"""The length of the lead in characters."""

_FIRM = (
    r"(?:Inc|Ltd|Limited|Corp|Corporation|Co|Cos|Plc|PLC|LLC|NV|N\.V\.|SA|S\.A\.|AG|GmbH|SpA|S\.p\.A\.|AB|A/S|BV|B\.V\.|"
    r"Bhd|Berhad|Pty|Pte|KK|Oy|Holdings|Industries)"
)
_FIRM_GOES_ON = re.compile(rf"(?: <?[A-Z&][\w&.'-]*| and| of){{0,4}} {_FIRM}\b")
_BANK_OF = re.compile(rf"\b{any_of(around.BANKS)} (?:{any_of(around.LINKS)} )?$")
_BANKED = frozenset({"city", "capital", "subdivision"})

_LISTED = re.compile(
    r"\b(?:listed|listing|listings|list|quoted|traded|floated)(?: [a-z]+){0,3} (?:is|in|on|at|on the)(?: the)?"
    r"(?: [A-Z][\w ]{2,20}(?:,| and| or))* $"
)
_FIRM_BEFORE = re.compile(rf"\b{_FIRM}\.?>?(?: *<[^<>]{{1,12}}>)?,? (?:of|in) (?:[A-Z]\w+, )?$")
_MET = re.compile(
    r"\b(?:meetings?|met|talks|summits?|conferences?|accords?|agreements?|agreed|pacts?|treaty|negotiations|"
    r"negotiators|sessions?|rounds?|gatherings?|headquarters|headquartered|branch|offices?|commission|organi[sz]ation)"
    r"\b[^.;!?]{0,60}\b(?:in|at|of|from) $"
)
_SIMPLE = r"(?:[’']s)?(?: [\w-]+){0,2} "
_MEETS = re.compile(rf"{_SIMPLE}{any_of(around.MEETINGS)}\b")
_LISTING = ("list", "quoted", "traded", "floated")
"""What `_LISTED` needs: a look for it takes less time than a search."""
_MADE = re.compile(rf"-{any_of(around.MADE)}\b")
_MARKET = re.compile(
    r" (?:(?:stock|foreign|commodity|commodities|money|metal|interbank|bullion|gold|futures) )?"
    rf"(?:{any_of(around.MARKETS)}|stock exchanges?)\b"
)
_TRADE = re.compile(rf" (?:[a-z]+(?:-[a-z]+)? ){{0,2}}{any_of(around.TRADE)}\b")

IN_FIRM = FIRM | BANK
IN_PASSING = MADE | TRADE | LISTED | AFTER_FIRM | MARKET | MEETS | MET
"""Of a mention, the bits of what is near it without which it is neither."""


def in_firm(text: str, mention: Mention) -> bool:
    """True if a phrase is part of a firm's name: `Oxford` of Oxford Financial Inc, `Boston` of Bank of Boston."""
    start, end, place, near = mention
    if near & FIRM and _FIRM_GOES_ON.match(text, end):
        return True
    return bool(near & BANK and place.kind in _BANKED and _BANK_OF.search(text, max(0, start - 24), start))


def in_passing(text: str, mention: Mention) -> bool:
    """True if a phrase after the lead only states where something is listed, met or made, or names a firm's country."""
    start, end, place, near = mention
    if start < LEAD or not near & IN_PASSING:
        return False
    if (near & MADE and _MADE.match(text, end)) or (near & TRADE and _TRADE.match(text, end)):
        return True
    if place.kind == "demonym":
        return False
    if near & LISTED:
        before = text[max(0, start - 90) : start]
        if any(word in before for word in _LISTING) and _LISTED.search(text, max(0, start - 90), start):
            return True
    if near & AFTER_FIRM and _FIRM_BEFORE.search(text, max(0, start - 60), start):
        return True
    if near & MARKET and _MARKET.match(text, end):
        return True
    if place.kind not in ("city", "capital"):
        return False
    if near & MEETS and _MEETS.match(text, end):
        return True
    return bool(near & MET and _MET.search(text, max(0, start - 110), start))
