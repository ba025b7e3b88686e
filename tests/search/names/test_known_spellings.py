"""A person's name is known as several languages write it, and no other person's is taken for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from search.names.agreement import parts
from search.names.company import Articles
from search.names.known_spellings import usual
from search.names.spellings import People
from search.text.tokens import fold

GOLD = Path(__file__).resolve().parents[2] / "gold" / "languages" / "spellings.tsv"


def groups(*names: str) -> list[int]:
    """Names that are in articles without companions."""
    people = People()
    people.add(map(fold, names))
    counts = np.array(range(len(names), 0, -1), np.int64)
    company = Articles((None, [number]) for number in range(len(names)))
    return list(map(int, people.groups(counts, names, np.zeros(len(names), np.bool_), company)))


def test_a_person_in_three_languages_is_one_value_under_the_most_frequent_spelling() -> None:
    assert groups("Wladimir Putin", "Vladimir Poutine", "Vladimir Poetin", "Vladimir Potanin") == [0, 0, 0, 3]


def test_a_surname_is_known_as_several_languages_write_it() -> None:
    assert groups("Poutine", "Putin", "Jelzin") == [0, 0, 2]


def test_surnames_of_different_people_are_not_spellings_of_one() -> None:
    assert groups("Hussein", "Hussain", "Chan", "Khan", "Saleh", "Salih") == [0, 1, 2, 3, 4, 5]


def test_an_unknown_person_is_not_one_of_two_languages() -> None:
    assert groups("Wladimir Schmidt", "Vladimir Schmidt", "Mikhaïl Dupont", "Michail Dupont") == [0, 1, 2, 3]


def test_a_name_of_one_word_that_is_none_of_the_table_stays() -> None:
    assert [usual(key) for key in ("", "smith", "john smith", "al")] == ["", "smith", "john smith", "al"]


def test_no_two_persons_of_the_gold_are_one_and_most_spellings_are_known() -> None:
    rows = [line.split("\t") for line in GOLD.read_text(encoding="utf-8").splitlines() if line[0] != "#"][1:]
    found = [(same, parts(usual(fold(one))).tight == parts(usual(fold(other))).tight) for one, other, same in rows]
    assert [row for row, (same, joined) in zip(rows, found, strict=True) if joined and same == "0"] == []
    assert sum(joined for _, joined in found) >= 0.84 * sum(same != "0" for same, _ in found)
