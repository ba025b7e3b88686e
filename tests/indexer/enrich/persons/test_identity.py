"""Mentions of persons in one article become one canonical name each."""

import subprocess
import sys
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from indexer import languages
from indexer.enrich.persons.identity import _likeness, _same, resolve
from indexer.enrich.persons.names import Name, parse
from tests.cases import cases

ENGLISH = languages.default()


def canonical(*mentions: str) -> list[str]:
    """The canonical name of each mention; what stands before a stroke is the title before the name."""
    parts = [mention.rpartition("/") for mention in mentions]
    return resolve([parse(name, ENGLISH, before) for before, _, name in parts])


@cases("written, name", [
    ("President Joe Biden", "Joe Biden"),
    ("Sir Keir Starmer", "Keir Starmer"),
    ("Dr. Angela Merkel", "Angela Merkel"),
    ("former Prime Minister Margaret Thatcher", "Margaret Thatcher"),
    ("Lt. Col. Oliver North", "Oliver North"),
    ("Pope John Paul II", "John Paul II"),
    ("Queen Elizabeth II", "Elizabeth II"),
    ("Martin Luther King Jr.", "Martin Luther King Jr."),
    ("Angela Merkel's", "Angela Merkel"),
    ("Angela Merkel’s", "Angela Merkel"),
    ("Dean Smith", "Dean Smith"),
    ("Prince Harry", "Prince Harry"),
    ("Mother Teresa", "Mother Teresa"),
    ("Pope Benedict", "Benedict"),
    ("King Hussein", "Hussein"),
])  # fmt: skip
def test_titles_and_possessives_go_numerals_stay(written: str, name: str) -> None:
    assert canonical(written) == [name]


@cases("full, short", [
    ("Angela Merkel", "Merkel"), ("Angela Merkel", "Mrs/Merkel"), ("Charles de Gaulle", "de Gaulle"),
    ("Charles de Gaulle", "Gaulle"), ("Mohammed bin Salman", "bin Salman"),
    ("Alexander van der Bellen", "van der Bellen"), ("Aung San Suu Kyi", "Suu Kyi"), ("Bashar al-Assad", "Assad"),
    ("John F. Kennedy", "John Kennedy"), ("John F. Kennedy", "J. F. Kennedy"), ("John F. Kennedy", "J.F. Kennedy"),
    ("Kim Jong Un", "Kim Jong-un"), ("Deng Xiaoping", "Deng"), ("Park Geun-hye", "Park"),
    ("François Mitterrand", "Francois Mitterrand"), ("François Mitterrand", "Mitterrand"),
    ("Elizabeth II", "Queen/Elizabeth"), ("Boris Johnson", "Boris"), ("Al Pacino", "Pacino"),
    ("Mario Vargas Llosa", "Vargas"),
])  # fmt: skip
def test_short_forms_join_the_full_name(full: str, short: str) -> None:
    assert canonical(full, short) == [full, full]
    assert canonical(short, full) == [full, full]


@cases("mentions, names", [
    # two Bakers stay two, and a bare one is the last
    (["James Baker", "Howard Baker", "Baker"], ["James Baker", "Howard Baker", "Howard Baker"]),
    (["Howard Baker", "James Baker", "Mr/Baker"], ["Howard Baker", "James Baker", "James Baker"]),
    # middle initials tell presidents apart
    (["George W. Bush", "George H. W. Bush"], ["George W. Bush", "George H. W. Bush"]),
    # nicknames do not join other surnames, and Mrs is the wife
    (["William Hague", "Bill Gates"], ["William Hague", "Bill Gates"]),
    (["Hillary Clinton", "Bill Clinton", "Mrs/Clinton"], ["Hillary Clinton", "Bill Clinton", "Hillary Clinton"]),
    # a lone surname stays as it is, and the fullest spelling wins
    (["Thatcher", "Mrs/Thatcher"], ["Thatcher", "Thatcher"]),
    (["Obama", "Barack Obama", "Barack Hussein Obama"], ["Barack Hussein Obama"] * 3),
    # capitals are no spelling, and two spellings of a full name are one person
    (["MERKEL"], ["Merkel"]),
    (["Frederick Forsyth", "Frederic Forsythe", "Forsythe", "Forsyth"], ["Frederick Forsyth"] * 4),
    # names that are alike are not one
    (["Robert Wilson", "Roberta Wilson"], ["Robert Wilson", "Roberta Wilson"]),
    (["Daniel Craig", "Danielle Craig"], ["Daniel Craig", "Danielle Craig"]),
    (["Carlo Rossini", "Carla Rossini"], ["Carlo Rossini", "Carla Rossini"]),
    (["Ronald Koeman", "Erwin Koeman"], ["Ronald Koeman", "Erwin Koeman"]),
    (["Martin Carter", "Marvin Carter"], ["Martin Carter", "Marvin Carter"]),
])  # fmt: skip
def test_each_person_of_an_article_has_one_name(mentions: list[str], names: list[str]) -> None:
    assert canonical(*mentions) == names


