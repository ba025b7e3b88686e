from __future__ import annotations

from search.text.misreadings import LONG, MAX_FORMS, PAIRS, forms, misreadings
from tests.cases import cases


@cases("word, read, places", [
    ("modern", "modern", 0),
    ("modern", "modem", 1),
    ("modem", "modern", 1),
    ("modern", "rnodem", 2),
    ("said", "faid", 1),
    ("harbour", "liarbonr", 2),
    ("harbour", "liarbonn", None),  # three places
    ("harbour", "habour", None),
    ("oil", "0i1", None),  # of a short word one place
    ("newspaper", "news paper", 1),
    ("newspaper", "n ewspaper", None),
    ("government", "thegovernment", 1),
    ("government", "governmentof", 1),
    ("coal", "thecoal", None),
    ("m" * (LONG + 1), "rn" + "m" * LONG, 1),
    ("m" * (LONG + 1), "rnrn" + "m" * (LONG - 1), None),
])  # fmt: skip
def test_misreadings_are_counted_by_their_places(word: str, read: str, places: int | None) -> None:
    assert misreadings(word).get(read) == places


def test_a_word_is_a_misreading_of_its_own() -> None:
    for one, other in PAIRS:
        word, read = f"{one}esau", f"{other}esau"
        assert misreadings(read)[word] == misreadings(word)[read] == 1


def test_a_very_long_word_is_not_misread() -> None:
    assert misreadings("m" * 1_000_000) == {"m" * 1_000_000: 0}
    assert max(len(misreadings("rnli" * 10)), len(misreadings("iill" * 4))) < 4_000


@cases("having, taken, own", [
    ({}, [], []),
    ({"harbonr": 9}, ["harbonr"], []),  # the word itself is nowhere
    ({"harbour": 10, "harbonr": 2}, ["harbonr"], []),
    ({"harbour": 10, "harbonr": 3}, [], ["harbonr"]),
    ({"harbour": 1, "harbonr": 1}, ["harbonr"], []),  # one article tells nothing
    ({"harbour": 10, "har": 9, "bour": 8, "arbour": 8}, ["har bour"], []),
    ({"harbour": 10, "liarbonr": 2, "harbonr": 1, "harboui": 1, "barbour": 9}, ["harbonr", "liarbonr"], ["barbour"]),
])  # fmt: skip
def test_words_of_their_own_are_not_taken_for_misread(having: dict[str, int], taken: list[str], own: list[str]) -> None:
    assert forms("harbour", having) == (["harbour", *taken], own)


def test_the_number_of_forms_is_limited() -> None:
    assert len(forms("harbour", dict.fromkeys(misreadings("harbour"), 1)).taken) == MAX_FORMS
    assert len(forms("harbour", dict.fromkeys(misreadings("harbour"), 9)).own) == MAX_FORMS - 1
