from __future__ import annotations

import csv
from pathlib import Path

from indexer.enrich import persons
from indexer.enrich.countries import enrich
from indexer.enrich.countries.native_names import names_in
from search.names.vocabulary import vocabulary
from search.values.article import Article
from tests.cases import cases

GOLD = Path(__file__).parents[3] / "gold" / "native_countries.tsv"
SENTENCES = {
    "de": "Gastgeber des Treffens ist in diesem Jahr {}.",
    "fr": "L’hôte de la réunion sera cette année {}.",
    "es": "El anfitrión de la reunión será este año {}.",
    "it": "A ospitare la riunione sarà quest'anno {}.",
    "pt": "O anfitrião da reunião será este ano {}.",
    "nl": "Gastland van de bijeenkomst is dit jaar {}.",
    "sv": "Värd för mötet är i år {}.",
    "da": "Vært for mødet er i år {}.",
    "pl": "Gospodarzem spotkania będzie w tym roku {}.",
    "ru": "Встречу в этом году принимает {}.",
    "tr": "Toplantıya bu yıl ev sahipliği yapan ülke {}.",
}
MISSED: dict[str, str] = {}
"""Language and code of what is not found, and why; five at most."""


def named() -> dict[str, tuple[str, str]]:
    """Language and code → the code, and a sentence that names the country."""
    lines = (line for line in GOLD.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {
        f"{language} {row['code']}": (row["code"], sentence.format(row[language]))
        for row in csv.DictReader(lines, delimiter="\t")
        for language, sentence in SENTENCES.items()
    }


def test_a_country_is_found_under_its_own_name_in_eleven_languages() -> None:
    sentences = named()
    missed = {
        key
        for key, (code, sentence) in sentences.items()
        if enrich(Article("a", sentence, language=key[:2])).country != (code,)
    }

    assert len(sentences) == 62 * 11
    assert missed == set(MISSED)


@cases("language", [*SENTENCES, "nb", "fi", "cs", "ro", "hu", "uk", "ca", "id", "ar", "he", "ja", "zh"])
def test_a_given_name_in_english_silences_no_country_elsewhere(language: str) -> None:
    assert {"AR", "CN", "FR", "IL", "IN", "JO", "KE", "LB", "OM"} <= set(names_in(language).values())


@cases("language, text, countries", [
    ("es", "Israel Gutiérrez marcó un gol.", ()),
    ("es", "Israel marcó un gol.", ("IL",)),
    ("fr", "France Gall chantait pour la France.", ("FR",)),
    ("de", "Israel Truppen zu schicken wäre falsch.", ("IL",)),
    ("fr", "François Hollande est arrivé. Hollande a parlé de la Suisse.", ("CH",)),
    ("fr", "Maurice et Dominique sont à l'île Maurice.", ("MU",)),
    ("nb", "Man kan reise i dag.", ()),
    ("ru", "Того и ждали.", ()),
    ("it", "D’Italia e dell'Argentina.", ("IT", "AR")),
    ("es", "Irlanda del Norte y Nuevo México.", ("GB", "US")),
    ("pt", "A Polónia e o Irão.", ("PL", "IR")),
    ("pt-PT", "A Polónia e a Polônia.", ("PL",)),
    ("de", "Chinas Haltung, Frankreichs Antwort.", ("CN", "FR")),
    ("ru", "Визит в Германию и Иран, переговоры с Китаем.", ("DE", "IR", "CN")),
    ("pl", "Wizyta w Hiszpanii i rozmowy z Francją.", ("ES", "FR")),
    ("uk", "Кот-д’Івуар і Об'єднані Арабські Емірати.", ("AE", "CI")),
    ("ko", "미국 대통령, 중국 방문.", ("US", "CN")),
    ("he", "ארצות הברית, דרום קוריאה", ("US", "KR")),
    ("ar", "السعودية وإيران, فلسطين", ("SA", "PS")),
    ("fr", "LA FRANCE ET L'ITALIE", ("FR", "IT")),
    ("fr", "Les traités de Rome, les accords d’Oslo : la Suisse n'est pas liée.", ("CH",)),
    ("de", "Österreich kündigt den Vertrag von Lissabon.", ("AT",)),
    ("nl", "Het verdrag van Rome geldt in België.", ("BE",)),
    ("fr", "La Chambre des communes a entendu le ministre canadien.", ("CA",)),
    ("es", "Gana en la Cámara de los Comunes, según la BBC.", ("GB",)),
    ("it", "La notizia è della BBC.", ()),
    ("tlh", "Frankreich", ()),
])  # fmt: skip
def test_a_name_counts_as_in_its_own_language(language: str, text: str, countries: tuple[str, ...]) -> None:
    assert set(enrich(persons.enrich(Article("a", text, language=language))).country) == set(countries)


@cases("language", sorted(SENTENCES))
def test_every_name_is_of_a_known_country(language: str) -> None:
    assert set(names_in(language).values()) <= set(vocabulary("country").entries)
