"""The draft check: what the archive knows about a text that is not in it.

The text is enriched exactly as the indexer would, and each person, country, topic and date in it is looked up. Nothing
of it is stored or logged. Cost: the first draft of a process loads the models; then some milliseconds for the text,
three small queries for each value, and one for similar articles, of which `CANDIDATES` are compared word by word.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.analyses.entity import having, near, shown_as
from search.engine import Engine
from search.measures.overlap import Shared, shared
from search.names.completion import label
from search.system.budget import Parts
from search.values.article import Article, Evidence
from search.values.query import Query
from search.values.results import NameCount

CANDIDATES = 20
"""Similar articles that are compared with the draft."""
FACETS = ("person", "country", "topic")
SECTIONS = {"person": "persons", "country": "countries", "topic": "topics", "date": "dates"}
"""The kinds of values → their names in an answer."""
_ONE = Query(size=1, facets=(), snippets=False)
_ENRICHING = threading.Lock()
"""The tables of words grow with each text, and are changed by one thread at a time."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value of the draft, and what the archive has about it.

    Attributes:
        field: `person`, `country`, `topic` or `date`.
        value, label: as the archive shows it; as the draft has it if the archive does not know it.
        count: the articles that have it, which `query` finds.
        first, last: of those with a date, the first and the last; None if there is none.
        blocked: True if the authority file blocks the value, so that no article shows it.
        names: the names under which articles list a person.
        meant: for a person in no article, a similar name with its articles; None if there is none.
        evidence: the passages of the draft.
    """

    field: str
    value: str
    label: str
    count: int
    query: Query
    first: Article | None
    last: Article | None
    names: tuple[NameCount, ...]
    meant: NameCount | None
    evidence: tuple[Evidence, ...]
    blocked: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """An article that shares passages with the draft, and the share of the draft's words that are in them, 0 to 1."""

    article: Article
    share: float
    passages: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A checked draft: the article that it would become, its values, and earlier articles, the most alike first.

    Attributes:
        incomplete: what there was no time to look up all of: names of `SECTIONS`, and `earlier`.
    """

    article: Article
    known: tuple[Known, ...]
    earlier: tuple[Earlier, ...]
    incomplete: tuple[str, ...] = ()

    def of(self, field: str) -> tuple[Known, ...]:
        """The values of one kind, the most frequent first."""
        return tuple(sorted((one for one in self.known if one.field == field), key=lambda one: -one.count))


def check(engine: Engine, text: str, title: str = "") -> Draft:
    """Check a text of at most `MAX_CHARACTERS`."""
    from indexer.enrich import enrich  # loads models, which no other request needs

    with _ENRICHING:
        article = enrich(Article("draft", text, title=title))
    parts, known, earlier = Parts(), list[Known](), list[Earlier]()
    with engine.batch():
        for field in FACETS:
            parts.gather(SECTIONS[field], known, _values(engine, article, field))
        parts.gather(SECTIONS["date"], known, _dates(engine, article))
        parts.gather("earlier", earlier, _earlier(engine, article))
    earlier.sort(key=lambda one: (-one.share, one.article.id))
    return Draft(article, tuple(known), tuple(earlier), tuple(parts.omitted))


def _values(engine: Engine, article: Article, field: str) -> Iterator[Known]:
    values: Sequence[str] = getattr(article, field)
    queries = [having(Query(sort="newest"), field, value) for value in values]
    rules = engine.authority().names(field)
    for value, query, count in zip(values, queries, engine.totals(queries), strict=True):
        evidence = tuple(one for one in article.evidence.get(field, ()) if one.value == value)
        names = engine.names(field, value) if field == "person" and count else ()
        hidden = rules.hides(value)
        meant = _meant(engine, value) if field == "person" and not count and not hidden else None
        own = shown_as(engine, field, value) if count else None
        shown = own.label if own is not None else label(field, value, rules)
        value = own.value if own is not None else value
        yield _known(engine, field, value, shown, query, count, names, meant, evidence, hidden)


def _dates(engine: Engine, article: Article) -> Iterator[Known]:
    """The dates that the draft names, and the articles that name them."""
    queries = [Query(f"mentioned:{day}", sort="newest") for day in article.mentioned]
    for day, query, count in zip(article.mentioned, queries, engine.totals(queries), strict=True):
        yield _known(engine, "date", day, day, query, count)


def _known(
    engine: Engine, field: str, value: str, shown: str, query: Query, count: int, names: tuple[NameCount, ...] = (),
    meant: NameCount | None = None, evidence: tuple[Evidence, ...] = (), blocked: bool = False,
) -> Known:  # fmt: skip
    first, last = (_end(engine, query, order) for order in ("oldest", "newest")) if count else (None, None)
    return Known(field, value, shown, count, query, first, last, names, meant, evidence, blocked)


def _end(engine: Engine, query: Query, order: str) -> Article | None:
    """The first or the last article with a date."""
    one = replace(_ONE, text=query.text, filters=query.filters, sort=order, date_from="0001")  # type: ignore[arg-type]
    return next((hit.article for hit in engine.search(one).hits), None)


def _meant(engine: Engine, name: str) -> NameCount | None:
    """The person of the archive whose name is spelled almost like this."""
    meant = near(engine, "person", name)
    return None if meant is None else NameCount(meant, engine.totals([having(Query(), "person", meant)])[0])


def _earlier(engine: Engine, article: Article) -> Iterator[Earlier]:
    """The similar articles that share passages with a text."""
    for hit in engine.similar(article, Query(size=CANDIDATES, facets=(), snippets=False)).hits:
        other = engine.article(hit.article.id)
        passages, share = shared(article.text, other.text)
        if passages:
            yield Earlier(other, round(share, 3), tuple(passages))
