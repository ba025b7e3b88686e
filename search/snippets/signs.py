"""What ends a sentence in a language: quotes and dashes around it, abbreviations and ordinals that end none.

The index has the beginnings of sentences by them, for `/s`, so they change only with the format and the mapping;
excerpts are cut by them, too. In other languages than English, where a sentence ends, a quote may close („So.“,
« Oui. »), and a quote, a raya or ¿ may open; a full stop after an abbreviation of the language (*Sra.*, *bzw.*), or in
German after a number of a day, a century or a birthday (*am 3. März*), ends none, nor does one before a small letter
with an accent. Texts of no known language are cut as English ones.

Knowledge of our own. An abbreviation has at most five letters; one that often ends a sentence (*usw.*, *etc.*), or is a
word as well, is not one. A single letter always is.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from search.snippets import points
from search.snippets.kernels.passages import Signs

CLOSING, OPENING = "\"”’')]", "\"“‘'(["
MORE_CLOSING, MORE_OPENING = "“‘«»‹›", "„‚”«»‹›—–¿¡"
"""Those of other languages: » closes in French and opens in German, and which it does is plain from where it stands."""
SPACED = {"fr": "»"}
"""Language → what closes after a space."""
SMALL = "".join(sign for sign in map(chr, (*range(0xDF, 0x180), *range(0x430, 0x460))) if sign.islower())
"""Small letters besides those of ASCII, of Latin and Cyrillic, with which no sentence begins."""
ABBREVIATIONS = (
    "Mr", "Mrs", "Ms", "Dr", "St", "Gen", "Col", "Lt", "Sen", "Rep", "Gov", "Prof", "Jr", "Sr", "No", "vs", "Jan",
    "Feb", "Mar", "Apr", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
)  # fmt: skip
OTHERS = {
    "de": "Dr Prof Dipl Ing Hr Fr Frl St Hl Nr bzw ca ggf evtl inkl Mio Mrd Str Tel vgl gest geb jun sen Jr Gen Lt Kap "
    "Abg Min Reg Bez Jan Feb Febr Apr Aug Sept Okt Nov Dez",
    "fr": "MM Mme Mmes Mlle Mgr Dr Pr St Ste Jr Cie Col Gal Cdt av bd cf chap env fig hab tél janv févr avr juil juill "
    "sept oct nov déc",
    "es": "sr sra srta sres sras dr dra ud uds lic ing prof gral cnel tte cap mons sto sta avda excmo núm pág art tel "
    "ene feb abr ago sept oct nov dic",
    "pt": "sr sra srs sras srta dr dra drs eng prof profa gen cel cap exmo sto sta av núm pág art tel jan fev abr ago "
    "set out nov dez",
    "nl": "dhr mevr mr mw dr drs ir ing prof ds jhr Mgr St bijv blz ca nr resp jl incl excl afd gen kapt mld mln jan "
    "febr feb mrt apr aug sept okt nov dec",
    "it": "sig dott dr prof avv ing on gen col mons cav geom arch sen pag art cfr tel gen feb apr ago sett ott nov dic",
}  # fmt: skip
"""Language → its abbreviations, which may begin with a capital."""
ORDINALS = {"de": range(1, 100)}
"""Language → the numbers with a full stop after them that are ordinals."""


def _signs(closing: str, opening: str, spaced: str, small: str, abbreviations: Iterable[str]) -> Signs:
    keys = [int.from_bytes(one.encode("latin-1"), "little") for one in abbreviations]
    return points.of(closing), points.of(opening), points.of(spaced), points.of(small), np.array(keys, np.uint64)


_ENGLISH = _signs(CLOSING, OPENING, "", "", ABBREVIATIONS)


@cache
def _others(language: str) -> Signs:
    words = OTHERS[language].split() if language in OTHERS else ABBREVIATIONS
    written = {form for word in words for form in (word, word[0].upper() + word[1:])}
    return _signs(
        CLOSING + MORE_CLOSING,
        OPENING + MORE_OPENING,
        SPACED.get(language, ""),
        SMALL,
        [*sorted(written), *map(str, ORDINALS.get(language, ()))],
    )


def of(language: str | None) -> Signs:
    """The signs by which a text of a language is cut: see `kernels.Signs`."""
    return _ENGLISH if language in (None, "en") else _others(language if language in OTHERS else "")
