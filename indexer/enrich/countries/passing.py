"""Countries mentioned in passing: in a firm's name, as the place of a listing or a meeting, as the origin of a product,
of people who are counted.

Such a mention says little about the subject of an article: "to be listed in Luxembourg", "Manufacturers Hanover Trust
Co", "Chinese-made missiles", "agreed in Paris last month". `in_firm` recognises the name of a firm anywhere, which says
little about the countries that an article names; the other mentions are only in passing after the lead, since the lead
states what the story is about, and make a country less likely to be a main one.

Not for what a phrase always means ("Uruguay Round"): that is `country_phrases.tsv`. Cost: some microseconds a mention.
"""

from __future__ import annotations

from indexer.enrich.countries.gazetteer import Mention
from indexer.enrich.kernels.around import AFTER_FIRM, BANK, FIRM, LISTED, MADE, MARKET, MEETS, MET, TRADE
from indexer.languages import Language

LEAD = 300
"""The length of the lead in characters."""

_BANKED = frozenset({"city", "capital", "subdivision"})

IN_FIRM = FIRM | BANK
IN_PASSING = MADE | TRADE | LISTED | AFTER_FIRM | MARKET | MEETS | MET
"""Of a mention, the bits of what is near it without which it is neither."""


def in_firm(text: str, mention: Mention, language: Language) -> bool:
    """True if a phrase is part of a firm's name: `Oxford` of Oxford Financial Inc, `Boston` of Bank of Boston."""
    start, end, place, near = mention
    if near & FIRM and language.pattern("firm-goes-on").match(text, end):
        return True
    return bool(
        near & BANK
        and place.kind in _BANKED
        and language.pattern("bank-before").search(text, max(0, start - 24), start)
    )


def in_passing(text: str, mention: Mention, language: Language) -> bool:
    """True if a phrase after the lead only states where something is listed, met or made, or names a firm's country."""
    start, end, place, near = mention
    if start < LEAD or not near & IN_PASSING:
        return False
    if (near & MADE and language.pattern("made-after").match(text, end)) or (
        near & TRADE and language.pattern("trade-after").match(text, end)
    ):
        return True
    if place.kind == "demonym":
        return False
    if near & LISTED:
        before = text[max(0, start - 90) : start]
        # a look for the word that the pattern needs takes less time than a search
        if any(word in before for word in language.listed("listing-word")) and language.pattern("listed-before").search(
            text, max(0, start - 90), start
        ):
            return True
    if near & AFTER_FIRM and language.pattern("firm-before").search(text, max(0, start - 60), start):
        return True
    if near & MARKET and language.pattern("market-after").match(text, end):
        return True
    if place.kind not in ("city", "capital"):
        return False
    if near & MEETS and language.pattern("meets-after").match(text, end):
        return True
    return bool(near & MET and language.pattern("met-before").search(text, max(0, start - 110), start))


def counted(text: str, mention: Mention, language: Language) -> bool:
    """True if a word for a country's people counts some, anywhere: `deux Français et un Péruvien`.

    Where adjectives precede their noun (`nine Japanese banks`), the pattern has a group, and the phrase must end.
    """
    start, end, *_ = mention
    found = language.pattern("counted-before").search(text, max(0, start - 12), start)
    return bool(found and (found.lastgroup is None or language.pattern("counted-after").match(text, end)))
