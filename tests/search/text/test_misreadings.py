from __future__ import annotations

from search.text.misreadings import LONG, PAIRS, misreadings
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
