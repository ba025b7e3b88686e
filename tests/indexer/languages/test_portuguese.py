"""Portuguese: persons with their particles, countries by their adjectives in both spellings, topics."""

from __future__ import annotations

from indexer.enrich import enrich
from search.values.article import Article
from tests.cases import cases

AROUND = (
    "A decisão foi anunciada na terça-feira, depois de uma reunião que durou mais de três horas. Os planos também "
    "serão discutidos no outono, mas já não são novos, e não foram divulgados os custos da obra."
)


def read(text: str) -> Article:
    return enrich(Article("a", f"{text} {AROUND}"))


@cases("text, persons", [
    ("O presidente Marcelo Rebelo de Sousa recebeu António Costa e Ana Gomes.", ("Marcelo Rebelo de Sousa",
     "António Costa", "Ana Gomes")),
    ("A ministra Maria dos Santos falou. Segundo Santos, o plano é bom.", ("Maria dos Santos",)),
    ("O jornalista LUÍS GIRON viajou. Disse que FHC venceu no PSDB.", ("Luís Giron", "FHC")),
    ("O governo aprovou a lei, e a oposição votou contra.", ()),
])  # fmt: skip
def test_persons_are_found_and_each_has_one_name(text: str, persons: tuple[str, ...]) -> None:
    assert set(read(text).person) == set(persons)


@cases("text, countries", [
    ("Os vinicultores franceses e duas polonesas.", {"FR", "PL"}),
    ("Em Moscou e em Moscovo, em Amesterdão e Amsterdã.", {"RU", "NL"}),
    ("A direção soviética e o exército iugoslavo.", {"SUHH", "YUCS"}),
    ("O protocolo de Kyoto e o tratado de Maastricht.", set()),
])  # fmt: skip
def test_countries_are_found_in_every_form(text: str, countries: set[str]) -> None:
    assert set(read(text).country) == countries


@cases("text, topic", [
    ("O avançado marcou dois golos e a equipa venceu a final do campeonato.", "15"),
    ("Os eleitores votam no domingo no segundo turno; o governador lidera as pesquisas.", "11"),
    ("O tribunal condenou o réu a dez anos de prisão pelo homicídio do vizinho.", "02"),
])  # fmt: skip
def test_the_first_topic_is_read_in_the_words_of_the_language(text: str, topic: str) -> None:
    assert enrich(Article("a", text, language="pt")).topic[0][7:9] == topic


def test_dates_are_read_in_its_words() -> None:
    article = Article("a", "Em 3 de março de 2019, a 1º de maio de 2020 e desde 1974.", language="pt")
    assert enrich(article).mentioned == ("2019-03-03", "2020-05-01", "1974")
