from __future__ import annotations

from indexer.readers.scans.page import Word, text_of
from tests.cases import cases


def word(text: str, block: int = 1, line: int = 1, whole: str = "", part: int = 0) -> Word:
    return Word(text, whole, part, line, block, False)


PARTED = [word("re-", 1, 1, "rebuild", 1), word("build", 1, 2, "rebuild", 2)]


@cases("stretches, text", [
    ([[word("the"), word("bridge")]], "the bridge"),
    ([[word("the"), word(""), word("bridge")]], "the bridge"),
    ([[word("the", 1), word("bridge", 2)]], "the\n\nbridge"),
    ([[word("the")], [word("bridge")]], "the\n\nbridge"),
    ([[word("to"), *PARTED, word("the"), word("bridge")]], "to rebuild the bridge"),
    ([PARTED[:1], [*PARTED[1:], word("the")]], "rebuild\n\nthe"),
    ([[PARTED[0], word("the")]], "rebuild the"),
    ([[PARTED[0], word("build", 1, 2, "build", 2), word("the")]], "rebuild build the"),
])  # fmt: skip
def test_words_become_paragraphs_and_parted_ones_whole(stretches: list[list[Word]], text: str) -> None:
    assert text_of(stretches) == text
