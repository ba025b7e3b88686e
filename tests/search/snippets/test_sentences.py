from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.local.format.steps import STEPS
from search.opensearch.mapping import CHANGES
from search.snippets import points, sentences, signs
from tests import waiting
from tests.cases import cases
from tests.search.snippets import plain_passages
from tests.search.strategies import LANGUAGES

CUT_OTHERWISE = "knows where sentences end in languages other than English (/s)"
SIGNS = st.text('aBé1.!?…。"”)«» \xa0\n\tMr', max_size=40) | st.sampled_from(
    ["Mr. ", "J. ", "Oil. ", "x\n\n", "\n  ", "17. ", "Sra. ", "bzw. ", ". — ", ". ¿", " »\n"]
)


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
    assert cut(text, "en") == cut(text, None) == expected


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
def test_a_sentence_ends_as_its_language_does(language: str, expected: list[str]) -> None:
    for space in (" ", "\n"):
        assert [one.strip() for one in cut(space.join(expected), language)] == expected


def cut(text: str, language: str | None) -> list[str]:
    """The sentences of a text."""
    begun = [start for start, _ in sentences.starts(text, language)]
    return [text[start:end] for start, end in pairwise([*begun, len(text)])]


@given(st.lists(st.tuples(st.lists(SIGNS, max_size=4).map("".join), LANGUAGES, st.booleans()), max_size=5))
def test_texts_in_several_languages_are_cut_as_each_is(drawn: list[tuple[str, str | None, bool]]) -> None:
    texts, languages, whole = zip(*drawn, strict=True) if drawn else ((), (), ())
    ends, breaks, counts = sentences.cut(points.joined(texts), np.array(whole, np.uint8), languages)
    begun = 0
    expected: list[tuple[int, bool]] = []
    for text, language, one in drawn:
        starts = sentences.starts(text, language)[: 1 if one else None] or [(0, True)]
        each = [start for start, _ in starts[1:]] + [len(text)]
        expected += [(begun + end, new) for end, (_, new) in zip(each, starts, strict=True)]
        begun += len(text)
        assert counts[0] == len(expected)
        counts = counts[1:]
    assert list(zip(ends.tolist(), breaks.astype(bool).tolist(), strict=True)) == expected


@given(st.lists(SIGNS, max_size=8).map("".join), LANGUAGES)
def test_sentences_are_those_of_the_regular_expressions(text: str, language: str | None) -> None:
    found = sentences.starts(text, language)
    ends = [*(start for start, _ in found[1:]), len(text)]
    ranges = [(start, end) for (start, _), end in zip(found, ends, strict=False) if text[start:end].strip()]
    trimmed = [(end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip())) for start, end in ranges]

    assert trimmed == list(plain_passages.sentences(text, language))
    assert not any(plain_passages.PARAGRAPH.search(text, start, end) for start, end in trimmed)
    for start, new in found[1:]:
        last = len(text[:start].rstrip())
        assert new == bool(plain_passages.PARAGRAPH.search(text, last, start))


def test_cutting_is_linear() -> None:
    def prepared(size: int) -> Callable[[], object]:
        text = "Mr. J. Smith said\nno. \n " * size
        return lambda: sentences.starts(text, "en")

    def french(size: int) -> Callable[[], object]:
        text = "M. J. Dupont dit\nnon.  \xa0 — \xa0 «.\xa0 » " * size
        return lambda: sentences.starts(text, "fr")

    assert waiting.grows_less(12, prepared, 2000, 16_000)
    assert waiting.grows_less(12, french, 2000, 16_000)


def test_other_signs_are_of_another_format() -> None:
    every = [array.tobytes() for language in ("en", "", *signs.OTHERS) for array in signs.of(language)]

    written = hashlib.sha256(b"|".join(every)).hexdigest()[:16]

    # an index has the beginnings of sentences: what is new here is a new line in `STEPS` and in `CHANGES`, too
    assert (STEPS[19].change, CHANGES[15], written) == (CUT_OTHERWISE, CUT_OTHERWISE, "bfae2792c3fe3604")
