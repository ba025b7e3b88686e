from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search.snippets import sentences
from tests import waiting
from tests.cases import cases
from tests.search.snippets import plain_passages

SIGNS = st.text('aB1.!?…。"”) \n\tMr', max_size=40) | st.sampled_from(["Mr. ", "J. ", "Oil. ", "x\n\n", "\n  "])


@cases(
    "text, expected",
    [
        ("", []),
        ("One two.", ["One two."]),
        ("One. Two! Three? Four… Five", ["One. ", "Two! ", "Three? ", "Four… ", "Five"]),
        ("He said “no.” She left.", ["He said “no.” ", "She left."]),
        ("Mr. Smith met J. Doe in Jan. He left.", ["Mr. Smith met J. Doe in Jan. He left."]),
        ("It rose 1.5 pct. to 3", ["It rose 1.5 pct. to 3"]),
        ("It rose. 3 fell", ["It rose. ", "3 fell"]),
        ("a\nb\n\nc", ["a\nb\n\n", "c"]),
        ("中。国", ["中。", "国"]),
    ],
)
def test_a_sentence_ends_before_a_space_and_a_capital(text: str, expected: list[str]) -> None:
    starts = [start for start, _ in sentences.starts(text)]

    assert [text[a:b] for a, b in pairwise([*starts, len(text)])] == expected


@given(st.lists(SIGNS, max_size=8).map("".join))
def test_sentences_are_those_of_the_regular_expressions(text: str) -> None:
    found = sentences.starts(text)
    ends = [*(start for start, _ in found[1:]), len(text)]
    ranges = [(start, end) for (start, _), end in zip(found, ends, strict=False) if text[start:end].strip()]
    trimmed = [(end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip())) for start, end in ranges]

    assert trimmed == list(plain_passages.sentences(text))
    assert not any(plain_passages.PARAGRAPH.search(text, start, end) for start, end in trimmed)
    for start, new in found[1:]:
        last = len(text[:start].rstrip())
        assert new == bool(plain_passages.PARAGRAPH.search(text, last, start))


def test_cutting_is_linear() -> None:
    def prepared(size: int) -> Callable[[], object]:
        text = "Mr. J. Smith said\nno. \n " * size
        return lambda: sentences.starts(text)

    assert waiting.grows_less(12, prepared, 2000, 16_000)
