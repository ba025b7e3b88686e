"""Entities: everything an archive has about one person, country, topic, author or source.

A portrait is composed of answers of an `Engine`, so it is the same for all of them, and each of its figures is the
total of a query (see `having`). All are of one generation.

Cost: one query with all facets, four for articles, one with `EPITHETS` totals; `READ` articles are read for epithets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Literal

from search.engine import Engine
from search.errors import BadQuery, ValueMissing
from search.fields import BY_NAME, ENTITIES, FACET_NAMES
from search.measures.epithets import Mention, epithets
from search.names.vocabulary import vocabulary
from search.snippets import passages
from search.syntax import askable, parse, write
from search.syntax.nodes import Exact, Value
from search.system.budget import Parts
from search.text.tokens import fold, tokens
from search.values.article import Article, Evidence
from search.values.query import Filter, Listing, Query
from search.values.results import DateFacet, FacetCount, Hit, NameCount, Results, Snippet, ValueFacet

TOGETHER = ("person", "country", "topic", "source", "author")
"""The facets of the values that appear in the same articles."""
LISTED = 10
"""The values listed of each facet."""
NEWEST = 5
"""The newest articles listed."""
READ = 50
"""The newest articles in which epithets are looked for; each one's count is of all articles."""
EPITHETS = 6
HINTS = 3
"""The names offered of each kind in place of one that no article has."""
_ATTEMPTS = 3
_PREFIX = 100
"""Characters of a name that others are compared with."""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An article that has the value, and the passage that mentions it; None if the value is only stated."""

    article: Article
    passage: Snippet | None


@dataclass(frozen=True, slots=True)
class Epithet:
    """What is said next to a name.

    Attributes:
        text: as written.
        count: the articles that have both the name and the words, anywhere.
        query: their query.
    """

    text: str
    count: int
    query: Query


@dataclass(frozen=True, slots=True)
class Entity:
    """A portrait of one value.

    Attributes:
        value, label: as the facet shows them.
        wikidata: its Wikidata item, if the authority file has one.
        query: finds its articles, of which there are `total`.
        names: the names under which articles list it.
        first, last: of its articles with a date, the first and the last; None if none has a date.
        timeline: its articles over time.
        together: by facet, the values that its articles have, without the value itself.
        epithets: of a person, what is said next to the name, by articles.
        newest: its newest articles.
        incomplete: what was omitted because of the time budget.
    """

    field: str
    value: str
    label: str
    wikidata: str | None
    generation: int
    total: int
    query: Query
    names: tuple[NameCount, ...]
    first: Mentioned | None
    last: Mentioned | None
    timeline: DateFacet | None
    together: Mapping[str, ValueFacet]
    epithets: tuple[Epithet, ...]
    newest: tuple[Hit, ...]
    incomplete: tuple[str, ...] = ()


def having(query: Query, field: str, value: str) -> Query:
    """The query narrowed to articles that also have a value."""
    before = query.filter(field)
    return replace(query, filters={**query.filters, field: replace(before, all=(*before.all, value))})


def entity(engine: Engine, field: str, value: str) -> Entity:
    """The portrait of a value, in any spelling.

    Raises:
        ValueMissing: if no article has it, or there are no portraits of this field.
    """
    if field not in ENTITIES:
        raise ValueMissing(f"There are no pages of a “{field[:80]}”. There are pages of {', '.join(ENTITIES)}.")
    for _ in range(_ATTEMPTS):
        before = engine.generation
        found = _entity(engine, field, value)
        if before == found.generation == engine.generation:
            break
    return found


def _entity(engine: Engine, field: str, value: str) -> Entity:
    _query(field, value)  # a vocabulary has it
    own = shown_as(engine, field, value)  # first: what there is no time for then is only omitted
    if own is None:
        reason = f"No article has the {BY_NAME[field].label.lower()} “{value[:200]}”."
        raise ValueMissing(" ".join((reason, *_hints(engine, field, value[:200]))))
    query = _query(field, own.value)
    answer = engine.search(replace(query, size=NEWEST, facets=(*FACET_NAMES, "date"), facet_size=LISTED + 1))
    shown, dates = own, answer.facets.get("date")
    dated = replace(query, date_missing=False, date_from="0001")
    parts = Parts(answer.incomplete)
    said: tuple[Epithet, ...] = ()
    if field == "person":
        said = parts.part("epithets", lambda: tuple(_epithets(engine, query, shown.value)), said)

    def end(order: Literal["oldest", "newest"]) -> Mentioned | None:
        return _mentioned(engine, replace(dated, sort=order), field, shown.value, shown.label)

    return Entity(
        field=field,
        value=own.value,
        label=own.label,
        wikidata=engine.authority().names(field).items.get(fold(own.value)),
        generation=answer.generation,
        total=answer.total,
        query=query,
        names=engine.names(field, own.value),
        first=parts.part("first", partial(end, "oldest"), None),
        last=parts.part("last", partial(end, "newest"), None),
        timeline=dates if isinstance(dates, DateFacet) else None,
        together={name: _others(answer, name, field, own.value) for name in TOGETHER if name in answer.facets},
        epithets=said,
        newest=answer.hits,
        incomplete=tuple(parts.omitted),
    )


def _query(field: str, value: str) -> Query:
    """The articles that have a value. Raises ValueMissing if a vocabulary does not have it."""
    try:
        return Query(filters={field: Filter(all=(value,))}, sort="newest")
    except BadQuery as problem:
        raise ValueMissing(" ".join(f"{error.reason} {error.hint}" for error in problem.errors)) from None


def shown_as(engine: Engine, field: str, value: str) -> FacetCount | None:
    """A value in any spelling as its facet shows it; None if no article has it."""
    chosen = Query(filters={field: Filter(any=(value,))}, facets=(field,), facet_size=0, size=0)
    found = engine.search(chosen).values(field).values
    return next((one for one in found if one.selected and one.count), None)


def near(engine: Engine, field: str, value: str) -> str | None:
    """The name of a facet that is spelled almost like a name that no article has; None if there is none."""
    text = write(Value(field, value))
    offered = engine.search(Query(text, size=0, facets=())).did_you_mean if askable(text) else None
    tree = parse(offered).tree if offered else None
    return tree.value if isinstance(tree, Value) and tree.facet == field else None


def _hints(engine: Engine, field: str, value: str) -> Iterator[str]:
    """Sentences on the name nearest to a value, on names of its field that begin like it, and on other fields."""
    meant = near(engine, field, value)
    if meant is not None:
        yield f"Did you mean {meant}?"
    begun = engine.facet(Query(), field, Listing(prefix=value[:_PREFIX], limit=HINTS + 1))
    listed = begun.values if isinstance(begun, ValueFacet) and value.strip() else ()
    labels = [one.label for one in listed if one.value != meant][:HINTS]
    if labels:
        yield f"Names that begin so: {'; '.join(labels)}."
    for other in engine.suggest(value[:_PREFIX], HINTS):
        if other.type != field and fold(value) in (fold(other.value), fold(other.label)):
            yield f"{other.label} is a {BY_NAME[other.type].label.lower()}."


def _others(answer: Results, name: str, field: str, value: str) -> ValueFacet:
    """The values of a facet without the entity itself."""
    found = answer.values(name)
    if name != field:
        return replace(found, values=found.values[:LISTED])
    rest = tuple(one for one in found.values if one.value != value)
    is_counted = field != "topic" or not _above(value)  # also if it is behind those that are listed
    return replace(found, values=rest[:LISTED], distinct=found.distinct - is_counted)


def mentioned(engine: Engine, field: str, value: str) -> Mentioned | None:
    """The newest article that has a value, and the passage that mentions it; None if no article has it."""
    return _mentioned(engine, _query(field, value), field, value, value)


def _mentioned(engine: Engine, query: Query, field: str, value: str, label: str) -> Mentioned | None:
    """The first article of a query, with the passage that is evidence of a value, or else has its label."""
    hit = next(iter(engine.search(replace(query, size=1, facets=(), snippets=False)).hits), None)
    if hit is None:
        return None
    article = engine.article(hit.article.id)
    proof = next((one for one in evidence_of(article, field, value)), None)
    if proof is not None and proof.start is not None and proof.end is not None:
        return Mentioned(
            article, passages.around(getattr(article, proof.within), proof.start, proof.end, article.language)
        )
    named = write(Exact(tuple(token.word for token in tokens(label))))
    marks = engine.marked((article,), named)[0].text if askable(named) else ()
    return Mentioned(article, passages.around(article.text, *marks[0], article.language) if marks else None)


def evidence_of(article: Article, field: str, value: str) -> list[Evidence]:
    """The passages that are evidence of a value, or of a topic below it, in order, those of the text first."""
    key = fold(value)
    found = [
        one
        for one in article.evidence.get(field, ())
        if one.end is not None
        and one.end <= len(getattr(article, one.within))
        and (fold(one.value) == key or (field == "topic" and value in _above(one.value)))
    ]
    return sorted(found, key=lambda one: (one.within == "title", one.start))


def _above(topic: str) -> tuple[str, ...]:
    return tuple(vocabulary("topic").ancestors(topic))


def _epithets(engine: Engine, query: Query, name: str) -> Iterator[Epithet]:
    """The epithets of a person, counted."""
    read = islice(engine.export(query), READ)
    found = []
    for text in epithets((_mentions(article, name) for article in read), EPITHETS):
        words = write(Exact(tuple(token.word for token in tokens(text))))
        if askable(words):
            found.append((text, replace(query, text=words, sort=None)))
    counts = engine.totals([asked for _, asked in found])
    counted = [Epithet(text, count, asked) for (text, asked), count in zip(found, counts, strict=True) if count]
    yield from sorted(counted, key=lambda one: (-one.count, one.text))


def _mentions(article: Article, name: str) -> list[Mention]:
    return [
        (article.text, one.start, one.end)
        for one in evidence_of(article, "person", name)
        if one.within == "text" and one.start is not None and one.end is not None
    ]
