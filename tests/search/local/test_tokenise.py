from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from search.local.tokenise import Tokeniser
from search.text import tokens

ODD = st.text("aZ09'’- _.\n\0éßŁ中ｱ한\u0301\u200d🚀²½ﬁŉ", max_size=40)


def words(texts: list[str]) -> list[list[str]]:
    """The words of texts, by number and back."""
    known: list[str] = []

    def number(word: str) -> tuple[int, int]:
        if word not in known:
            known.append(word)
        return known.index(word), known.index(word)

    tokenise = Tokeniser(number)
    return [[known[n] for n in tokenise(text)[1].tolist()] for text in texts]


@settings(deadline=None)
@given(st.lists(st.text(max_size=60) | ODD, max_size=6))
def test_words_are_those_of_the_one_definition(texts: list[str]) -> None:
    assert words(texts) == [[token.word for token in tokens(text)] for text in texts]


def test_many_different_words_are_told_apart() -> None:
    text = " ".join(f"w{n}" for n in range(30_000))

    assert words([text[:2000], text, text])[2] == text.split()


def test_a_run_of_many_words_is_cut() -> None:
    assert words(["中国" * 500]) == [["中", "国"] * 500]
