"""Countries mentioned in passing: in a firm's name, as the place of a listing or a meeting, as the origin of a product.

Such a mention says little about the subject of an article: "to be listed in Luxembourg", "Manufacturers Hanover Trust
Co", "Chinese-made missiles", "agreed in Paris last month". `in_firm` recognises the name of a firm anywhere, which says
little about the countries that an article names; the other mentions are only in passing after the lead, since the lead
states what the story is about, and make a country less likely to be a main one.

Not for what a phrase always means ("Uruguay Round"): that is `country_phrases.tsv`. Cost: some microseconds a mention.
"""

from __future__ import annotations

import re
from string import ascii_uppercase

LEAD = 300
"""The length of the lead in characters."""

_FIRM = (
    r"(?:Inc|Ltd|Limited|Corp|Corporation|Co|Cos|Plc|PLC|LLC|NV|N\.V\.|SA|S\.A\.|AG|GmbH|SpA|S\.p\.A\.|AB|A/S|BV|B\.V\.|"
    r"Bhd|Berhad|Pty|Pte|KK|Oy|Holdings|Industries)"
)
_FIRM_GOES_ON = re.compile(rf"(?: <?[A-Z&][\w&.'-]*| and| of){{0,4}} {_FIRM}\b")
_BANK_OF = re.compile(r"\b(?:Bank|Banque|Banco|Banca|Trust|Manufacturers) (?:of |de |di |do )?$")
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
_MEETS = re.compile(
    _SIMPLE + r"(?:meetings?|talks|summits?|conferences?|accords?|agreements?|pacts?|rounds?|branch|offices?)\b"
)
_LISTING, _SIMPLY, _MET_WHERE = ("list", "quoted", "traded", "floated"), "’' ", ("in ", "at ", "of ", "from ")
_LISTED_WHERE = ("is ", "in ", "on ", "at ", "the ", ", ", "and ", "or ")
_FIRM_WHERE, _FIRM_STARTS = (" of ", " in ", ", "), frozenset(f"{ascii_uppercase}&<ao")
_BANK_WHERE = ("Bank ", "Banque ", "Banco ", "Banca ", "Trust ", "Manufacturers ", "of ", "de ", "di ", "do ")
"""What these patterns need: a look for it takes less time than a search."""
_MADE = re.compile(r"-(?:based|made|built|flagged?|registered|owned|manufactured|trained|designed|produced)\b")
_MARKET = re.compile(
    r" (?:(?:stock|foreign|commodity|commodities|money|metal|interbank|bullion|gold|futures) )?"
    r"(?:exchanges?|markets?|dealers?|traders?|trading|futures|fixing|listing|stock exchanges?)\b"
)
_TRADE = re.compile(
    r" (?:[a-z]+(?:-[a-z]+)? ){0,2}(?:firms?|company|companies|banks?|bankers?|units?|subsidiar(?:y|ies)|makers?|"
    r"manufacturers?|brewers?|brokers?|brokerages?|concerns?|investors?|exporters?|importers?|traders?|dealers?|"
    r"insurers?|underwriters?|institutions?|industrialists?|financiers?|publishers?|retailers?|steelmakers?|carmakers?|"
    r"conglomerates?|affiliates?|competitors?|rivals?|customers?|buyers?|suppliers?|shareholders?|tycoons?|"
    r"stockbrokers?)\b"
)


def in_firm(text: str, start: int, end: int, kind: str) -> bool:
    """True if a phrase is part of a firm's name: `Oxford` of Oxford Financial Inc, `Boston` of Bank of Boston."""
    if text[end : end + 1] == " " and text[end + 1 : end + 2] in _FIRM_STARTS and _FIRM_GOES_ON.match(text, end):
        return True
    if kind not in _BANKED or not text.endswith(_BANK_WHERE, 0, start):
        return False
    return _BANK_OF.search(text, max(0, start - 24), start) is not None


def in_passing(text: str, start: int, end: int, kind: str) -> bool:
    """True if a phrase after the lead only states where something is listed, met or made, or names a firm's country."""
    if start < LEAD:
        return False
    follows = text[end : end + 1]
    if follows == "-" and _MADE.match(text, end):
        return True
    goes_on = follows == " " and text[end + 1 : end + 2].islower()
    if goes_on and _TRADE.match(text, end):
        return True
    if kind == "demonym":
        return False
    if text.endswith(_LISTED_WHERE, 0, start):
        before = text[max(0, start - 90) : start]
        if any(word in before for word in _LISTING) and _LISTED.search(text, max(0, start - 90), start):
            return True
    if text.endswith(_FIRM_WHERE, 0, start) and _FIRM_BEFORE.search(text, max(0, start - 60), start):
        return True
    if goes_on and _MARKET.match(text, end):
        return True
    if kind not in ("city", "capital"):
        return False
    if follows in _SIMPLY and _MEETS.match(text, end):
        return True
    return text.endswith(_MET_WHERE, 0, start) and _MET.search(text, max(0, start - 110), start) is not None
