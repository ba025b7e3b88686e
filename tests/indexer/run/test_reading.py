"""In which way a file was read: newer rules alone are no reason to read it again."""

from __future__ import annotations

import pytest

from indexer import enrich
from indexer.run.reading import by_these_rules, reading_of
from tests.cases import cases

NAMES = {"title": "{headline}"}


@cases("pictures", [True, False])
def test_newer_rules_are_the_only_difference(pictures: bool) -> None:
    before = reading_of(NAMES, pictures)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enrich, "VERSION", "99")
        patch.setattr(enrich, "CHANGED", {})

        assert before != reading_of(NAMES, pictures)
        assert by_these_rules(before) == reading_of(NAMES, pictures)
        assert by_these_rules(before) != reading_of({}, pictures)
        assert by_these_rules(before) != reading_of(NAMES, not pictures)


def test_other_models_are_another_way_unless_facts_are_renewed_by_them(monkeypatch: pytest.MonkeyPatch) -> None:
    before = reading_of(NAMES)
    monkeypatch.setenv("DATELINE_PERSONS", "spacy")

    assert by_these_rules(before) == before
    assert by_these_rules(before, renewed=True) == reading_of(NAMES)


def test_other_readers_are_another_way() -> None:
    assert by_these_rules("0 nothing 17 {}") == "0 nothing 17 {}"
    assert by_these_rules("another") == "another"


def test_other_groups_of_near_duplicates_are_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    before = reading_of(NAMES)
    monkeypatch.setattr(enrich, "VERSION", "99")
    monkeypatch.setattr(enrich, "CHANGED", {99: frozenset({enrich.COPIES})})

    assert by_these_rules(before) == before
    assert by_these_rules(before, renewed=True) == reading_of(NAMES)
