"""What a view remembers between queries stays small, whatever is asked."""

from __future__ import annotations

from search.opensearch.shown.view import MAX_LISTS, remembered


def test_forms_of_many_prefixes_are_forgotten() -> None:
    known: dict[str, list[str]] = {}
    for number in range(3 * MAX_LISTS):
        assert remembered(known, f"a{number}", ["form"]) == ["form"]
        assert len(known) <= MAX_LISTS

    assert known[f"a{3 * MAX_LISTS - 1}"] == ["form"]
