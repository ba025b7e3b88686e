"""What people decide and store: corrections, names, lists, saved searches, alerts and citations, and how it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from desk.alerts.alert import CHANNELS
from desk.corrections import correction
from desk.named import MAX_NAME, MAX_NOTE, MOST_ARTICLES
from desk.names import decision
from search.names.authority import KINDS
from search.values.results import Count
from service.values.job_values import JobLinks
from service.values.shared_values import Brief, Following, at_most, one_of

MOST_CORRECTIONS = 1_000
"""Corrections in a request."""
CorrectedField: TypeAlias = Annotated[str, one_of(correction.FIELDS)]
CorrectingAction: TypeAlias = Annotated[str, one_of(correction.ACTIONS)]
Name: TypeAlias = Annotated[str, at_most(MAX_NAME)]
Spelling: TypeAlias = Annotated[str, at_most(decision.LONGEST)]


class SentCorrection(Struct, forbid_unknown_fields=True):
    """A fact of an article that is corrected, or of all articles of a search.

    Attributes:
        query: parameters of a search, in place of an article: each that it finds.
        action: `set` for a date or title, `add` for a line.
        value: a name, a code or name of a country or topic, a date, a title; of a line what was read and what is right:
            `the harbonr → the harbour`.
        before: the date or title that is replaced; if somebody has changed it meanwhile, nothing is stored.
    """

    field: CorrectedField
    action: CorrectingAction
    value: str
    article: str | UnsetType = UNSET
    query: str | UnsetType = UNSET
    note: str = ""
    before: str | UnsetType = UNSET


class SentCorrections(Struct, forbid_unknown_fields=True):
    """Several corrections, of which all are made or none."""

    corrections: Annotated[Sequence[SentCorrection], at_most(MOST_CORRECTIONS, "Items")]


class Correction(Struct):
    """A correction.

    Attributes:
        action: `set` for a date or title, `add` for a line.
        value: a name, a code or name of a country or topic, a date, a title; of a line what was read and what is right:
            `the harbonr → the harbour`.
        names: further spellings that a removal removes.
        by: the name of the key.
        label: the value as people read it: `France` for `FR`.
    """

    number: Count
    article: str
    field: CorrectedField
    action: CorrectingAction
    value: str
    names: Sequence[str]
    by: str
    at: str
    note: str
    undone: str | None
    undone_by: str | None
    label: str


class Corrections(Struct):
    """Corrections, in the order of their numbers."""

    corrections: Sequence[Correction]
    links: Following


class Corrected(Struct):
    """Corrections that are on disk, and the job that applies them."""

    corrections: Sequence[Correction]
    job: str
    links: JobLinks


class SentDecision(Struct, forbid_unknown_fields=True):
    """A decision about a name.

    Attributes:
        name: for all actions but undo.
        aliases: the names that a merge lists under the name.
        wikidata: the Wikidata item of the name: Q19878; none if it is empty.
        before: the item that is replaced; if somebody has changed it meanwhile, nothing is stored.
        change: the number of the change that is undone.
        made: its time, to be sure that it is the change that was seen.
    """

    action: Annotated[str, one_of(decision.ACTIONS)]
    kind: Annotated[str, one_of(KINDS)] = "person"
    name: Spelling = ""
    aliases: Annotated[Sequence[Spelling], at_most(decision.MOST_ALIASES, "Items")] = ()
    wikidata: str = ""
    before: str | UnsetType = UNSET
    change: int = 0
    made: str = ""


class AuthorityEntry(Struct):
    """An entry of the authority file, as its CSV has it."""

    kind: str
    name: str
    alias: str
    wikidata: str
    action: str


class AuthorityChange(Struct):
    """A change of the journal, with its number."""

    number: Count
    at: str
    by: str
    what: str
    added: Sequence[AuthorityEntry]
    removed: Sequence[AuthorityEntry]


class Authority(Struct):
    """The entries in force, and the journal."""

    generation: Count
    entries: Sequence[AuthorityEntry]
    journal: Sequence[AuthorityChange]


class NotedArticle(Struct, forbid_unknown_fields=True):
    """An article that is put on a list, with a note."""

    id: str
    note: str = ""


Named: TypeAlias = Annotated[Sequence[str | NotedArticle], at_most(MOST_ARTICLES, "Items")]


class SentArticles(Struct, forbid_unknown_fields=True):
    """Articles that are put on a list: those that are named, and those that a query finds.

    Attributes:
        query: parameters of a search: all articles that it finds.
    """

    articles: Named = ()
    query: str | UnsetType = UNSET


class SentList(Struct, forbid_unknown_fields=True):
    """A list that is made.

    Attributes:
        query: parameters of a search: all articles that it finds.
        shared: false makes it one's own, true shares it with others. Without it, it is nobody's if the key may edit.
    """

    name: Name = ""
    about: Annotated[str, at_most(MAX_NOTE)] = ""
    articles: Named = ()
    query: str | UnsetType = UNSET
    shared: bool | UnsetType = UNSET


class ChangedList(Struct, forbid_unknown_fields=True):
    """What is changed of a list.

    Attributes:
        before: what is replaced by `about`; if somebody has changed it meanwhile, nothing is stored.
        shared: others find it.
    """

    name: Name | UnsetType = UNSET
    shared: bool | UnsetType = UNSET
    about: Annotated[str, at_most(MAX_NOTE)] | UnsetType = UNSET
    before: str | UnsetType = UNSET


class SentNote(Struct, forbid_unknown_fields=True):
    """A note about an article on a list.

    Attributes:
        before: the note that is replaced; if somebody has changed it meanwhile, nothing is stored.
    """

    note: str = ""
    before: str | UnsetType = UNSET


class ListLinks(Struct):
    """The addresses of a list.

    Attributes:
        page: for people.
        search: a search in it.
    """

    self: str
    page: str
    search: str


class List(Struct, kw_only=True):
    """A list without its articles.

    Attributes:
        articles: articles on it, in the archive or not; of those that are seen, if not every article is.
        made_by: the name of the key.
        mine: it belongs to the one who asks; `private`: nobody else finds it.
        added: after putting articles on it: those that were not on it before.
    """

    added: Count | UnsetType = UNSET
    name: str
    about: str
    articles: Count
    made_by: str
    made: str
    changed_by: str
    changed: str
    mine: bool
    private: bool
    links: ListLinks


class Lists(Struct):
    """All lists, by name."""

    lists: Sequence[List]


class ListEntry(Struct):
    """An article on a list.

    Attributes:
        by: the name of the key that put it there.
        present: the archive has it.
    """

    id: str
    note: str
    by: str
    at: str
    present: bool
    title: str | None
    published: str | None
    source: str | None


class PartLinks(ListLinks):
    """The addresses of a list, and of its next articles."""

    next: str | None


class ListContents(List, kw_only=True):
    """A list and some of its articles, in the order in which they were put on it.

    Attributes:
        present: articles on it that the archive has.
        missing: articles on it that are no longer in the archive.
    """

    present: Count
    missing: Count
    entries: Sequence[ListEntry]
    links: PartLinks


class SentSearch(Struct, forbid_unknown_fields=True):
    """A search that is saved.

    Attributes:
        question: its parameters, as a query string, or the URL of its page.
        shared: false makes it one's own, true shares it with others. Without it, it is nobody's if the key may edit.
    """

    name: Name = ""
    question: str = ""
    shared: bool | UnsetType = UNSET


class ChangedSearch(Struct, forbid_unknown_fields=True):
    """What is changed of a saved search.

    Attributes:
        shared: others find it.
    """

    name: Name | UnsetType = UNSET
    shared: bool | UnsetType = UNSET
    seen: Annotated[bool, Meta(extra_json_schema={"const": True})] | UnsetType = UNSET


class SearchLinks(Struct):
    """The addresses of a saved search, of its result, and of what is new in it; null if nothing is."""

    self: str
    search: str
    new: str | None = None


class Search(Struct):
    """A saved search, and what is new in it to the one who asks.

    Attributes:
        seen: when the one who asks has seen it, or a little before.
        new: added since it was seen; null if it never was.
        mine: it belongs to the one who asks; `private`: nobody else finds it.
        problem: why it cannot be asked any more.
    """

    name: str
    question: str
    made_by: str
    made: str
    mine: bool
    private: bool
    seen: str | None
    total: int | None
    new: int | None
    problem: str | None
    links: SearchLinks


class Searches(Struct):
    """Saved searches, by name."""

    searches: Sequence[Search]
    links: Following


class AlertValues(Struct, forbid_unknown_fields=True):
    """When an alert is told, and how.

    Attributes:
        schedule: `at once`, `hourly`, `daily 07:00` or `weekly Mon 07:00`.
        zone: the time zone of that: `Europe/Berlin`. By default UTC.
        target: the address of a mail or a post.
    """

    name: Name | UnsetType = UNSET
    schedule: str | UnsetType = UNSET
    zone: str | UnsetType = UNSET
    channel: Annotated[str, one_of(CHANNELS)] | UnsetType = UNSET
    target: str | UnsetType = UNSET


class ChangedAlert(AlertValues, forbid_unknown_fields=True):
    """What is changed of an alert.

    Attributes:
        before: what is replaced; if somebody has changed one of it meanwhile, nothing is stored.
        shared: others find it.
    """

    before: AlertValues | UnsetType = UNSET
    shared: bool | UnsetType = UNSET


class SentAlert(AlertValues, forbid_unknown_fields=True):
    """An alert that is made.

    Attributes:
        question: its parameters, as a query string, or the URL of its page.
        search: instead of it, the name of a saved search.
        shared: false makes it one's own, true shares it with others. Without it, it is nobody's.
    """

    question: str | UnsetType = UNSET
    shared: bool | UnsetType = UNSET
    search: str | UnsetType = UNSET


class Delivery(Struct):
    """What an alert told at a time.

    Attributes:
        id: the same however often it is sent.
        attempts: those that have failed.
        problem: why the last one did.
    """

    id: str
    number: Count
    since: str
    at: str
    new: Count
    changed: Count
    gone: Count
    purged: Count
    state: Literal["waiting", "delivered"]
    attempts: Count
    problem: str | None
    next_try: str | None
    delivered: str | None


class AlertLinks(Struct):
    """The addresses of an alert, its feed, and its result."""

    self: str
    feed: str
    search: str


class Alert(Struct):
    """An alert with its last deliveries.

    Attributes:
        target: for a key of scope `edit` only.
        mine: it belongs to the one who asks; `private`: nobody else finds it.
        looked: when it was last looked for something new.
        due: when it will be.
        problem: why it cannot be asked at the moment.
        waiting: the oldest one that has not arrived.
    """

    name: str
    question: str
    schedule: str
    zone: str
    channel: Annotated[str, one_of(CHANNELS)]
    target: str | None
    made_by: str
    made: str
    mine: bool
    private: bool
    looked: str
    due: str
    problem: str | None
    waiting: Delivery | None
    deliveries: Sequence[Delivery]
    links: AlertLinks


class Alerts(Struct):
    """All alerts, by name."""

    alerts: Sequence[Alert]


class CitedArticle(Struct):
    """An article of a cited result.

    Attributes:
        content: SHA-256.
        version: as its publisher numbers it.
    """

    id: str
    content: str
    version: int | None


class CitedResult(Struct):
    """A result at a time.

    Attributes:
        hash: over the ids and contents of all articles; null if there are too many.
    """

    generation: Count
    time: str
    total: Count
    hash: str | None
    articles: Sequence[CitedArticle] | UnsetType | None = UNSET


class CitationLinks(Struct):
    """The addresses of a citation as JSON and as a page, and of its question."""

    self: str
    page: str
    search: str


class Citation(Struct):
    """A cited result.

    Attributes:
        question: parameters of a search, without dates relative to the day.
        by: the name of the key; empty if it was made without one.
        purged: how many of its articles were purged since.
    """

    id: str
    question: str
    order: str
    by: str
    purged: Count
    then: CitedResult
    links: CitationLinks


class Citations(Struct):
    """Stored citations, the last ones first."""

    citations: Sequence[Citation]
    links: Following


class Gone(Struct):
    """An article that is not found any more.

    Attributes:
        why: for the first 100.
    """

    id: str
    why: str | None


class Versions(Struct):
    """The versions of an article.

    Attributes:
        then, now: as its publisher numbers it.
    """

    then: int | None
    now: int | None


class ChangedArticle(Brief):
    """An article with other content."""

    version: Versions


class Reopened(Citation):
    """A cited result, then and now.

    Attributes:
        same: nothing came, went or changed, besides what was purged.
        came: null if the articles of then are not stored.
        added_since: of a citation that is not stored: articles added since.
        changed_since: of a citation that is not stored: articles changed since.
        problem: why the question cannot be asked any more; then `now` says nothing.
    """

    now: CitedResult
    same: bool
    came: Sequence[Brief] | None
    went: Sequence[Gone] | None
    changed: Sequence[ChangedArticle] | None
    added_since: int | None
    changed_since: int | None
    problem: str | None
