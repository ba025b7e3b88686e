"""The tagger: its compiled loop against every labelling there is, and its sums against features written out."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import languages
from indexer.enrich.kernels import decoding, reading
from indexer.enrich.persons.tagger import clusters, crf, word_features
from indexer.enrich.persons.tagger.model import load
from indexer.enrich.persons.tagger.sentences import sentences
from indexer.enrich.persons.tagger.sums import Sums, joins, kinds_of
from indexer.enrich.shared import words
from tests.cases import cases

ENGLISH = languages.default()

WORDS = st.sampled_from(
    ["The", "the", "OIL", "of", "President", "Biden", "Xi", "Mr", "McNeil", "al-Amin", "Élan", "ß", "J.", "U.S.", "9.5",
     "Inc", "O’Neill", "’s", ".", '"', "|", "-", "MISSING-IT", "ǅ", "Ⓐ", "General", "said", "running", "e\u0301", "字"]
) | st.text("aAzZéÉ-.'1|", min_size=1, max_size=7)  # fmt: skip
MODEL = load(ENGLISH)
TABLES = crf.derived_from(MODEL)
JOIN_KINDS = {"^": decoding.FIRST, "$": decoding.LAST}
for feature in MODEL.rows:
    for kinds in kinds_of(feature.decode()) if feature[1:3] == b"c=" and feature[:1] in b"-+3" else ():
        for each in filter(None, kinds):
            JOIN_KINDS.setdefault(each, decoding.FIRST + len(JOIN_KINDS))
INSIDE = np.array([0, 5, 6, 7, 8, 5, 6, 7, 8], np.int8)
NO_JOINS = np.zeros(2, np.int64), np.zeros((2, decoding.LABELS), np.float32)
NOTHING, STEPS = np.zeros((6, decoding.LABELS), np.float32), np.zeros((decoding.LABELS, decoding.LABELS))
for array in (*TABLES.values(), *NO_JOINS, NOTHING, STEPS):
    array.setflags(write=False)  # as those of a file, which the loop is compiled for
JOINS = joins(TABLES)
TEXT = (
    "President Joe Biden met Xi Jinping in Bali, Indonesia, on Monday. Mr Biden said the talks were open. "
    "The General Motors Corp. of Detroit said so too."
)


@cases("size", [1, 2, 3, 4])
def test_the_loop_finds_the_best_of_all_labellings_and_their_probabilities(size: int) -> None:
    chance = np.random.default_rng(size)
    kinds = decoding.LABELS
    given = chance.normal(size=(size, 5, kinds)).astype(np.float32)
    ends_and_marks = chance.normal(size=(6, kinds)).astype(np.float32)
    steps = chance.normal(size=(kinds, kinds))
    numbers, small = np.arange(size, dtype=np.int32), chance.integers(0, size, size).astype(np.int32)
    for array in (ends_and_marks, steps):
        array.setflags(write=False)
    capital, used = chance.integers(0, 2, size).astype(np.bool_), chance.integers(0, 8, size).astype(np.uint8)
    labels, sure = np.zeros(size, np.int8), np.zeros(size)
    text = (numbers, np.array([size], np.int32), np.zeros(1, np.bool_))
    words = ((capital * reading.UPPER_FIRST).astype(np.uint32), small, np.ones(size, np.uint16), given, used)
    places, chances = np.zeros((size, 4), np.int32), np.zeros(size)
    found = decoding.decode(text, words, NO_JOINS, ends_and_marks, steps, INSIDE, (labels, sure), (places, chances))

    def score(labelling: tuple[int, ...]) -> float:
        total = sum(steps[a, b] for a, b in pairwise(labelling))
        for at, label in enumerate(labelling):
            total += given[at, decoding.OWN, label]
            total += ends_and_marks[0, label] if at == 0 else given[at - 1, decoding.BEFORE, label]
            total += given[at - 2, decoding.SECOND_BEFORE, label] if at > 1 else 0
            total += ends_and_marks[1, label] if at == size - 1 else given[at + 1, decoding.AFTER, label]
            total += given[at + 2, decoding.SECOND_AFTER, label] if at < size - 2 else 0
            if capital[at]:
                total += ends_and_marks[2 if at else 3, label] * bool(used[small[at]] & reading.IS_SMALL)
                total += ends_and_marks[4, label] * bool(used[at] & reading.IS_NAMED)
                total += ends_and_marks[5, label] * bool(used[at] & reading.IS_ORGANISED)
        return float(total)

    scores = {labelling: score(labelling) for labelling in product(range(kinds), repeat=size)}
    best = max(scores, key=lambda labelling: scores[labelling])
    whole = sum(np.exp(value) for value in scores.values())

    assert tuple(labels) == best
    if any(best):
        for at, label in enumerate(best):
            share = sum(np.exp(value) for labelling, value in scores.items() if labelling[at] == label) / whole
            assert sure[at] == pytest.approx(share, rel=1e-5)
    names = _names(labels.tolist())
    assert places[:found].tolist() == [[0, first, last, labels[first]] for first, last in names]
    assert chances[:found].tolist() == [min(sure[first:last]) for first, last in names]


def test_what_is_added_up_is_what_training_was_shown() -> None:
    text = sentences(TEXT, ENGLISH)
    around = word_features.context(text)
    tagger = crf.tagger(ENGLISH)
    tagged = tagger.tag(text, around)
    for number, sentence in enumerate(text):
        written = MODEL.sums(word_features.features(sentence, around))
        best = _best(np.array(written, np.float64), MODEL.steps)
        spans = [span for span in tagged if span.sentence == number]
        names = {at for span in spans for at in range(span.first, span.last)}

        assert names == {at for at, label in enumerate(best) if label}


@given(st.lists(WORDS, min_size=1, max_size=5, unique=True))
def test_a_word_contributes_its_features(some: list[str]) -> None:
    table = words.Table(ENGLISH)
    sums = Sums(TABLES)
    numbers = table.numbers(some)
    kinds, given = (column[numbers].tolist() for column in sums.columns.of(table, numbers))
    for word, kind, here in zip(some, kinds, given, strict=True):
        sides = [word_features.own(word, ENGLISH), *word_features.contributed(word, ENGLISH)]

        assert here == MODEL.sums(sides).tolist()
        assert kind == _number(word_features.kind(word, ENGLISH))


def test_a_surname_that_no_table_has_is_in_the_class_of_surnames() -> None:
    german = languages.named("de")
    assert german is not None
    path, other, none = clusters.classes(["Leischner", "Tisch", "Qxzzqyx"], clusters.load(german)).tolist()

    assert path == clusters.classes(["Merkel"], clusters.load(german))[0]
    assert other != path
    assert none == 0
    assert clusters.features(none) == ()


def test_a_language_without_classes_has_those_of_the_one_that_it_names() -> None:
    portuguese, spanish = languages.named("pt"), languages.named("es")
    assert portuguese is not None
    assert spanish is not None
    found, other = clusters.classes(["Magalhães", "Lisboa"], clusters.load(portuguese)).tolist()

    assert found == clusters.classes(["Magalhães"], clusters.load(spanish))[0] != other


def test_a_word_contributes_the_features_of_its_class() -> None:
    german = languages.named("de")
    assert german is not None
    model, table = load(german), words.Table(german)
    some = ["Leischner", "Qxzzqyx", "und", "Bemängelt", "Linksfraktionschefin", "STRAßENBAHN"]
    numbers = table.numbers(some)
    _, given = (column[numbers].tolist() for column in Sums(crf.derived_from(model)).columns.of(table, numbers))

    for word, here in zip(some, given, strict=True):
        sides = [word_features.own(word, german), *word_features.contributed(word, german)]
        assert np.allclose(here, model.sums(sides), atol=1e-5)


def test_a_word_without_a_class_has_that_of_its_end_and_any_that_of_its_small_form() -> None:
    german = languages.named("de")
    assert german is not None
    known = clusters.load(german)
    words = ["Linksfraktionschefin", "Bemängelt", "bemängelt"]
    as_written, small, ends = clusters.of(words, known).tolist()

    assert [ends[0]] == clusters.classes(["Fraktionschefin"], known).tolist()
    assert [small[1]] == clusters.classes(["bemängelt"], known).tolist() == as_written[2:]
    assert (as_written[0], ends[1:], small[2]) == (0, [0, 0], 0)


def _number(kind: str) -> int:
    """The number of a kind; 0 if no feature has it."""
    return JOIN_KINDS.get(kind, decoding.OTHER)


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_capitalised_words_are_joined_to_their_neighbours(some: list[str]) -> None:
    kinds = ["^", *(word_features.kind(word, ENGLISH) for word in some), "$"]
    size = len(some)
    expected = np.zeros((size, decoding.LABELS))
    for at, word in enumerate(some):
        if word[0].isupper():
            expected[at] = MODEL.sums([word_features.joined(*kinds[at : at + 3])])[0]
    numbers = np.arange(size, dtype=np.int32)
    bits = np.array([word[0].isupper() * reading.UPPER_FIRST for word in some], np.uint32)
    numbered = np.array([_number(kind) for kind in kinds[1:-1]], np.uint16)
    text = (numbers, np.array([size], np.int32), np.zeros(1, np.bool_))
    sure = [np.zeros(size), np.zeros(size)]
    for own, table, found in ((expected, NO_JOINS, sure[0]), (expected * 0, JOINS, sure[1])):
        given = np.zeros((size, 5, decoding.LABELS), np.float32)
        given[:, decoding.OWN] = own
        given[:, decoding.OWN, 1] += 20  # a name, so that there are probabilities
        labels, names = np.zeros(size, np.int8), (np.zeros((size, 4), np.int32), np.zeros(size))
        words = (bits, numbers, numbered, given, np.zeros(0, np.uint8))
        decoding.decode(text, words, table, NOTHING, STEPS, INSIDE, (labels, found), names)

    assert sure[0].any()
    assert sure[0].tolist() == sure[1].tolist()


def test_a_sign_between_kinds_can_be_one() -> None:
    assert set(kinds_of("3c=||X||")) == {("|", "X", "|")}
    assert set(kinds_of("-c=||X")) == {("|", "X", "")}
    assert set(kinds_of("+c=X||")) == {("", "X", "|")}


def _names(labels: list[int]) -> list[tuple[int, int]]:
    """The first and last words of names, by the definition: one begins with any label and has others of its kind."""
    begun = [at for at, label in enumerate(labels) if label and (at == 0 or not _goes_on(labels, at))]
    return [
        (at, next((end for end in range(at + 1, len(labels)) if end in begun or not labels[end]), len(labels)))
        for at in begun
    ]


def _goes_on(labels: list[int], at: int) -> bool:
    kinds = [MODEL.labels[label] for label in labels]
    return kinds[at][0] == "I" and kinds[at - 1][2:] == kinds[at][2:]


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
    text = sentences(TEXT, ENGLISH)
    around = word_features.context(text)
    fresh = crf.Tagger(TABLES)
    first = fresh.tag(text, around)
    monkeypatch.setattr(words, "MOST", 2)
    again = sentences(TEXT, ENGLISH)

    assert first
    assert fresh.tag(again, word_features.context(again)) == first
    assert fresh.tag(again, around) == first
    assert fresh.tag(text, around) == first


def test_a_table_that_is_not_used_is_freed_at_once() -> None:
    table = words.Table(ENGLISH)
    still = weakref.ref(table)
    gc.disable()  # it must not wait for the collector, which is paused during a run
    try:
        text = sentences(TEXT, ENGLISH, table)
        assert crf.tagger(ENGLISH).tag(text, word_features.context(text))
        del text, table
        assert still() is None
    finally:
        gc.enable()


def test_nothing_is_found_in_nothing() -> None:
    nothing = sentences("", ENGLISH)

    assert crf.tagger(ENGLISH).tag(nothing, word_features.context(nothing)) == []
