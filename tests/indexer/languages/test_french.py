"""French: elided words, names and what is around them, countries by their adjectives, topics; English is left alone."""

from __future__ import annotations

from indexer import languages
from indexer.enrich import enrich
from indexer.enrich.persons.tagger.sentences import sentences
from search.values.article import Article
from tests.cases import cases

AROUND = (
    "Les deux dirigeants ont parlé pendant une heure des relations entre leurs pays, selon un communiqué publié par "
    "les services de la présidence après la rencontre, qui était la première depuis des mois. Ils ont dit que cette "
    "visite était utile pour les entreprises et que les discussions vont continuer dans les semaines qui viennent."
)


def read(text: str) -> Article:
    return enrich(Article("a", f"{text} {AROUND}"))


@cases("text, words", [
    ("L'ami d'Emmanuel Macron", ["L'", "ami", "d'", "Emmanuel", "Macron"]),
    ("qu’Obama parte aujourd’hui", ["qu’", "Obama", "parte", "aujourd’hui"]),
    ("Jeanne d'Arc, O'Brien, rock'n'roll", ["Jeanne", "d'", "Arc", ",", "O'Brien", ",", "rock'n'roll"]),
])  # fmt: skip
def test_an_elided_word_is_apart(text: str, words: list[str]) -> None:
    french = languages.named("fr")

    assert french is not None
    assert [word for sentence in sentences(text, french) for word in sentence.words] == words
    (english,) = sentences("d'Emmanuel", languages.default())
    assert english.words == ["d'Emmanuel"]


@cases("text, persons", [
    ("Le président Emmanuel Macron a reçu M. Hugo Petit. M. Macron est là.", ("Emmanuel Macron", "Hugo Petit")),
    ("L'ancien président Valéry Giscard d'Estaing a parlé.", ("Valéry Giscard d'Estaing",)),
    ("Angela Merkel est là. Mme Merkel de la part de tous salue la foule.", ("Angela Merkel",)),
    ("Selon le maire, la décision de Sarah est très attendue.", ("Sarah",)),
    ("La chanteuse Marion Cotillard est venue, et la France aussi.", ("Marion Cotillard",)),
])  # fmt: skip
def test_persons_are_found_and_each_has_one_name(text: str, persons: tuple[str, ...]) -> None:
    assert set(read(text).person) == set(persons)


@cases("text, countries", [
    ("Les Français et les Allemandes attendent.", {"FR", "DE"}),
    ("La société norvégienne et ses ouvriers péruviens.", {"NO", "PE"}),
    ("Il revient de Moscou et de La Haye.", {"RU", "NL"}),
    ("L'Union soviétique et l’armée yougoslave.", {"SUHH", "YUCS"}),
    ("François Hollande est en Suisse, et M. Hollande y reste.", {"CH"}),
    ("Le protocole de Kyoto et le traité de Rome.", set()),
])  # fmt: skip
def test_countries_are_found_by_adjectives_inhabitants_and_cities(text: str, countries: set[str]) -> None:
    assert set(read(text).country) == countries


@cases("text, topic", [
    ("L'attaquant a marqué deux buts et son équipe remporte la finale du championnat.", "15"),
    ("Les électeurs votent dimanche pour le second tour des législatives ; le ministre sortant est battu.", "11"),
    ("Le tribunal a condamné l'accusé à dix ans de prison pour le meurtre de son voisin.", "02"),
])  # fmt: skip
def test_the_first_topic_is_read_in_the_words_of_the_language(text: str, topic: str) -> None:
    assert enrich(Article("a", text, language="fr")).topic[0][7:9] == topic


def test_a_french_name_in_an_english_text_is_as_it_was() -> None:
    text = "Valéry Giscard d'Estaing met the senators. The French president said that d'Estaing was glad of it. " * 4

    assert enrich(Article("a", text, language="en")).person[0] == "Valéry Giscard d'Estaing"
