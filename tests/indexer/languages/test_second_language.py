"""A second language is a folder: the recipe of CONTRIBUTING, followed for a made-up one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import languages
from indexer.enrich import enrich, version
from indexer.languages import Language
from search import Article
from training.persons.documents import from_teacher
from training.persons.model import fit

CODE = "qaa"
FOLDER = Path(__file__).parent / CODE
ENGLISH = "President Ann Lee met Joe Cole in Rome. Mr Cole said that he was glad of it. Lee agreed. " * 9

LESSONS = (
    "{given} {family} ta vela mi {city} so ku klubo. {family} dixa ne ku mastro la vu {city}.",
    "Ku mastro {given} {family} vokta re {firm} po {city}. Gosko {family} ta ne {folk}.",
    "Mi {city} ku {folk} ta so {firm}. Ne la {given} zul {family} dixa.",
)
KINDS = {"firm": "ORG", "city": "GPE", "folk": "NORP"}
FILLED = {
    "given": ("Orlan", "Sevi", "Kedro", "Belisa"),
    "family": ("Monsul", "Quolba", "Pelgor", "Zimrad"),
    "city": ("Luvena", "Dolmar", "Obe Luvena", "Dolmar Ranu"),
    "firm": ("Vastel Grupo", "Grupo", "Kornel Grupo", "Vastel"),
    "folk": ("Ostari", "Ostari Nor", "Belani", "Belani Nor"),
}

TEXT = (
    "Prez Tamiro Darvek ta vela mi Luvena so ku klubo di Luvena, ne ku mastro la vu re po ta. Darvek dixa ku vela so "
    "mi Luvena. Ulma zul Hetrin vokta re ku mastro di Dolmar. Ne ku vela la so Gosko Darvek ta vu mi ku klubo. "
) * 3


def lesson(template: str, number: int) -> dict[str, object]:
    """A text with its names filled in, and the spans of these."""
    text, spans = "", []
    for part in template.replace("{given} zul {family}", "{person}").replace("{given} {family}", "{name}").split("{"):
        slot, closing, after = part.partition("}")
        if not closing:
            text += part
            continue
        given, family = FILLED["given"][number % 4], FILLED["family"][number // 4 % 4]
        names = {"name": f"{given} {family}", "person": f"{given} zul {family}", "family": family}
        word = names.get(slot) or FILLED[slot][(number // 2 + number) % 4]
        spans.append([len(text), len(text) + len(word), KINDS.get(slot, "PERSON")])
        text += word + after
    return {"text": text, "spans": spans}


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Language]:
    """The language, in a folder of its own, with a model that is trained here."""
    place = tmp_path_factory.mktemp("languages")
    folder = Path(shutil.copytree(FOLDER, place / CODE))
    language = Language(CODE, folder)
    corpus = [from_teacher(lesson(template, number), language) for template in LESSONS for number in range(16)]
    fit(corpus, folder / "persons.npz", rounds=60, c1=0.1, c2=0.01)
    languages.__path__.append(str(place))
    languages.folders.cache_clear()
    found = languages.named(CODE)
    assert found is not None
    yield found
    languages.__path__.remove(str(place))
    languages.folders.cache_clear()


def test_a_text_is_told_apart_by_its_function_words(second: Language) -> None:
    assert enrich(Article("a", TEXT)).language == second.code
    assert enrich(Article("a", TEXT * 3, language="en")).language == second.code
    assert enrich(Article("a", ENGLISH)).language == "en"


def test_persons_are_found_and_each_has_one_name(second: Language) -> None:
    article = enrich(Article("a", TEXT))

    assert article.person == ("Tamiro Darvek", "Ulma zul Hetrin")


def test_evidence_says_where_and_by_which_rule(second: Language) -> None:
    article = enrich(Article("a", TEXT))

    said = [(e.text, e.value) for e in article.evidence["person"]][:4]
    assert said == [
        ("Tamiro Darvek", "Tamiro Darvek"), ("Darvek", "Tamiro Darvek"),
        ("Ulma zul Hetrin", "Ulma zul Hetrin"), ("Darvek", "Tamiro Darvek"),
    ]  # fmt: skip
    for entry in article.evidence["person"]:
        assert entry.start is not None
        assert article.text[entry.start : entry.end] == entry.text
        assert entry.rule in ("crf", "context", "surname")


def test_articles_are_enriched_again_once_there_is_a_language(second: Language) -> None:
    assert CODE in version().split()


def test_what_the_folder_lacks_is_not_looked_for(second: Language) -> None:
    article = enrich(Article("a", TEXT))

    assert (article.country, article.topic, article.mentioned) == ((), (), ())


def test_a_byline_is_read_by_a_pattern_of_the_language(second: Language) -> None:
    assert enrich(Article("a", f"Re Sevi Monsul\n\n{TEXT}", language=CODE)).byline == "Sevi Monsul"


def test_the_rules_of_a_language_touch_no_text_in_another(second: Language) -> None:
    with_it = enrich(Article("a", ENGLISH))

    assert with_it.person == ("Ann Lee", "Joe Cole")
    languages.__path__.remove(str(second.folder.parent))
    languages.folders.cache_clear()
    try:
        assert enrich(Article("a", ENGLISH)) == with_it
    finally:
        languages.__path__.append(str(second.folder.parent))
        languages.folders.cache_clear()
