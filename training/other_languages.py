"""Writes the labels of topics, countries and languages in other languages, `search/data/*_names.tsv`:
`python -m training.other_languages`.

Of topics those of the IPTC Media Topics in German, Spanish, French and Portuguese; there are none in Dutch or Italian.
Two topics of one label in a language are told apart by that of the broader topic, in brackets. Of countries and
languages those of CLDR in each language with a folder in `indexer.languages`, of countries also what newspapers write
besides (`country_names.tsv` of the indexer).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from babel import Locale

from indexer import languages
from indexer.enrich.countries.native_names import VARIANTS, listed
from search.names.vocabulary import ELSEWHERE, SEVERAL, vocabulary
from training.persons.sets import FOLDER
from training.persons.sources import read

OUT = Path(__file__).resolve().parent.parent / "search" / "data"
LANGUAGES = ("de", "es", "fr", "pt")
MADE = "# Made by `python -m training.other_languages`."
IPTC = (
    "# Labels of the IPTC Media Topics in other languages, https://iptc.org/standards/media-topics/, edition of\n"
    f"# October 2023. © International Press Telecommunications Council (IPTC), CC BY 4.0.\n{MADE}"
)
CLDR = (
    "# Names in other languages, the label first: Unicode CLDR 47 through Babel (Unicode License v3, © Unicode,\n"
    f"# Inc.), and what newspapers write besides (own).\n{MADE}"
)
PAST: Mapping[str, Mapping[str, str]] = {
    "CSHH": {"de": "Tschechoslowakei", "es": "Checoslovaquia", "fr": "Tchécoslovaquie", "it": "Cecoslovacchia",
             "nl": "Tsjecho-Slowakije|Tsjechoslowakije", "pt": "Checoslováquia|Tchecoslováquia"},
    "DDDE": {"de": "DDR|Ostdeutschland", "es": "RDA|Alemania Oriental", "fr": "RDA|Allemagne de l'Est",
             "it": "RDT|Germania Est", "nl": "DDR|Oost-Duitsland", "pt": "RDA|Alemanha Oriental"},
    "SUHH": {"de": "Sowjetunion|UdSSR", "es": "Unión Soviética|URSS", "fr": "Union soviétique|URSS",
             "it": "Unione Sovietica|URSS", "nl": "Sovjet-Unie|USSR", "pt": "União Soviética|URSS"},
    "YUCS": {"de": "Jugoslawien", "es": "Yugoslavia", "fr": "Yougoslavie", "it": "Jugoslavia|Iugoslavia",
             "nl": "Joegoslavië", "pt": "Jugoslávia|Iugoslávia"},
}  # fmt: skip
"""The states of the past that news names most, which CLDR does not have."""


def topics() -> None:
    """Write the table of topics."""
    known = vocabulary("topic").entries
    labels = {language: dict[str, str]() for language in LANGUAGES}
    for row in read(FOLDER / "iptc_labels.jsonl.gz"):
        if row["lang"] in labels and row["code"] in known and row["label"]:
            labels[row["lang"]][row["code"]] = " ".join(row["label"].split())
    for named in labels.values():
        several = Counter(map(str.casefold, named.values()))
        for code, label in list(named.items()):
            above = known[code].parent
            if several[label.casefold()] > 1 and above in named:
                named[code] = f"{label} ({named[above].partition(' (')[0]})"
    found = {language: {code: [label] for code, label in labels[language].items()} for language in LANGUAGES}
    write("topic", IPTC, LANGUAGES, found)


def countries_and_languages() -> None:
    """Write the tables of countries and of languages."""
    codes = [each.code for each in languages.installed() if each.code != languages.DEFAULT]
    for name in ("country", "language"):
        found: dict[str, dict[str, list[str]]] = {}
        for code in codes:
            locales = [Locale.parse(locale) for locale in (code, *VARIANTS.get(code, ()))]
            own = listed(code) if name == "country" else {}
            found[code] = {
                each: [label for locale in locales for label in _of(locale, name, each)]
                + [label for label, of in own.items() if of == each]
                + PAST.get(each, {}).get(code, "").split(SEVERAL) * (name == "country")
                for each in vocabulary(name).entries
            }
        write(name, CLDR, codes, found)


def _of(locale: Locale, name: str, code: str) -> list[str]:
    """The name of a country or language in a locale, and what it has in brackets: `Myanmar`, `Birmanie`."""
    label = (locale.territories if name == "country" else locale.languages).get(code, "")
    short, _, inside = label.partition(" (")
    meant = vocabulary(name).find(inside := inside.rstrip(")"))
    return [each for each in (short, inside if meant in (None, code) else "") if each]


def write(name: str, head: str, codes: Sequence[str], found: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
    """Write the table of a vocabulary: its codes, and their names in some languages."""
    rows = [
        "\t".join([code, *(SEVERAL.join(filter(None, dict.fromkeys(found[each].get(code, ())))) for each in codes)])
        for code in vocabulary(name).entries
    ]
    (OUT / ELSEWHERE[name]).write_text("\n".join([head, "\t".join(["code", *codes]), *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    topics()
    countries_and_languages()
