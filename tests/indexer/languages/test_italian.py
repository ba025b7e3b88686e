"""Italian: persons with particles and after elided words, countries by their adjectives, topics, dates."""

from __future__ import annotations

from indexer.enrich import enrich
from search.values.article import Article
from tests.cases import cases

AROUND = (
    "La decisione è stata annunciata martedì, dopo una riunione che è durata più di tre ore. Anche i lavori della sala "
    "saranno discussi in autunno, ma non sono nuovi, e i costi per il tetto non si conoscono."
)


def read(text: str) -> Article:
    return enrich(Article("a", f"{text} {AROUND}"))


@cases("text, persons", [
    ("Il ministro Massimo D'Alema ha incontrato Anna De Luca e Marco Della Valle.", ("Massimo D'Alema", "Anna De Luca",
     "Marco Della Valle")),
    ("La lettera dell'avvocato Paolo Rossi. Secondo Rossi il piano è buono.", ("Paolo Rossi",)),
    ("Il governo ha approvato la legge, e l'opposizione ha votato contro.", ()),
])  # fmt: skip
def test_persons_are_found_and_each_has_one_name(text: str, persons: tuple[str, ...]) -> None:
    assert set(read(text).person) == set(persons)


@cases("text, countries", [
    ("I viticoltori francesi e due donne polacche.", {"FR", "PL"}),
    ("A Mosca, all'Aia e a Ginevra.", {"RU", "NL", "CH"}),
    ("La storia dell'Italia e dell’Ungheria.", {"IT", "HU"}),
    ("I dirigenti sovietici e l'esercito jugoslavo.", {"SUHH", "YUCS"}),
    ("Il protocollo di Kyoto e il trattato di Maastricht.", set()),
])  # fmt: skip
def test_countries_are_found_in_every_form(text: str, countries: set[str]) -> None:
    assert set(read(text).country) == countries


@cases("text, topic", [
    ("L'attaccante ha segnato due gol e la squadra ha vinto la finale del campionato.", "15"),
    ("Gli elettori votano domenica al ballottaggio; il candidato è in testa nei sondaggi.", "11"),
    ("Il tribunale ha condannato l'imputato a dieci anni di carcere per l'omicidio del vicino.", "02"),
])  # fmt: skip
def test_the_first_topic_is_read_in_the_words_of_the_language(text: str, topic: str) -> None:
    assert enrich(Article("a", text, language="it")).topic[0][7:9] == topic


def test_dates_are_read_in_its_words() -> None:
    article = Article("a", "Il 3 marzo 2019, il 1º maggio del 2020, l'11/9/2001 e dal 1974.", language="it")
    assert enrich(article).mentioned == ("2019-03-03", "2020-05-01", "2001-09-11", "1974")
