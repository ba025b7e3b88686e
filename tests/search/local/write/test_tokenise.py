from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from search.local.write.tokenise import Stream, Tokeniser
from search.text import tokens

ODD = st.text("aZ09'’- _.\n\0éßŁ中ｱ한\u0301\u200d🚀²½ﬁŉ", max_size=40)


def words(texts: list[str]) -> list[list[str]]:
    """The words of texts, by number and back."""
    known: list[str] = []

    numbers: dict[str, int] = {}

    def number(words: Sequence[str]) -> list[int]:
        for word in words:
            if word not in numbers:
                known.append(word)
            numbers.setdefault(word, len(numbers))
        return [numbers[word] for word in words]

    tokenise, stream = Tokeniser(number), Stream()
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    sizes = [*tokenise(encoded[:2], stream).tolist(), *tokenise(encoded[2:], stream).tolist()]
    found = [known[n] for n in stream.data[: stream.size].tolist()]
    return [found[sum(sizes[:at]) : sum(sizes[: at + 1])] for at in range(len(sizes))]


@settings(deadline=None)
@given(st.lists(st.text(max_size=60) | ODD, max_size=6))
def test_words_are_those_of_the_one_definition(texts: list[str]) -> None:
    assert words(texts) == [[token.word for token in tokens(text)] for text in texts]


def test_many_different_words_are_told_apart() -> None:
    text = " ".join(f"w{n}" for n in range(30_000))

    assert words([text[:2000], text, text])[2] == text.split()


def test_a_run_of_many_words_is_cut() -> None:
    assert words(["中国" * 500]) == [["中", "国"] * 500]
