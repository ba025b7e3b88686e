"""The words near the names of known people, in other languages: `python -m training.known_words`.

Writes `known_words.tsv` of each language that shares the table `known`: an English word of it, and what it is in the
language, by `known_words_own.tsv` and, for countries and their people, by the tables of countries of both languages.
"""

from __future__ import annotations

import sys

from indexer import languages
from indexer.enrich.countries.gazetteer import rows
from indexer.enrich.countries.native_names import names_in
from indexer.enrich.persons.known_rows import LONGEST, TRANSLATED
from indexer.languages import Language
from search.names.vocabulary import vocabulary
from search.text.tokens import fold
from training.persons.sources import ROOT

OWN = ROOT / "training" / "known_words_own.tsv"
LANGUAGES = ("de", "fr", "es", "pt")
"""The columns of `OWN` after the first."""
ENGLISH = languages.default()


def codes() -> dict[str, str]:
    """English name of a country or its people → its code."""
    found = {fold(entry.label): entry.code for entry in vocabulary("country").entries.values()}
    for row in rows("demonyms", ENGLISH):
        found |= {fold(word): row["code"] for word in row["words"].split("|")}
    return found


def of_countries(language: Language) -> dict[str, list[str]]:
    """Code → what a language calls the country and its people."""
    found: dict[str, list[str]] = {}
    for name, code in names_in(language.code).items():
        found.setdefault(code, []).append(fold(name))
    for row in rows("demonyms", language):
        found.setdefault(row["code"], []).extend(map(fold, row["words"].split("|")))
    return found


def main() -> None:
    """Write the tables."""
    used = {fold(word) for columns in ENGLISH.table("known").values() for word in columns[1].split("|")}
    own = [line.split("\t") for line in OWN.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    known = codes()
    for column, code in enumerate(LANGUAGES, 1):
        language = languages.named(code)
        if language is None:
            raise SystemExit(f"There is no language {code}.")
        said = {row[0]: list(map(fold, row[column].split("|"))) for row in own}
        here = of_countries(language)
        for word in used & known.keys():
            said.setdefault(word, []).extend(here.get(known[word], ()))
        lines = [
            "# Words near the names of known people: English, what they are here. Made by training/known_words.",
            *(
                f"{word}\t{'|'.join(dict.fromkeys(each for each in forms if each.count(' ') < LONGEST))}"
                for word, forms in sorted(said.items())
                if word in used and forms
            ),
        ]
        path = language.folder / f"{TRANSLATED}.tsv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{path.name} of {code}: {len(lines) - 1} words, {path.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
