"""The first names of a facet are found without a label for each of those that tie with the last."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.fields import BY_NAME
from search.names import completion
from search.names.authority import NO_RULES, Authority, Entry, NameRules
from search.opensearch.shown.shown_names import LEADING, FacetNames, facet_names
from tests import waiting
from tests.cases import cases
from tests.opensearch.company import Keyed

TOPICS = ("soccer", "homicide", "politics", "sport", "war", "unknown")
RENAMED = Authority((Entry("topic", "Zebras", "soccer"), Entry("topic", "aardvarks", "war"))).names("topic")


def by_definition(names: FacetNames, size: int) -> list[str]:
    there = [head for head, count in names.totals.items() if count]
    return sorted(there, key=lambda head: (-names.totals[head], names.label(head), names.spelled[head], head))[:size]


@given(
    st.sampled_from([("person", NO_RULES), ("source", NO_RULES), ("topic", NO_RULES), ("topic", RENAMED)]),
    st.dictionaries(st.sampled_from([*TOPICS, "Ann", "Ännchen", "ANN", "Bob", "bob", "Éva", "eve"]), st.integers(0, 3)),
    st.integers(0, 14),
)
def test_the_first_names_are_those_of_all_in_order(
    facet: tuple[str, NameRules], counts: dict[str, int], size: int
) -> None:
    names = facet_names(facet[0], counts, facet[1], Keyed())

    assert names.first(names.totals, size) == by_definition(names, size)


def tied(count: int) -> FacetNames:
    """Sources of one article each, after some of more."""
    counts = {f"Gazette {number}": 2 for number in range(40)}
    return facet_names(
        "source", counts | {f"Journal {number * 7919 % count}": 1 for number in range(count)}, NO_RULES, Keyed()
    )


@pytest.fixture
def labelled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The values of which a label is asked for."""
    found: list[str] = []
    label = completion.label

    def counted(field: str, value: str, rules: NameRules = NO_RULES) -> str:
        found.append(value)
        return label(field, value, rules)

    monkeypatch.setattr(completion, "label", counted)
    return found


def test_only_names_that_lead_get_a_label(labelled: list[str]) -> None:
    names = tied(16_000)

    assert [*names.leading] == by_definition(names, LEADING)
    assert len({*labelled[: -len(names.totals)]}) == 2 * LEADING  # the definition has labelled all


def test_after_a_commit_only_what_it_touches_is_looked_at(labelled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    names = tied(16_000)
    assert names.leading
    labelled.clear()
    after, _ = names.after({"Journal 7": 3, "Journal 0": 0, "A new one": 1, "Zeitung": 1}, NO_RULES, Keyed())
    monkeypatch.setattr(FacetNames, "first", None)  # looks at all

    assert [*after.leading][:2] == ["journal 7", "gazette 0"]
    assert "a new one" in after.leading
    assert not {"journal 0", "zeitung"} & after.leading.keys()
    assert len(labelled) <= 4


@cases("gone", [LEADING // 2, 3 * LEADING])
def test_leading_names_that_go_give_way_to_others(gone: int) -> None:
    names = tied(2_000)
    first = [names.spelled[head] for head in names.first(names.totals, gone)]
    assert names.leading
    after, _ = names.after(dict.fromkeys(first, 0), NO_RULES, Keyed())

    assert [*after.leading] == by_definition(after, LEADING)


def test_the_first_of_many_that_tie_are_found_in_time_in_proportion() -> None:
    def task(count: int) -> Callable[[], object]:
        names = tied(count)
        return lambda: names.first(names.totals, LEADING)

    assert waiting.grows_less(8, task, 8_000, 32_000)


def test_a_field_without_a_vocabulary_has_no_labels() -> None:
    assert not completion.has_labels("person")
    assert {name for name in BY_NAME if completion.has_labels(name)} == {"country", "topic", "language"}
    assert completion.has_labels("person", RENAMED)
