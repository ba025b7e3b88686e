"""The tagger: its compiled loop against every labelling there is, and its sums against features written out."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from indexer.enrich.kernels import decoding
from indexer.enrich.persons.tagger import crf, word_features
from indexer.enrich.persons.tagger.sentences import sentences
from indexer.enrich.shared import words

TEXT = (
    "President Joe Biden met Xi Jinping in Bali, Indonesia, on Monday. Mr Biden said the talks were open. "
    "The General Motors Corp. of Detroit said so too."
)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_the_loop_finds_the_best_of_all_labellings_and_their_probabilities(size: int) -> None:
    chance = np.random.default_rng(size)
    kinds = 3
    given = chance.normal(size=(size, 5, kinds)).astype(np.float32)
    ends_and_marks = chance.normal(size=(6, kinds)).astype(np.float32)
    steps = chance.normal(size=(kinds, kinds))
    joined = np.zeros((1, kinds), np.float32)
    words, marks = np.arange(size, dtype=np.int32), chance.integers(0, 16, size).astype(np.uint8)
    labels, sure = np.zeros(size, np.int8), np.zeros(size)
    ends = np.array([size], np.int32)
    decoding.decode(ends, words, words * 0, marks, given, joined, ends_and_marks, steps, labels, sure)

    def score(labelling: tuple[int, ...]) -> float:
        total = sum(steps[a, b] for a, b in pairwise(labelling))
        for at, label in enumerate(labelling):
            total += given[at, decoding.OWN, label]
            total += ends_and_marks[0, label] if at == 0 else given[at - 1, decoding.BEFORE, label]
            total += given[at - 2, decoding.SECOND_BEFORE, label] if at > 1 else 0
            total += ends_and_marks[1, label] if at == size - 1 else given[at + 1, decoding.AFTER, label]
            total += given[at + 2, decoding.SECOND_AFTER, label] if at < size - 2 else 0
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
    model = crf.load()
    text = sentences(TEXT)
    around = word_features.context(text)
    tagger = crf.tagger()
    tagged = tagger.tag(text, around)
    for number, sentence in enumerate(text):
        written = model.sums(word_features.features(sentence, around))
        best = _best(np.array(written, np.float64), model.steps)
        spans = [span for span in tagged if span.sentence == number]
        names = {at for span in spans for at in range(span.first, span.last)}

        assert names == {at for at, label in enumerate(best) if label}


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
    fresh = crf.Tagger(crf.load())
    first = fresh.tag(text, around)
    monkeypatch.setattr(words, "MOST", 2)
    again = sentences(TEXT)

    assert first
    assert fresh.tag(again, word_features.context(again)) == first
    assert fresh.tag(again, around) == first
    assert fresh.tag(text, around) == first


def test_nothing_is_found_in_nothing() -> None:
    assert crf.tagger().tag([], word_features.context([])) == []
