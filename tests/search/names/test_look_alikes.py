"""Names that may be one: which pairs are put before a person, and in what time."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

from search.names.look_alikes import Pair, look_alikes, words_of
from tests import waiting
from tests.cases import cases


def pairs(*names: str) -> list[tuple[str, str, str]]:
    """The pairs of names of which each has one article less than the one before."""
    counted = [(name, len(names) - number) for number, name in enumerate(names)]
    return [(pair.name, pair.other, pair.reason) for pair in look_alikes(counted)]


@cases(
    "name, other, reason",
    [
        ("Kim Jong Un", "Kim Jong-un", "spelling"), ("Sinéad O'Connor", "Sinead OConnor", "spelling"),
        ("Jeremy Corbyn", "Corbyn, Jeremy", "spelling"), ("Vladimir Putin", "Владимир Путин", "spelling"),
        ("Vladimir Zelenskiy", "Владимир Зеленський", "letter"), ("John Smith", "J. Smith", "initials"),
        ("John Smith", "J. P. Smith", "initials"), ("J. Smith", "John Smith", "initials"),
        ("Muqtada al-Sadr", "Moqtada al-Sadr", "letter"), ("Jeremy Corbyn", "Jeremey Corbyn", "letter"),
        ("Jeremy Corbyn", "Jermey Corbyn", "letter"),
    ],
)  # fmt: skip
def test_names_that_may_be_one_are_put_side_by_side(name: str, other: str, reason: str) -> None:
    assert pairs(name, other) == [(name, other, reason)]


@cases(
    "name, other",
    [("John Smith", "Jane Smith"), ("Bush", "Busch"), ("Al Gore", "Al Core"), ("J. Smith", "K. Smith"), ("Ann", "Bo")],
)
def test_names_that_are_merely_short_or_of_one_family_are_not(name: str, other: str) -> None:
    assert pairs(name, other) == []


@cases("name, other, reasons", [
    ("Joseph Biden", "Joe Biden", ["given"]), ("Mary Ann Lee", "Mary Lee", ["given"]), ("John Smith", "Jane Smith", []),
    ("Dick Cheney", "Cheney", ["surname"]), ("Cheney", "Dick Cheney", ["surname"]), ("J. Smith", "Smith", []),
    ("Kim Jong Un", "Kim Jong-un", ["spelling"]),
])  # fmt: skip
def test_people_may_be_one_by_what_their_given_names_stand_for_and_by_a_surname_alone(
    name: str, other: str, reasons: list[str]
) -> None:
    assert [pair.reason for pair in look_alikes([(name, 2), (other, 1)], people=True)] == reasons


@cases("name, other", [("Gladstone", "Gladstcne"), ("Kingsley Amis", "Kingslev Arnis"), ("Howard", "Hovvard")])
def test_a_rare_name_may_be_a_misread_one(name: str, other: str) -> None:
    assert [pair.reason for pair in look_alikes([(name, 11), (other, 2)], people=True)] == ["misread"]
    assert look_alikes([(name, 10), (other, 2)], people=True) == []


def test_a_name_is_put_beside_the_most_frequent_one_like_it() -> None:
    assert pairs("John Smith", "Jim Smith", "J. Smith") == [("John Smith", "J. Smith", "initials")]


def test_those_with_most_to_gain_come_first() -> None:
    found = look_alikes([("Ann Leeford", 9), ("Anne Leeford", 1), ("Bob Stone", 5), ("B. Stone", 3)])

    assert [(pair.other, pair.other_count) for pair in found] == [("B. Stone", 3), ("Anne Leeford", 1)]


def test_names_without_articles_and_without_letters_are_passed_over() -> None:
    assert look_alikes([("Ann Leeford", 2), ("Anne Leeford", 0), ("…", 3), ("", 1), ("!!", 1)]) == []


def test_the_order_of_the_names_does_not_matter() -> None:
    names = [("Kim Jong Un", 3), ("Kim Jong-un", 3), ("Kim, Jong Un", 1), ("K. Un", 1)]
    expected = look_alikes(names)

    assert expected[0] == Pair("Kim Jong Un", 3, "Kim Jong-un", 3, "spelling")
    for seed in range(5):
        shuffled = random.Random(seed).sample(names, len(names))
        assert look_alikes(shuffled) == expected


def test_words_are_latin_where_they_can_be() -> None:
    assert words_of("Γιώργος Παπανδρέου") == ("giorgos", "papandreoy")
    assert words_of("习近平") == ("习近平",)


def test_time_is_linear_in_the_names_also_if_all_are_alike() -> None:
    def invented(count: int) -> Callable[[], object]:
        chance = random.Random(count)
        letters = string.ascii_lowercase[:6]
        names = [
            ("".join(chance.choices(letters, k=9)) + " " + "".join(chance.choices(letters, k=3)), 1)
            for _ in range(count)
        ]
        return lambda: look_alikes(names)

    def alike(count: int) -> Callable[[], object]:
        chance = random.Random(count)
        flips = ([chance.choice((c.lower(), c.upper())) for c in "John Paul Smithson"] for _ in range(count))
        names = [(name, 1) for name in {"".join(flip) for flip in flips}]
        return lambda: look_alikes(names)

    for make in (invented, alike):
        assert waiting.grows_less(8, make, 500, 2_000)