def test_father_and_son_stay_apart() -> None:
    assert len(set(canonical("Robert Downey Sr.", "Robert Downey Jr."))) == 2


def test_a_nickname_joins_the_given_name() -> None:
    assert len(set(canonical("William Clinton", "Bill Clinton", "Bill Clinton"))) == 1


def test_nobody_is_merged_by_chance_in_a_long_list_of_namesakes() -> None:
    names = [parse(f"John {chr(97 + at // 26)}{chr(97 + at % 26)}bert Smith".title(), ENGLISH) for at in range(200)]
    found = resolve([*names, *names])

    assert found[:200] == found[200:]
    assert len(set(found)) == 200


def test_the_same_names_are_resolved_alike_in_every_process(amount: Callable[..., int]) -> None:
    script = (
        "from indexer.enrich.persons.identity import resolve; from indexer.enrich.persons.names import parse;"
        "from indexer import languages;"
        "print(resolve([parse(n, languages.default()) for n in"
        " ('John Smith', 'James Smith', 'Jane Smith', 'J. Smith', 'Smith')]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": f"{seed}"}, capture_output=True, check=True
        ).stdout
        for seed in range(1, 1 + amount(3, few=2))
    }

    assert len(said) == 1


def respelt(word: str) -> set[str]:
    """A word with a vowel in it added, changed or left out, which sounds alike."""
    vowels = [at for at in range(1, len(word) - 1) if word[at] in "aei"]
    added = {word[:at] + vowel + word[at:] for at in range(1, len(word)) for vowel in "ae"}
    changed = {word[:at] + vowel + word[at + 1 :] for at in vowels for vowel in "ae"} - {word}
    return added | changed | {word[:at] + word[at + 1 :] for at in vowels}


@cases("names", ["{} Colson", "Thomas {}"])
def test_a_letter_is_another_spelling_and_two_are_another_name(names: str) -> None:
    name, once = names.format("Meredith"), respelt("Meredith")
    twice = {word for other in once for word in respelt(other)} - once - {"Meredith"}

    assert (len(once), len(twice)) == (19, 165)
    assert {word for word in once | twice if len(set(canonical(name, names.format(word)))) == 1} == once


WORDS = st.sampled_from(
    ["Jon", "John", "J.", "JB", "Jean-Paul", "Paul", "Robert", "Bob", "Frederic", "Frederick", "Forsyth", "Forsythe",
     "van", "der", "Berg", "Vandenberg", "Berg-Smith", "Smith", "Xi", "Jinping", "Jr.", "III", "Al-Assad", "É"]
)  # fmt: skip
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: parse(" ".join(words), ENGLISH))


@given(NAMES, NAMES)
def test_names_that_may_be_one_persons_are_alike(one: Name, other: Name) -> None:
    if _same(one, other):
        assert {*_likeness(one.keys)} & {*_likeness(other.keys)}


def test_a_hyphen_between_two_surnames_makes_no_second_person() -> None:
    assert canonical("Jorge Angulo Valdes", "Angulo-Valdes") == ["Jorge Angulo Valdes"] * 2
