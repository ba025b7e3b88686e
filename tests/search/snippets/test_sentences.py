from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.snippets import points, sentences, signs
from search.snippets.kernels import passages as kernels
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


@cases("language, expected", [
    ("de", ["Er kam am 3. März.", "„Gut“, sagte Hr. Weber z. B. „Ja.“", "Dann ging er."]),
    ("de", ["Im Jahr 1989.", "»Nein.«", "»Doch.«", "‚Gut.‘", "Ende."]),
    ("fr", ["« Oui. »", "Puis M. Dupont et MM. Roux sont venus.", "« Non ! » dit-il.", "Fin."]),
    ("fr", ["Vu le 3 févr. À midi.", "Vers 2 km. à pied.", "— Oui."]),
    ("es", ["La Sra. Ruiz dijo que no.", "¿Por qué?", "—Ya veremos.", "«Sí.»", "Fin."]),
    ("pt", ["O Sr. Silva e a dra. Lima vieram.", "– Sim."]),
    ("nl", ["De heer mr. Bos en mevr. Vos kwamen.", "‘Ja.’", "Klaar."]),
    ("it", ["Il dott. Rossi e l’on. Bo.", "«No.»", "È tardi."]),
    ("ru", ["Он сказал что-то, т. е. да.", "«Нет.»", "Да."]),
    ("fi", ["Hän tuli 3 km. älä.", "”Joo.”", "Loppu."]),
    ("en", ["Mr. Day came. «Yes.» ¿Why?", "No. 3 it is."]),
])  # fmt: skip
def test_what_is_shown_is_cut_by_the_signs_of_its_language(language: str, expected: list[str]) -> None:
    for space in (" ", "\n"):
        text = space.join(expected)
        assert [text[start:end].strip() for start, end in pairwise([0, *shown_ends(text, language)])] == expected


def shown_ends(text: str, language: str) -> list[int]:
    """The end of each sentence by the signs of a language."""
    room, none = len(text) + 1, np.zeros(1, np.uint8)
    ends, breaks, counts = np.empty(room, np.int64), np.empty(room, np.uint8), np.empty(1, np.int64)
    count = kernels.cut(*points.joined((text,)), points.kinds(), none, signs.of(language), ends, breaks, counts)
    found: list[int] = ends[:count].tolist()
    return found


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

    def shown(size: int) -> Callable[[], object]:
        text = "M. J. Dupont dit\nnon.  \xa0 — \xa0 «.\xa0 » " * size
        return lambda: shown_ends(text, "fr")

    assert waiting.grows_less(12, prepared, 2000, 16_000)
    assert waiting.grows_less(12, shown, 2000, 16_000)
