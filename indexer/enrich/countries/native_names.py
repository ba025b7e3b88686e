"""The names of countries in other languages than English: those of Unicode's CLDR, and `country_names.tsv`.

What is ambiguous in English does not matter here: *France* is a given name there, and a country in French. The table
has what newspapers write besides (`USA`, `Grande-Bretagne`), and the names that are as often something else in their
own language (*Maurice*). Forms of names of one word are made for languages in `ENDINGS`: *Frankreichs*, *Францию*.

Not for peoples and cities. Cost: some milliseconds for a language at first use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError

from search.names.vocabulary import vocabulary
from search.text import tables

TABLE = "country_names.tsv"
"""In `indexer/enrich/data`: language, code, names; the names of `NO_COUNTRY` are not looked for."""
NO_COUNTRY = "-"

VARIANTS = {"de": ("de_CH",), "pt": ("pt_PT",), "sr": ("sr_Latn",), "zh": ("zh_Hant",)}
"""Languages → the locales whose names are those of the same language elsewhere, or in another script."""

SHORTEST = 3
"""The length of the shortest name that is looked for; shorter ones are as often other words."""
SHORTEST_SYLLABLES = 2
"""The same of ideographs and Korean syllables."""

_GENITIVE = (("", "s"),)
ENDINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("da", "de", "nb", "nl", "nn", "no", "sv"), _GENITIVE),
    "pl": (("ja", "ji ję ją jo"), ("ia", "ii ię ią"), ("a", "y i ę ą ie"), ("", "u em ie")),
    "ru": (("ия", "ии ию ией"), ("ай", "ая аю аем ае"), ("я", "и ю е ей"), ("а", "ы и у е ой"),
           ("ь", "я ю ем е и"), ("", "а у ом е")),
    "uk": (("ія", "ії ію ією"), ("ай", "аю аєм аї"), ("а", "и і у ою"), ("ь", "ю я"), ("", "у ом і")),
}  # fmt: skip
"""Languages → the endings of names, the first that fits, and those that replace it; "" fits a consonant."""
_SYLLABLES = "\u2e80"
"""From here on in Unicode a letter is a syllable, or a word."""
_VOWELS = "aeiouyąęóаеиоуыэюяєії"


@cache
def names_in(language: str) -> Mapping[str, str]:
    """The names of countries in a language → their codes; none if CLDR does not have the language."""
    base = language.replace("_", "-").partition("-")[0].lower()
    known = vocabulary("country").entries
    others = _table().get(base, {})
    found = dict(listed(base))
    for locale in dict.fromkeys((language.replace("-", "_"), base, *VARIANTS.get(base, ()))):
        for code, name in _of_locale(locale).items():
            plain = name.partition(" (")[0]
            least = SHORTEST_SYLLABLES if plain[:1] >= _SYLLABLES else SHORTEST
            if code in known and len(plain) >= least and plain not in others:
                found.setdefault(plain, code)
    for name, code in tuple(found.items()):
        for form in _inflected(name, base):
            if form not in others:
                found.setdefault(form, code)
    return found


def listed(language: str) -> Mapping[str, str]:
    """The names of countries that newspapers write besides those of CLDR → their codes."""
    return {name: code for name, code in _table().get(language, {}).items() if code != NO_COUNTRY}


def is_ideographic(letter: str) -> bool:
    """True if a letter is an ideograph, or one of the signs among these."""
    return "\u2e80" <= letter <= "\u9fff"


def _of_locale(locale: str) -> Mapping[str, str]:
    try:
        found: Mapping[str, str] = Locale.parse(locale).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return found


def _inflected(name: str, language: str) -> Iterator[str]:
    """The other forms of a name of one word."""
    if " " in name or len(name) <= SHORTEST or not name.isalpha():
        return
    for ending, others in ENDINGS.get(language, ()):
        if name.endswith(ending) and (ending or name[-1] not in _VOWELS or others == "s") and not name.endswith("s"):
            stem = name[: len(name) - len(ending)]
            yield from (stem + other for other in others.split())
            return


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    """Language → name → code."""
    found: dict[str, dict[str, str]] = {}
    for row in tables.rows("indexer.enrich", "data", TABLE):
        found.setdefault(row["language"], {}).update(dict.fromkeys(row["names"].split("|"), row["code"]))
    return found
