"""Names after a commit are those that a new reading of all of them would find."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import date
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from search.names.authority import NO_RULES, Authority, Entry, NameRules
from search.opensearch.shown import shown_names as facet_of_names
from search.opensearch.shown.shown_names import FacetNames, facet_names
from tests.opensearch.company import Keyed
from tests.tiers import examples

NAMES = st.sampled_from(
    [
        "Ronald Reagan", "RONALD REAGAN", "Ronald W. Reagan", "Ronald T. Reagan", "Nancy Reagan", "Reagan", "reagan",
        "R. Reagan", "Rreagan", "Bob Rreagan", "Xi Jinping", "Xi", "Jinping Xi", "Ann-Marie Lee", "Ann Marie Lee",
        "Lee", "Lee Reagan", "de Reagan", "O'Neill", "Paul O'Neill", "Paul ONeill", "Élan Reagan", "Ron", "Paul", "A",
        "A B", "Ronny Reagan", "Ronald Wilson Reagan", "Ronald Reagan Jr.", "R. W. Reagan", "Xi Jin", "Damien Lee",
        "Damian Lee", "Lee-Reagan", "Lee Xi",
    ]
)  # fmt: skip
RULES = st.sampled_from(
    [
        NO_RULES,
        Authority((Entry("person", "Ronald Reagan", "Ron"), Entry("person", "Paul O'Neill", ""))).names("person"),
        Authority(
            (Entry("person", "Gipper", "Ronald Reagan"), Entry("person", "Lee", action="block"),
             Entry("person", "", "Xi", action="split"))
        ).names("person"),
    ]
)  # fmt: skip


def compared(names: FacetNames) -> dict[str, object]:
    """What names are, save what is only an order."""
    found = {one.name: getattr(names, one.name) for one in fields(FacetNames) if not one.name.startswith("_")}
    del found["relatives"]
    found["members"] = {head: sorted(these) for head, these in names.members.items()}
    return found | {"hidden": sorted(names.hidden)}


Commit = dict[int, tuple[date | None, set[str]]]
"""The articles that a commit adds or replaces: day and names."""

DAYS = st.sampled_from([None, date(1963, 1, 4), date(1987, 3, 6), date(1994, 1, 1), date(2019, 7, 9)])
COMMITS = st.lists(
    st.dictionaries(st.integers(0, 12), st.tuples(DAYS, st.sets(NAMES, max_size=4)), max_size=9), min_size=1, max_size=5
)


@examples(600)
@given(st.sampled_from(["person", "author"]), COMMITS, st.integers(1, 6), RULES, st.lists(RULES, max_size=1))
def test_names_after_commits_are_those_of_all(
    facet: str, commits: list[Commit], copies: int, rules: NameRules, then: list[NameRules]
) -> None:
    """Each article is there several times, so that names have enough of them."""
    held: Commit = {}
    names = facet_names(facet, {}, rules, Keyed())
    for number, commit in enumerate(commits):
        rules = then[0] if then and number == 2 else rules
        touched = {
            name for one in commit for _, listed in (held.get(one, (None, set())), commit[one]) for name in listed
        }
        held |= commit
        articles = [article for article in held.values() for _ in range(copies)]
        counts = Counter(name for _, listed in articles for name in listed)
        company = Keyed(articles)
        before = compared(names)
        after, heads = names.after({name: counts[name] for name in touched}, rules, company)
        whole = facet_names(facet, dict(counts), rules, company)
        assert compared(after) == compared(whole)
        assert compared(names) == before
        if number % 3 != 1:  # else it is not asked for in between
            with patch.object(facet_of_names, "LEADING", 3):
                assert [*after.leading.items()] == [*whole.leading.items()]
        assert {head for head in whole.totals if whole.totals[head] != names.totals.get(head)} <= heads
        names = after
