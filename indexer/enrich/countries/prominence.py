"""The countries that an article is mainly about, among those it names: one to three.

What counts is where a country is named, how often and by what word. Each mention adds its `share` to its country: more
in the title and in the lead, less for a capital or a seat of government and for a mention in `passing`, nothing for
money. A country is a main one if the title names it, or if it has at least `PART` of the sum of the foremost country.
The lead of a short text is short: who is only thanked or asked at the end of three paragraphs is not in it.

Not for deciding if an article names a country at all: see `countries`. Cost: negligible.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.enrich.countries.passing import LEAD
from indexer.enrich.countries.senses import Said

MOST = 3
"""The largest number of main countries."""

FIRST = 5.0
"""The factor of mentions in the title and in the lead."""

SHORT = 3
"""The lead is at most this part of the text, a third."""

SEAT = 0.75
"""The factor of the kinds of mention in `SEATS`."""

SEATS = frozenset({"capital", "metonym"})

PART = 0.45
"""The least part of the foremost country's sum."""


def main_ones(codes: Sequence[str], in_title: Sequence[Said], in_text: Sequence[Said], length: int) -> frozenset[str]:
    """The main ones among the countries of an article, by their mentions in its title and in its text of a length."""
    sums = dict.fromkeys(codes, 0.0)
    titled: set[str] = set()
    lead = min(LEAD, length // SHORT)
    for said in in_title:
        code = said.code
        if code in sums and said.share:
            sums[code] += said.share * FIRST
            titled.add(code)
    for said in in_text:
        code = said.code
        if code in sums:
            seat = SEAT if said.rule in SEATS else 1
            sums[code] += said.share * seat * (FIRST if said.start < lead else 1)
    foremost = sorted(codes, key=lambda code: -sums[code])[:MOST]
    return frozenset(code for code in foremost if code in titled or sums[code] >= PART * sums[foremost[0]])
