"""Spanish: persons with two surnames and particles, countries by their adjectives, topics, dates."""

from __future__ import annotations

from indexer.enrich import enrich
from search.values.article import Article
from tests.cases import cases

AROUND = (
    "La decisión fue anunciada el martes, después de una reunión que duró más de tres horas. Los planes también serán "
    "debatidos en otoño, pero ya no son nuevos, y no se conocen los costes de la obra."
)


def read(text: str) -> Article:
    return enrich(Article("a", f"{text} {AROUND}"))


@cases("text, persons", [
    ("El presidente José Luis Rodríguez Zapatero recibió a Ana Botín y a Juan Pérez.", ("José Luis Rodríguez Zapatero",
     "Ana Botín", "Juan Pérez")),
    ("La ministra María del Carmen López habló. Según López, el plan es bueno.", ("María del Carmen López",)),
    ("El gobierno aprobó la ley, y la oposición votó en contra.", ()),
])  # fmt: skip
def test_persons_are_found_and_each_has_one_name(text: str, persons: tuple[str, ...]) -> None:
    assert set(read(text).person) == set(persons)


@cases("text, countries", [
    ("Los viticultores franceses y dos polacas.", {"FR", "PL"}),
    ("En Moscú, en La Haya y en Ginebra.", {"RU", "NL", "CH"}),
    ("La dirección soviética y el ejército yugoslavo.", {"SUHH", "YUCS"}),
    ("El protocolo de Kioto y el tratado de Maastricht.", set()),
])  # fmt: skip
def test_countries_are_found_in_every_form(text: str, countries: set[str]) -> None:
    assert set(read(text).country) == countries


@cases("text, topic", [
    ("El delantero marcó dos goles y el equipo ganó la final del campeonato.", "15"),
    ("Los electores votan el domingo en la segunda vuelta; el gobernador encabeza los sondeos.", "11"),
    ("El tribunal condenó al acusado a diez años de cárcel por el asesinato de su vecino.", "02"),
])  # fmt: skip
def test_the_first_topic_is_read_in_the_words_of_the_language(text: str, topic: str) -> None:
    assert enrich(Article("a", text, language="es")).topic[0][7:9] == topic


def test_dates_are_read_in_its_words() -> None:
    article = Article("a", "El 3 de marzo de 2019, el 1 de mayo del 2020 y desde 1974.", language="es")
    assert enrich(article).mentioned == ("2019-03-03", "2020-05-01", "1974")
