"""Names are listed by a part of their words as in a directory, whatever the cluster counts."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, Query
from search.names.authority import NO_RULES
from search.opensearch.ask.facets import Counted, value_facet
from search.opensearch.document import key
from search.opensearch.shown.shown_names import facet_names
from search.values.query import Listing
from tests.opensearch.company import Keyed
from tests.tiers import examples

NAMES = st.sampled_from(
    ["Ronald Reagan", "Ann Eagan", "Eagan Lee", "Bo Nagano", "Élan Agán", "O. Ag", "Agna", "Lee Ann"]
)


@examples(25, few=10)
@given(
    st.lists(st.sets(NAMES, min_size=1, max_size=4), min_size=1, max_size=6),
    st.sampled_from(["agan", "AG", "eaga", "an ag", "é", "ee", "x", "-", "reagan ron"]),
    st.sampled_from(["count", "name"]),
    st.integers(0, 2),
)
def test_a_part_of_a_name_lists_the_same_in_a_cluster(
    articles: list[set[str]], typed: str, sort: str, offset: int
) -> None:
    listing = Listing(contains=typed, sort=sort, offset=offset, limit=4)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "idx"
        with search.writer(place) as writer:
            for number, persons in enumerate(articles):
                writer.add(Article(str(number), "text", source=None, section=None, person=tuple(sorted(persons))))
        with search.open(place) as engine:
            local = engine.facet(Query(), "person", listing)
    counts = Counter(name for persons in articles for name in persons)
    names = facet_names("person", counts, NO_RULES, Keyed((None, persons) for persons in articles))
    found = Counted(names.counts(Counter({key(name): count for name, count in counts.items()}), {}), 0, True)

    assert value_facet(names, found, Query(), listing) == local
