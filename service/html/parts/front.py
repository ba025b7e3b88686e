"""The front page: what the archive has, in one sentence, and questions that it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from search.engine import Engine
from search.values.query import Filter, Query
from search.values.results import DateFacet, FacetCount, Results, ValueFacet
from service.html.view import PageState
from service.wording import labels
from service.wording.messages import counted, gettext

FACETS = ("person", "country", "topic", "source", "date")
"""What the sentence and the examples are made from."""


class Example(NamedTuple):
    """A question that the archive answers: its words, the number of articles, and its URL."""

    words: str
    articles: int
    url: str


def figures(results: Results) -> str:
    """What an archive has: “6,454 articles, 1821 to 2024, from 87 sources”."""
    said = [counted("{count} article", "{count} articles", results.total)]
    dates = results.facets.get("date")
    if isinstance(dates, DateFacet) and dates.buckets:
        first, last = dates.buckets[0].start[:4], dates.buckets[-1].start[:4]
        said.append(first if first == last else gettext("{first} to {last}").format(first=first, last=last))
    sources = results.facets.get("source")
    if isinstance(sources, ValueFacet) and sources.distinct:
        said.append(counted("from {count} source", "from {count} sources", sources.distinct))
    return ", ".join(said)


def examples(engine: Engine, results: Results, state: PageState) -> Iterator[Example]:
    """A person; a country and a topic; a country in the year of which most is told. Fewer, if the archive lacks one."""
    for person in _first(results, "person"):
        yield _example(
            state, Query(filters={"person": Filter(any=(person.value,))}), person.count, _label("person", person)
        )
    for country in _first(results, "country"):
        there = Query(filters={"country": Filter(any=(country.value,))})
        within = engine.search(replace(there, facets=("topic", "date"), facet_size=1, size=0, interval="year"))
        name = _label("country", country)
        for topic in _first(within, "topic"):
            both = replace(there, filters={**there.filters, "topic": Filter(any=(topic.value,))})
            yield _example(state, both, topic.count, f"{name}, {_label('topic', topic)}")
        dates = within.facets.get("date")
        if isinstance(dates, DateFacet) and dates.buckets:
            most = max(dates.buckets, key=lambda bucket: bucket.count)
            year = most.start[:4]
            yield _example(state, replace(there, date_from=year, date_to=year), most.count, f"{name}, {year}")


def _first(results: Results, name: str) -> tuple[FacetCount, ...]:
    """The most frequent value of a facet, if there is one."""
    facet = results.facets.get(name)
    return facet.values[:1] if isinstance(facet, ValueFacet) else ()


def _label(name: str, found: FacetCount) -> str:
    return labels.value(name, found.value, found.label)


def _example(state: PageState, query: Query, articles: int, words: str) -> Example:
    return Example(words, articles, state.to(query))
