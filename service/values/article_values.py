"""The answers about articles: one with its evidence, its event, what the archive knows of a name or a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct, field

from search.fields import ENTITIES, FIELDS, MEASURES
from search.values.results import Copies, Count, Mark, NameCount, Snippet
from service.values.result_values import Facet, Hit, Items
from service.values.shared_values import Brief, Likeness, one_of

MAX_CHARACTERS = 20_000
"""The greatest length of a draft."""


class Evidence(Struct, kw_only=True):
    """Why an article has a value.

    Attributes:
        main: of a country: the article is mainly about it.
        in: the field that has the passage.
        why: the rule in words.
    """

    value: str
    start: int | None
    end: int | None
    text: str
    rule: str
    confidence: Likeness
    main: bool | UnsetType = UNSET
    within: Literal["text", "title", None] = field(name="in")
    why: str


class Copy(Brief):
    """A near-duplicate, and how much its text is like that of the article that represents the group."""

    likeness: Likeness | None


def _kind(name: str, kind: str) -> Any:
    """The type of a field of an article."""
    if name == "extra":
        return Mapping[str, Any]
    if name in MEASURES:
        return Annotated[float, Meta(ge=0, le=1)] | None
    if kind == "values" or name == "mentioned":
        return Sequence[str]
    return str if name in ("id", "title", "text") else str | None


Record = defstruct(
    "Record",
    [
        *((entry.name, _kind(entry.name, entry.kind)) for entry in FIELDS),
        ("evidence", Mapping[str, Sequence[Evidence]]),
        ("wikidata", Items | UnsetType, UNSET),
    ],
    namespace={"meanings": {entry.name: entry.help for entry in FIELDS}},
    kw_only=True,
)
"""An article: the fields of `search.fields`, and the evidence for its values."""
Exported = defstruct("Exported", [("export", Mapping[str, Any])], bases=(Record,), kw_only=True)
"""An article as a line of an export, with the origin of that."""
Article = defstruct(
    "Article",
    [("likeness", Likeness | None), ("copies", Sequence[Copy])],
    bases=(Record,),
    namespace={"__doc__": "One complete article, with the evidence for its values, and with its copies."},
    kw_only=True,
)


class Member(Struct):
    """An article that may belong to an event.

    Attributes:
        score: how much speaks for it.
        words: the most telling words that both have.
        person: the persons that both have.
    """

    id: str
    title: str
    published: str
    source: str | None
    score: Annotated[float, Meta(ge=0)]
    words: Sequence[str]
    person: Sequence[str]
    group: Copies | None


class EventLinks(Struct):
    """The addresses of an event as JSON and as a page, and of its article."""

    self: str
    page: str
    article: str


class Event(Struct):
    """The articles that may belong to the event of one.

    Attributes:
        days: the greatest number of days between the article and a member.
        members: one article of each story, oldest first; none if its day is not known.
    """

    id: str
    published: str | None
    generation: Count
    incomplete: Sequence[str]
    days: Count
    members: Sequence[Member]
    links: EventLinks


class Mention(Brief):
    """An article that has a value, and the passage that mentions it."""

    passage: Snippet | None


class Epithet(Struct):
    """Words next to a name.

    Attributes:
        text: what is said next to the name.
        count: articles that have it and these words.
        q: the words as a query.
    """

    text: str
    count: Count
    q: str


class EntityLinks(Struct):
    """The addresses of a portrait as JSON and as a page, and of its articles as JSON and as a feed."""

    self: str
    page: str
    search: str
    feed: str


class Entity(Struct):
    """The portrait of a person, country, topic, author or source.

    Attributes:
        total: the articles that have it.
        first: its first article with a date.
        last: its last article with a date.
    """

    field: Annotated[str, one_of(ENTITIES)]
    value: str
    label: str
    wikidata: str | None
    generation: Count
    incomplete: Sequence[str]
    total: Count
    names: Sequence[NameCount]
    first: Mention | None
    last: Mention | None
    timeline: Facet | None
    facets: Mapping[str, Facet]
    epithets: Sequence[Epithet]
    newest: Sequence[Hit]
    links: EntityLinks


class Meant(Struct):
    """A similar name, and the articles that have it."""

    value: str
    count: Count


class DraftValue(Struct):
    """A value of a draft, and what the archive has about it.

    Attributes:
        count: the articles that have it.
        blocked: the authority file hides the value.
    """

    value: str
    label: str
    count: Count
    blocked: bool
    first: Brief | None
    last: Brief | None
    names: Sequence[NameCount]
    did_you_mean: Meant | None
    evidence: Sequence[Evidence]


class SharedPassage(Struct):
    """A passage that a draft shares with an article.

    Attributes:
        start: in the draft, in code points.
        text: as written in the article.
        in: [start, end) in the article.
    """

    words: Count
    start: Count
    end: Count
    text: str
    within: Mark = field(name="in")


class Earlier(Brief):
    """An article that shares passages with a draft.

    Attributes:
        share: of the words of the draft.
    """

    share: Likeness
    passages: Sequence[SharedPassage]


class Draft(Struct):
    """What the archive knows about a text.

    Attributes:
        incomplete: the lists that lack something, since there was no time to look it up.
    """

    language: str | None
    incomplete: Sequence[str]
    persons: Sequence[DraftValue]
    countries: Sequence[DraftValue]
    topics: Sequence[DraftValue]
    dates: Sequence[DraftValue]
    earlier: Sequence[Earlier]


class SentDraft(Struct):
    """A text to be checked; nothing of it is stored."""

    text: Annotated[str, Meta(max_length=MAX_CHARACTERS)]
    title: str | None = ""
