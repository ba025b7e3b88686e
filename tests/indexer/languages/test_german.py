"""German: nouns with capitals, genitives, offices that are titles, countries with their inflection, topics."""

from __future__ import annotations

from indexer.enrich import enrich
from search.values.article import Article
from tests.cases import cases

AROUND = (
    "Das teilte die Behörde am Dienstag nach einer Sitzung mit, die mehr als drei Stunden gedauert hatte. Die Pläne, "
    "die im Herbst auch im Ausschuss beraten werden sollen, sind nicht neu, und über die Kosten ist noch nicht alles "
    "gesagt."
)


def read(text: str) -> Article:
    return enrich(Article("a", f"{text} {AROUND}", language="de"))


@cases("text, persons", [
    ("Bundeskanzlerin Angela Merkel kam mit Peter Kern. Merkels Rede war kurz.", ("Angela Merkel", "Peter Kern")),
    ("Frau Dr. Anna Weber und Herr Karl Huber sind da. Hubers Haus brannte.", ("Anna Weber", "Karl Huber")),
    ("Oberbürgermeister Klaus Mohrs kommt, der Entwurf Gottfried Böhms nicht.", ("Klaus Mohrs", "Gottfried Böhm")),
    ("Der Verein hat die Satzung geändert, und der Vorstand ist zufrieden.", ()),
    (
        "Jason Paradise von Ubisoft erklärte, Anna Müller von Siemens habe mit Ursula von der Leyen gesprochen. Laut "
        "Nordea-Prognose steigt der Umsatz der Fernsehfilme.",
        ("Jason Paradise", "Anna Müller", "Ursula von der Leyen"),
    ),
    ("Bei der Investmentbank Equinet und im Flughafen Franz Josef Strauß kennt man Anna Müller.", ("Anna Müller",)),
])  # fmt: skip
def test_persons_are_found_and_each_has_one_name(text: str, persons: tuple[str, ...]) -> None:
    assert set(read(text).person) == set(persons)


@cases("text, countries", [
    ("Die französischen Winzer und zwei Däninnen.", {"FR", "DK"}),
    ("Moskaus Antwort auf Londons Vorschlag.", {"RU", "GB"}),
    ("Die Wiener Polizei und der Münchner Flughafen.", {"AT", "DE"}),
    ("Die sowjetische Führung und die Tschechoslowakei.", {"SUHH", "CSHH"}),
    ("FRANKFURT, 19. Mai – Die Lokführer streiken.", {"DE"}),
    ("Das Essen war gut, und der Hof war leer.", set()),
])  # fmt: skip
def test_countries_are_found_in_every_form(text: str, countries: set[str]) -> None:
    assert set(read(text).country) == countries


@cases("text, topic", [
    ("Der Stürmer schoss zwei Tore, die Mannschaft steht im Finale der Meisterschaft.", "15"),
    ("Die Wähler stimmen am Sonntag über den Landtag ab; der Ministerpräsident liegt in Umfragen vorn.", "11"),
    ("Das Landgericht verurteilte den Angeklagten wegen Mordes zu lebenslanger Haftstrafe.", "02"),
])  # fmt: skip
def test_the_first_topic_is_read_in_the_words_of_the_language(text: str, topic: str) -> None:
    assert enrich(Article("a", text, language="de")).topic[0][7:9] == topic
