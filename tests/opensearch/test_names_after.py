"""Names after a commit are those that a new reading of all of them would find."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from search.names.authority import NO_RULES, Authority, Entry, NameRules
from search.opensearch.shown import shown_names as facet_of_names
from search.opensearch.shown.shown_names import FacetNames, facet_names
from tests.tiers import examples

NAMES = st.sampled_from(
    [
        "Ronald Reagan", "RONALD REAGAN", "Ronald W. Reagan", "Ronald T. Reagan", "Nancy Reagan", "Reagan", "reagan",
        "R. Reagan", "Rreagan", "Bob Rreagan", "Xi Jinping", "Xi", "Jinping Xi", "Ann-Marie Lee", "Ann Marie Lee",
        "Lee", "Lee Reagan", "de Reagan", "O'Neill", "Paul O'Neill", "Paul ONeill", "Élan Reagan", "Ron", "Paul", "A",
        "A B",
    ]
)  # fmt: skip
COUNTS = st.dictionaries(NAMES, st.integers(0, 12), max_size=14)
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


@examples(600)
@given(
    st.sampled_from(["person", "author"]), st.lists(COUNTS, min_size=1, max_size=5), RULES, st.lists(RULES, max_size=1)
)
def test_names_after_commits_are_those_of_all(
    facet: str, commits: list[dict[str, int]], rules: NameRules, then: list[NameRules]
) -> None:
    counts: Counter[str] = Counter()
    names = facet_names(facet, {}, rules)
    for number, changed in enumerate(commits):
        rules = then[0] if then and number == 2 else rules
        counts |= Counter({spelling: 0 for spelling in changed})
        counts.update({spelling: count - counts[spelling] for spelling, count in changed.items()})
        before = compared(names)
        after, heads = names.after(changed, rules)
        whole = facet_names(facet, {spelling: count for spelling, count in counts.items() if count}, rules)
        assert compared(after) == compared(whole)
        assert compared(names) == before
        if number % 3 != 1:  # else it is not asked for in between
            with patch.object(facet_of_names, "LEADING", 3):
                assert [*after.leading.items()] == [*whole.leading.items()]
        assert {head for head in whole.totals if whole.totals[head] != names.totals.get(head)} <= heads
        names = after
