"""What is made of facts, in each of the languages in which they are found: names, epithets, drafts, completions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import search
from indexer.enrich import enrich
from search.analyses.entity import entity, having
from search.engine import Engine
from search.text.tokens import fold
from search.values.article import Article
from search.values.query import Query
from service.api.draft import check


class News(NamedTuple):
    """Two reports on a person, written for this project, and the name as a draft misspells it."""

    person: str
    epithet: str
    first: str
    second: str
    misspelled: str


NEWS = {
    "en": News(
        "Katharine Ömer-Ashdown", "Foreign Minister",
        "Yesterday Foreign Minister Katharine Ömer-Ashdown spoke in Oxford about the strike of the railway workers.",
        "“The strike is over,” Foreign Minister Katharine Ömer-Ashdown said on Monday. The trains run again.",
        "Kathrine Ömer-Ashdown",
    ),
    "de": News(
        "Jörg Grünwäldt", "frühere Ministerpräsident",
        "Gestern sprach der frühere Ministerpräsident Jörg Grünwäldt in Kassel über den Streik der Eisenbahner.",
        "„Der Streik ist vorbei“, sagte der frühere Ministerpräsident Jörg Grünwäldt am Montag. Die Züge fahren.",
        "Jörg Grünwald",
    ),
    "fr": News(
        "Hélène Lefébure", "ancienne ministre",
        "Hier, l'ancienne ministre Hélène Lefébure a parlé à Rouen de la grève des cheminots.",
        "« La grève est finie », a déclaré lundi l'ancienne ministre Hélène Lefébure. Les trains roulent de nouveau.",
        "Hélène Lefébur",
    ),
    "es": News(
        "Begoña Ibáñez Zubieta", "antigua ministra",
        "Ayer la antigua ministra Begoña Ibáñez Zubieta habló en Bilbao sobre la huelga de los ferroviarios.",
        "—La huelga ha terminado —dijo la antigua ministra Begoña Ibáñez Zubieta el lunes—. Los trenes circulan.",
        "Begoña Ibáñez Zubietta",
    ),
    "pt": News(
        "João Conceição Quintela", "antigo ministro",
        "Ontem, o antigo ministro João Conceição Quintela falou em Braga sobre a greve dos ferroviários.",
        "«A greve acabou», disse o antigo ministro João Conceição Quintela na segunda-feira. Os comboios voltaram.",
        "João Conceição Quintella",
    ),
    "nl": News(
        "Renée van Oosterzeël", "vroegere minister",
        "Gisteren sprak de vroegere minister Renée van Oosterzeël in Zwolle over de staking van de spoorwegen.",
        "‘De staking is voorbij’, zei de vroegere minister Renée van Oosterzeël maandag. De treinen rijden weer.",
        "Renée van Oosterzel",
    ),
    "it": News(
        "Niccolò Bardazzì", "ex ministro",
        "Ieri l'ex ministro Niccolò Bardazzì ha parlato a Lucca dello sciopero dei ferrovieri.",
        "«Lo sciopero è finito», ha detto lunedì l'ex ministro Niccolò Bardazzì. I treni circolano di nuovo.",
        "Niccolò Bardazi",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An archive of all these reports."""
    place: Path = tmp_path_factory.mktemp("mixed") / "news.idx"
    with search.writer(place) as writer:
        for language, news in NEWS.items():
            for day, text in enumerate((news.first, news.second), 1):
                writer.add(enrich(Article(f"{language}{day}", text, language=language, published=f"2001-03-0{day}")))
        writer.commit()
    with search.open(place) as engine:
        yield engine


@pytest.mark.parametrize("language", NEWS)
def test_a_person_has_one_name_and_is_known_by_an_office(mixed: Engine, language: str) -> None:
    news = NEWS[language]

    assert mixed.search(having(Query(), "person", news.person)).total == 2
    assert [each.text for each in entity(mixed, "person", news.person).epithets] == [news.epithet]


@pytest.mark.parametrize("language", NEWS)
def test_a_draft_is_told_the_name_of_the_archive(mixed: Engine, language: str) -> None:
    news = NEWS[language]
    draft = f"{news.first} {news.second}".replace(news.person, news.misspelled)
    (found,) = check(mixed, draft).of("person")

    assert (found.value, found.count) == (news.misspelled, 0)
    assert found.meant is not None
    assert found.meant.name == news.person


@pytest.mark.parametrize("language", NEWS)
def test_a_name_is_completed_without_its_accents(mixed: Engine, language: str) -> None:
    name = NEWS[language].person
    beginnings = fold(name)[:8], fold(name.split()[-1])[:6]

    assert all(name in [each.value for each in mixed.suggest(typed, 5)] for typed in beginnings)
