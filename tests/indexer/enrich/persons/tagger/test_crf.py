"""The tagger: its compiled loop against every labelling there is, and its sums against features written out."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.enrich.kernels import decoding
from indexer.enrich.persons.tagger import crf, word_features
from indexer.enrich.persons.tagger.sentences import sentences
from indexer.enrich.shared import words

WORDS = st.sampled_from(
    ["The", "the", "OIL", "of", "President", "Biden", "Xi", "Mr", "McNeil", "al-Amin", "Élan", "ß", "J.", "U.S.", "9.5",
     "Inc", "O’Neill", "’s", ".", '"', "|", "-", "MISSING-IT", "ǅ", "Ⓐ", "General", "said", "running", "e\u0301", "字"]
) | st.text("aAzZéÉ-.'1|", min_size=1, max_size=7)  # fmt: skip
MODEL = crf.load()
PIECES, JOINS = crf._Pieces(MODEL), crf._Joins(MODEL)
TEXT = (
    "President Joe Biden met Xi Jinping in Bali, Indonesia, on Monday. Mr Biden said the talks were open. "
    "The General Motors Corp. of Detroit said so too."
)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_loop_finds_the_best_of_all_labellings_and_their_probabilities(size: int) -> None:
    chance = np.random.default_rng(size)
    kinds = decoding.LABELS
    contributed = chance.normal(size=(size, 5, kinds)).astype(np.float32)
    ends_and_marks = chance.normal(size=(6, kinds)).astype(np.float32)
    steps = chance.normal(size=(kinds, kinds))
    joined = np.zeros((1, kinds), np.float32)
    numbers, marks = np.arange(size, dtype=np.int32), chance.integers(0, 16, size).astype(np.uint8)
    labels, sure = np.zeros(size, np.int8), np.zeros(size)
    ends = np.array([size], np.int32)
    decoding.decode(ends, numbers, numbers * 0, marks, contributed, joined, ends_and_marks, steps, labels, sure)

    def score(labelling: tuple[int, ...]) -> float:
        total = sum(steps[a, b] for a, b in pairwise(labelling))
        for at, label in enumerate(labelling):
            total += contributed[at, decoding.OWN, label]
            total += ends_and_marks[0, label] if at == 0 else contributed[at - 1, decoding.BEFORE, label]
            total += contributed[at - 2, decoding.SECOND_BEFORE, label] if at > 1 else 0
            total += ends_and_marks[1, label] if at == size - 1 else contributed[at + 1, decoding.AFTER, label]
            total += contributed[at + 2, decoding.SECOND_AFTER, label] if at < size - 2 else 0
            total += sum(ends_and_marks[2 + bit, label] for bit in range(4) if marks[at] >> bit & 1)
        return float(total)

    scores = {labelling: score(labelling) for labelling in product(range(kinds), repeat=size)}
    best = max(scores, key=lambda labelling: scores[labelling])
    whole = sum(np.exp(value) for value in scores.values())

    assert tuple(labels) == best
    if any(best):
        for at, label in enumerate(best):
            share = sum(np.exp(value) for labelling, value in scores.items() if labelling[at] == label) / whole
            assert sure[at] == pytest.approx(share, rel=1e-5)


def test_what_is_added_up_is_what_training_was_shown() -> None:
    text = sentences(TEXT)
    around = word_features.context(text)
    tagger = crf.tagger()
    tagged = tagger.tag(text, around)
    for number, sentence in enumerate(text):
        written = MODEL.sums(word_features.features(sentence, around))
        best = _best(np.array(written, np.float64), MODEL.steps)
        spans = [span for span in tagged if span.sentence == number]
        names = {at for span in spans for at in range(span.first, span.last)}

        assert names == {at for at, label in enumerate(best) if label}


@given(WORDS)
def test_a_word_contributes_its_features(word: str) -> None:
    kind, pieces = word_features.described(word)
    after, before, second_after, second_before = word_features.beside(word)
    sides = [word_features.own(word), after, before, (second_after,), (second_before,)]

    assert kind == word_features.kind(word)
    assert PIECES.sums([pieces])[0].tolist() == MODEL.sums(sides).tolist()


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_capitalised_words_are_joined_to_their_neighbours(some: list[str]) -> None:
    kinds = ["^", *map(word_features.kind, some), "$"]
    capitals = [at for at, word in enumerate(some) if word[0].isupper()]
    table = words.Table()
    numbers = table.numbers(some)
    bits, _, small = words.LOOKS.of(table, numbers)
    numbered = np.zeros(len(bits), np.uint16)
    numbered[numbers] = [JOINS.kinds.get(kind, decoding.OTHER) for kind in kinds[1:-1]]
    marks, places = np.zeros(len(some), np.uint8), np.zeros(len(some), np.int32)
    joined = np.zeros((1 + len(capitals), decoding.LABELS), np.float32)
    ends, used = np.array([len(some)], np.int32), np.zeros(0, np.uint8)
    decoding.join(numbers, ends, bits, small, numbered, used, JOINS.keys, JOINS.weights, marks, places, joined)

    assert np.flatnonzero(places).tolist() == capitals
    for at in capitals:
        assert joined[places[at]].tolist() == MODEL.sums([word_features.joined(*kinds[at : at + 3])])[0].tolist()


def test_a_sign_between_kinds_can_be_one() -> None:
    assert set(crf._kinds("3c=||X||")) == {("|", "X", "|")}
    assert set(crf._kinds("-c=||X")) == {("|", "X", "")}
    assert set(crf._kinds("+c=X||")) == {("", "X", "|")}


def _best(scores: np.ndarray, steps: np.ndarray) -> list[int]:
    """The likeliest labels, by Viterbi in plain steps."""
    best, came = scores[0], []
    for score in scores[1:]:
        through = best[:, None] + steps
        came.append(through.argmax(axis=0))
        best = through.max(axis=0) + score
    labels = [int(best.argmax())]
    for back in reversed(came):
        labels.append(int(back[labels[-1]]))
    return labels[::-1]


def test_it_says_the_same_with_a_new_table(monkeypatch: pytest.MonkeyPatch) -> None:
    text = sentences(TEXT)
    around = word_features.context(text)
    fresh = crf.Tagger(MODEL)
    first = fresh.tag(text, around)
    monkeypatch.setattr(words, "MOST", 2)
    again = sentences(TEXT)

    assert first
    assert fresh.tag(again, word_features.context(again)) == first
    assert fresh.tag(again, around) == first
    assert fresh.tag(text, around) == first


def test_nothing_is_found_in_nothing() -> None:
    assert crf.tagger().tag([], word_features.context([])) == []
