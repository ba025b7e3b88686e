"""What is said next to a name."""

from __future__ import annotations

from collections.abc import Callable

from search.measures.epithets import Mention, epithets
from tests.cases import cases
from tests.waiting import grows_less

NAME = "Ada Miller"


def mentions(*sentences: str) -> list[list[Mention]]:
    """A text for each sentence, with the mention of the name in it."""
    return [[(text, text.index(NAME), text.index(NAME) + len(NAME))] for text in sentences]


@cases(
    "sentence, found",
    [
        (f"the visit of Foreign Minister {NAME} ended", ["Foreign Minister"]),
        (f"as Secretary of State {NAME} said", ["Secretary of State"]),
        (f"Then {NAME}, the opposition leader, left.", ["opposition leader"]),
        (f"{NAME}, die Vorsitzende der Partei, ging.", ["Vorsitzende der Partei"]),
        (f"Hier, la ministre de l'Intérieur {NAME} a parlé", ["ministre de l'Intérieur"]),
        (f"avec l'ancienne juge {NAME} hier", ["ancienne juge"]),
        (f"declaraciones del presidente {NAME} ayer", ["presidente"]),
        (f"disse a antiga ministra, do partido da atriz {NAME}", ["atriz"]),
        (f"sagte die frühere Ministerin {NAME} am Montag", ["frühere Ministerin"]),
        (f"gisteren sprak de vroegere minister {NAME} over de staking", ["vroegere minister"]),
        (f"ayer el jefe de gobierno {NAME} habló", ["jefe de gobierno"]),
        (f"ieri l'ex ministro {NAME} ha parlato", ["ex ministro"]),
        (f"le lundi {NAME} part de la part de {NAME}", []),
        (f"On Monday {NAME} left.", []),
        (f"In March {NAME} left.", []),
        (f"Mr {NAME} left.", []),
        (f"It ended. President, {NAME} said", []),
        (f"said {NAME}, who left, again", []),
        (f"{NAME}, leaving, left", []),
    ],
)
def test_titles_and_appositions_are_read(sentence: str, found: list[str]) -> None:
    assert epithets(mentions(sentence, sentence), 5)[:1] == found


def test_what_one_text_says_is_no_epithet() -> None:
    assert epithets(mentions(f"Chief Judge {NAME} left"), 5) == []


def test_the_longer_epithet_replaces_its_part() -> None:
    found = epithets(mentions(*[f"by Foreign Minister {NAME} today"] * 3, f"by Minister {NAME} today"), 5)

    assert found == ["Foreign Minister"]


def test_a_part_that_stands_alone_more_often_is_listed_too() -> None:
    found = epithets(mentions(*[f"by Foreign Minister {NAME}"] * 2, *[f"by Minister {NAME}"] * 4), 5)

    assert found == ["Minister", "Foreign Minister"]


def test_the_most_frequent_are_listed_first_and_no_more_than_wanted() -> None:
    said = mentions(*[f"by Judge {NAME}"] * 2, *[f"by Minister {NAME}"] * 3, *[f"by Captain {NAME}"] * 4)

    assert epithets(said, 2) == ["Captain", "Minister"]


@cases("filler", ["Word ", "a-", "x. ", ",", "the "])
def test_reading_a_mention_does_not_depend_on_the_length_of_the_text(filler: str) -> None:
    def prepared(size: int) -> Callable[[], object]:
        found = mentions(filler * size + f" President {NAME}, " + filler * size) * 200
        return lambda: epithets(found, 5)

    assert grows_less(3, prepared, 100, 10_000)
