from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.local.write.tokenise import Stream, Tokeniser
from search.text.tokens import tokens
from tests.tiers import examples

ODD = st.text("aZ09'’- _.\n\0éßŁ中ｱ한\u0301\u200d🚀²½ﬁŉ", max_size=40)


def words(texts: list[str]) -> list[list[str]]:
    """The words of texts, by number and back."""
    known: list[str] = []

    numbers: dict[str, int] = {}

    def number(words: Sequence[str]) -> NDArray[np.uint32]:
        for word in words:
            if word not in numbers:
                known.append(word)
            numbers.setdefault(word, len(numbers))
        return np.array([numbers[word] for word in words], np.uint32)

    tokenise, stream = Tokeniser(number), Stream()
    sizes = [size for some in (texts[:2], texts[2:]) for size in tokenise(*encoded(some), stream).tolist()]
    found = [known[n] for n in stream.data[: stream.size].tolist()]
    return [found[sum(sizes[:at]) : sum(sizes[: at + 1])] for at in range(len(sizes))]


def encoded(texts: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Texts one after the other, and the end of each."""
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    return np.frombuffer(b"".join(parts), np.uint8), np.cumsum([len(part) for part in parts], dtype=np.int64)


@examples(100, few=30)
@example([("00", 1, 1)])
@given(st.lists(st.tuples(st.text(max_size=60) | ODD, st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6))
def test_words_among_bytes_are_those_that_overlap_them(found: list[tuple[str, int, int]]) -> None:
    texts = [text for text, _, _ in found]
    tokenise = Tokeniser(lambda words: np.arange(len(words), dtype=np.uint32))
    data, ends = encoded(texts)
    tokenise(data, ends, Stream())
    starts = [int(end) - len(text.encode("utf-8", "surrogatepass")) for text, end in zip(texts, ends, strict=True)]
    begins, stops, expected, before = [], [], [], 0
    for (text, one, other), start in zip(found, starts, strict=True):
        first, last = sorted((min(one, len(text)), min(other, len(text))))
        begins.append(start + len(text[:first].encode("utf-8", "surrogatepass")))
        stops.append(start + len(text[:last].encode("utf-8", "surrogatepass")))
        each = list(tokens(text))
        inside = (
            [at for at, token in enumerate(each) if token.start < last and token.end > first] if first < last else []
        )
        expected.append([before + at for at in inside])
        before += len(each)

    firsts, lasts = tokenise.among(data, np.array(begins), np.array(stops))

    assert [list(range(a, b)) for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)] == expected


@examples(100, few=30)
@given(st.lists(st.text(max_size=60) | ODD, max_size=6))
def test_words_are_those_of_the_one_definition(texts: list[str]) -> None:
    assert words(texts) == [[token.word for token in tokens(text)] for text in texts]


def test_many_different_words_are_told_apart() -> None:
    text = " ".join(f"w{n}" for n in range(30_000))

    assert words([text[:2000], text, text])[2] == text.split()


def test_a_run_of_many_words_is_cut() -> None:
    assert words(["中国" * 500]) == [["中", "国"] * 500]
