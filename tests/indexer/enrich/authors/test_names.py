"""The authors that a byline names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from indexer.enrich.authors import names
from indexer.enrich.authors.names import named
from search.values.article import Article
from tests import waiting
from tests.cases import cases


@cases("byline, names", [
    ("By Jane Smith and John Doe, Reuters, in Paris", ["Jane Smith", "John Doe"]),
    ("JANE SMITH, AP Business Writer", ["Jane Smith"]),
    ("JANE MCDONALD and PAT O'BRIEN, Associated Press Writers", ["Jane McDonald", "Pat O'Brien"]),
    ("PETER VAN DYKE", ["Peter van Dyke"]),
    ("von Anna Müller", ["Anna Müller"]),
    ("par Jean Dupont (avec AFP)", ["Jean Dupont"]),
    ("di Marco Rossi", ["Marco Rossi"]),
    ("jane.smith@example.org (Jane Smith)", ["Jane Smith"]),
    ("Jane Smith <jane@example.org>", ["Jane Smith"]),
    ("Jane Smith; John Doe & Ann Lee", ["Jane Smith", "John Doe", "Ann Lee"]),
    ("Jane Smith, John Doe, and Ann Lee", ["Jane Smith", "John Doe", "Ann Lee"]),
    ("Smith, Jane; Doe, John A.", ["Jane Smith", "John A. Doe"]),
    ("Martin Luther King, Jr., Staff Writer", ["Martin Luther King Jr."]),
    ("Jane Smith Staff Writer", ["Jane Smith"]),
    ("Chief political correspondent Jane Smith", ["Jane Smith"]),
    ("Jane Smith in Paris and John Doe in London", ["Jane Smith", "John Doe"]),
    ("Jane Smith (Washington), John Doe (Paris)", ["Jane Smith", "John Doe"]),
    ("Jane Smith/Reuters", ["Jane Smith"]),
    ("Jane Smith | The Guardian", ["Jane Smith"]),
    ("Jane Smith, Special to The Times", ["Jane Smith"]),
    ("Story by Jane Smith; photos by John Roe", ["Jane Smith"]),
    ("Dr. Jane Smith, MD", ["Jane Smith"]),
    ("Ursula von der Leyen", ["Ursula von der Leyen"]),
    ("Luigi Di Maio", ["Luigi Di Maio"]),
    ("Hussein al-Sheikh", ["Hussein al-Sheikh"]),
    ("Valéry Giscard d’Estaing", ["Valéry Giscard d’Estaing"]),
    ("J.K. Rowling", ["J.K. Rowling"]),
    ("Christopher Guest", ["Christopher Guest"]),
    ("Emily Post", ["Emily Post"]),
    ("Don DeLillo", ["Don DeLillo"]),
    ("Yo-Yo Ma", ["Yo-Yo Ma"]),
    ("王小明", ["王小明"]),
    ("Madonna", ["Madonna"]),
    ("Jane Smith and JANE SMITH", ["Jane Smith"]),
])  # fmt: skip
def test_names_are_parted_and_cleaned(byline: str, names: list[str]) -> None:
    assert list(named(byline)) == names


@cases("byline", [
    "Reuters", "AP", "The Associated Press", "Staff reporter", "Reuters Staff", "From our own correspondent",
    "Guardian staff and agencies", "BBC News", "Washington Post", "Special to The Times", "admin", "jsmith", "",
    "(AFP)", "jane@example.org", "1998", "By", "the", ";,;",
])  # fmt: skip
def test_an_agency_or_an_office_is_no_author(byline: str) -> None:
    assert named(byline) == ()


@cases("byline, language, names", [
    ("Juan Pérez y Ana Ruiz", "es", ["Juan Pérez", "Ana Ruiz"]),
    ("José Ortega y Gasset", "es", ["José Ortega y Gasset"]),
    ("Juan Pérez en Buenos Aires", "es", ["Juan Pérez"]),
    ("door Jan Jansen en Piet Peters", "nl", ["Jan Jansen", "Piet Peters"]),
])  # fmt: skip
def test_the_word_for_and_is_that_of_the_language(byline: str, language: str, names: list[str]) -> None:
    assert list(named(byline, language)) == names


def test_the_byline_stays_as_printed() -> None:
    article = names.enrich(Article("x", "He came.", byline="By JANE SMITH, Reuters"))

    assert (article.byline, article.author) == ("By JANE SMITH, Reuters", ("Jane Smith",))


def test_authors_that_the_input_states_are_kept() -> None:
    stated = Article("x", "He came.", byline="Reuters", author=("Reuters",), given=frozenset(("author",)))

    assert names.enrich(stated) == stated


def test_the_paper_is_not_its_author() -> None:
    assert names.enrich(Article("x", "He came.", byline="Meridian", source="Meridian")).author == ()


def test_cost_does_not_grow_with_a_hostile_byline(amount: Callable[..., int]) -> None:
    named("warm")
    hostile = ("Jane Smith, ", "(", "a@", "<", "By ", "von ", "Smith, J; ", "[", "word ", "AP ")

    for piece in hostile[: amount(len(hostile), few=4)]:
        assert waiting.cpu_seconds(partial(named, piece * 200_000)) < 0.5, piece
