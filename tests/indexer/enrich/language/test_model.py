"""The compiled model says what the library says, and is stored once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier, visit_counts

from indexer.enrich.kernels import letters
from indexer.enrich.language import model
from tests import waiting

WORDS = st.sampled_from(
    ["The shares", "of the", "Der Rat", "beschloss", "ändern", "l'école", "ñandú", "правительство", "министр", "政府は",
     "する", "정부", "حكومة", "ministern", "sa", "RÉSUMÉ", "e\u0301", "\ud800", "\U0001f600", "12", "\n", "x" * 90]
)  # fmt: skip
unpacked = cache(model.unpacked)
TEXTS = st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=80))


@cache
def library() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@given(TEXTS)
def test_it_says_what_the_library_says(text: str) -> None:
    chances: Counter[str] = Counter()
    for code, chance in library().rank(text):
        chances[model.PARTS.get(code, code)] += chance

    guess = model.load().guess(text)

    assert guess.probability == pytest.approx(max(chances.values()), abs=0.001)
    assert guess.probability == pytest.approx(chances[guess.language], abs=0.001)
    assert guess.default == pytest.approx(chances["en"], abs=0.001)


@given(TEXTS)
def test_features_are_counted_as_plain_steps_count_them(text: str) -> None:
    plain = library()
    data = text.encode("utf-8", "surrogatepass")
    expected = visit_counts(plain.tk_nextmove, plain._rowbase, plain.tk_output, data) or Counter()

    found, counts = np.empty((2, len(data)), np.int32)
    size = letters.count(np.frombuffer(data, np.uint8), model.load().automaton, found, counts)

    assert dict(zip(found[:size].tolist(), counts[:size].tolist(), strict=True)) == expected
    assert found[:size].tolist() == list(expected)


@pytest.mark.check
def test_weights_are_those_of_the_library_to_the_last_digit() -> None:
    arrays = unpacked()
    assert np.array_equal(arrays["weights"] / arrays["unit"], library().nb_ptc.ravel().astype(np.float64))


def test_time_grows_as_length_does() -> None:
    def guessing(size: int) -> Callable[[], object]:
        text = "Der Rat beschloss, die Straße zu ändern. Le ministre a dit que l'école serait fermée. " * size
        return lambda: model.load().guess(text)

    assert waiting.grows_less(20, guessing, 1_000, 8_000)


@pytest.mark.check
def test_the_stored_model_is_that_of_the_library() -> None:
    stored = model.Model({name: array.copy() for name, array in unpacked().items()})
    text = "Der Rat beschloss, die Straße zu ändern."

    assert model.load().languages == stored.languages
    assert stored.guess(text) == model.load().guess(text)
    assert stored.guess(text).language == "de"
