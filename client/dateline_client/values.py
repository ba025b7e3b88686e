"""The values of the API, as its description has them: made by `python -m tests.derived`."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class Problem(TypedDict):
    """Why a request is refused, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[BadParameter]]


class BadParameter(TypedDict):
    """What is wrong with a parameter or a field, and what to do."""

    parameter: str
    value: str
    reason: str
    hint: str


class Results(TypedDict):
    """A page of results."""

    total: int
    exact: bool
    took_ms: float
    generation: int
    incomplete: list[str]
    query: Reading
    did_you_mean: str | None
    hits: list[Hit]
    facets: dict[str, Facet]
    links: Links


class Reading(TypedDict):
    """How the text of the query was read."""

    text: str
    canonical: str
    notes: list[str]
    terms: list[TermCount]
    match: NotRequired[Partial]
    forms: NotRequired[list[FormCount]]


class TermCount(TypedDict):
    """A word or phrase of the query and the number of articles of the archive that have it."""

    term: str
    articles: int
    excluded: NotRequired[Any]


class Partial(TypedDict):
    """How many of the words, phrases and groups of a query were required, if not all."""

    least: int
    of: int
    complete: int
    any: int | None


class FormCount(TypedDict):
    """What a scanner may have read in place of a word of the query, and the number of matches that it adds."""

    word: str
    form: str
    articles: int
    own: NotRequired[Any]


class Hit(TypedDict):
    """An article that matches, with the requested fields."""

    id: NotRequired[str]
    title: NotRequired[str]
    title_marks: NotRequired[list[list[int]]]
    published: NotRequired[str | None]
    source: NotRequired[str | None]
    url: NotRequired[str | None]
    score: NotRequired[float | None]
    person: NotRequired[list[str]]
    country: NotRequired[list[str]]
    topic: NotRequired[list[str]]
    group: NotRequired[Copies | None]
    added: NotRequired[str | None]
    changed: NotRequired[str | None]
    snippets: NotRequired[list[Snippet]]
    wikidata: NotRequired[dict[str, dict[str, str]]]
    missing: NotRequired[list[str]]
    scored: NotRequired[list[Scored]]


class Copies(TypedDict):
    """A near-duplicate group: its id, and its number of articles in the archive, two and more."""

    id: str
    size: int


class Snippet(TypedDict):
    """A passage of an article's text, and the positions of the query's words in it."""

    text: str
    marks: list[list[int]]


class Scored(TypedDict):
    """What a word adds to the score of an article, or its meaning."""

    term: str
    score: float
    expansion: NotRequired[Any]
    meaning: NotRequired[Any]


class Facet(TypedDict):
    """The values of a facet, or the intervals of the dates."""

    values: NotRequired[list[FacetCount]]
    distinct: NotRequired[int]
    missing: int
    interval: NotRequired[str]
    buckets: NotRequired[list[Bucket]]


class FacetCount(TypedDict):
    """A value of a facet and the number of articles that match if it alone is selected."""

    value: str
    label: str
    count: int
    selected: bool
    wikidata: NotRequired[str]


class Bucket(TypedDict):
    """A calendar interval, by its first day (ISO), and the number of articles published in it."""

    start: str
    count: int


class Links(TypedDict):
    """The addresses of this page of results, the next and the previous one."""

    self: str
    next: str | None
    prev: str | None


class Accepted(TypedDict):
    """A request that is on disk and will be done."""

    job: str
    links: JobLinks


class JobLinks(TypedDict):
    """The address of a job."""

    self: str


class Article(TypedDict):
    """One complete article, with the evidence for its values, and with its copies."""

    id: str
    title: str
    text: str
    published: str | None
    added: str | None
    changed: str | None
    published_from: str | None
    mentioned: list[str]
    person: list[str]
    country: list[str]
    topic: list[str]
    source: str | None
    section: str | None
    author: list[str]
    language: str | None
    url: str | None
    byline: str | None
    group: str | None
    quality: float | None
    known: float | None
    source_id: str | None
    extra: dict[str, Any]
    evidence: dict[str, list[Evidence]]
    wikidata: NotRequired[dict[str, dict[str, str]]]
    likeness: float | None
    copies: list[Copy]


Evidence = TypedDict(
    "Evidence",
    {
        "value": "str",
        "start": "int | None",
        "end": "int | None",
        "text": "str",
        "rule": "str",
        "confidence": "float",
        "main": "NotRequired[bool]",
        "in": "Any",
        "why": "str",
    },
)


class Copy(TypedDict):
    """A near-duplicate, and how much its text is like that of the article that represents the group."""

    id: str
    title: str
    published: str | None
    source: str | None
    likeness: float | None


class Event(TypedDict):
    """The articles that may belong to the event of one."""

    id: str
    published: str | None
    generation: int
    incomplete: list[str]
    days: int
    members: list[Member]
    links: EventLinks


class Member(TypedDict):
    """An article that may belong to an event."""

    id: str
    title: str
    published: str
    source: str | None
    score: float
    words: list[str]
    person: list[str]
    group: Copies | None


class EventLinks(TypedDict):
    """The addresses of an event as JSON and as a page, and of its article."""

    self: str
    page: str
    article: str


class Suggestions(TypedDict):
    """Completions of a name."""

    suggestions: list[Suggestion]


class Suggestion(TypedDict):
    """A completion of the typed text, and the number of articles of the archive that have it."""

    type: str
    value: str
    label: str
    count: int


class Trend(TypedDict):
    """The share of articles that match, over time."""

    interval: str
    denominator: str
    buckets: list[Share]
    gaps: list[Gap]
    missing: int
    of_missing: int
    legible: NotRequired[Legible]


class Share(TypedDict):
    """A calendar interval: its matches, all its articles, and the quotient."""

    start: str
    count: int
    of: int
    share: float | None


class Gap(TypedDict):
    """Whole calendar intervals of which a part of the archive has no article."""

    part: str
    name: str
    start: str
    end: str


class Legible(TypedDict):
    """The part of a trend that legible articles have: those of whose words at least a share is known."""

    least: float
    buckets: list[Share]
    missing: int
    unknown: int


class Special(TypedDict):
    """What is special about a result, as a whole and in each period."""

    field: str
    against: str
    total: int
    of: int
    values: list[Keyness]
    than: NotRequired[str]
    by: NotRequired[str]
    earlier: NotRequired[int]
    missing: NotRequired[int]
    incomplete: NotRequired[list[str]]
    periods: NotRequired[list[Period]]


class Keyness(TypedDict):
    """A value, or a word, and how special it is."""

    value: str
    label: str
    count: int
    of: int
    expected: float
    g2: float
    log_ratio: float


class Period(TypedDict):
    """What is special about a result in a period."""

    start: str
    end: str
    total: int
    of: int
    values: list[Keyness]


class SentBatch(TypedDict):
    """Names or questions, one each; blank ones have no answer."""

    lines: list[str]


class Batch(TypedDict):
    """A batch, and answers to some of its lines."""

    job: str
    state: str
    created: str
    problem: str | None
    lines: int
    done: int
    rows: list[Answer]
    links: Following


class Answer(TypedDict):
    """What was found for a line."""

    line: int
    asked: str
    query: str
    problem: str | None
    total: int
    first: Mention | None
    last: Mention | None


class Mention(TypedDict):
    """An article at one end of a list, with the first passage of its text that has the words; "" if none has."""

    id: str
    title: str
    published: str
    passage: str


class Following(TypedDict):
    """The address of the rest of a list."""

    next: str | None


class Concordance(TypedDict):
    """Occurrences of a query's words."""

    total: int
    articles: int
    generation: int
    rows: list[Row]
    cursor: str | None
    links: Following
    collocates: list[Collocate]


class Row(TypedDict):
    """An occurrence."""

    id: str
    title: str
    published: str | None
    source: str | None
    within: str
    start: int
    end: int
    left: str
    match: str
    right: str


class Collocate(TypedDict):
    """A word that stands near the occurrences."""

    word: str
    count: int
    of: int
    strength: float


class Pairs(TypedDict):
    """The pairs of values in the articles of a result."""

    fields: list[str]
    measure: str
    total: int
    found: int
    nodes: list[PairNode]
    edges: list[PairEdge]


class PairNode(TypedDict):
    """A value of a pair, and the number of articles of the result that have it."""

    field: str
    value: str
    label: str
    count: int


class PairEdge(TypedDict):
    """A pair of values. Of two values of one facet, `a` is the first by label."""

    a: str
    b: str
    count: int
    npmi: float


class Entity(TypedDict):
    """The portrait of a person, country, topic, author or source."""

    field: str
    value: str
    label: str
    wikidata: str | None
    generation: int
    incomplete: list[str]
    total: int
    names: list[NameCount]
    first: Mention | None
    last: Mention | None
    timeline: Facet | None
    facets: dict[str, Facet]
    epithets: list[Epithet]
    newest: list[Hit]
    links: EntityLinks


class NameCount(TypedDict):
    """A name as articles list it."""

    name: str
    count: int


class Epithet(TypedDict):
    """Words next to a name."""

    text: str
    count: int
    q: str


class EntityLinks(TypedDict):
    """The addresses of a portrait as JSON and as a page, and of its articles as JSON and as a feed."""

    self: str
    page: str
    search: str
    feed: str


class SentDraft(TypedDict):
    """A text to be checked; nothing of it is stored."""

    text: str
    title: str | None


class Draft(TypedDict):
    """What the archive knows about a text."""

    language: str | None
    incomplete: list[str]
    persons: list[DraftValue]
    countries: list[DraftValue]
    topics: list[DraftValue]
    dates: list[DraftValue]
    earlier: list[Earlier]


class DraftValue(TypedDict):
    """A value of a draft, and what the archive has about it."""

    value: str
    label: str
    count: int
    blocked: bool
    first: Brief | None
    last: Brief | None
    names: list[NameCount]
    did_you_mean: Meant | None
    evidence: list[Evidence]


class Brief(TypedDict):
    """An article, as far as a list names it."""

    id: str
    title: str
    published: str | None
    source: str | None


class Meant(TypedDict):
    """A similar name, and the articles that have it."""

    value: str
    count: int


class Earlier(TypedDict):
    """An article that shares passages with a draft."""

    id: str
    title: str
    published: str | None
    source: str | None
    share: float
    passages: list[SharedPassage]


SharedPassage = TypedDict(
    "SharedPassage", {"words": "int", "start": "int", "end": "int", "text": "str", "in": "list[int]"}
)


class Comparison(TypedDict):
    """Queries side by side."""

    queries: list[Compared]
    interval: str
    denominator: str
    buckets: list[Moment]
    of_missing: int
    overlaps: list[Overlap]
    differences: dict[str, list[Difference]]
    exact: bool


class Compared(TypedDict):
    """A query: its text, its canonical form, how it was repaired, and the articles that it finds."""

    text: str
    canonical: str
    notes: list[str]
    total: int
    missing: int


class Moment(TypedDict):
    """A calendar interval, by its first day (ISO)."""

    start: str
    counts: list[int]
    of: int


class Overlap(TypedDict):
    """Some of the queries."""

    of: list[int]
    count: int
    only: int


class Difference(TypedDict):
    """A value in which queries differ."""

    value: str
    label: str
    counts: list[int]
    g2: float


class CrossTable(TypedDict):
    """The articles of a result by one or two dimensions."""

    total: int
    axes: list[Axis]
    cells: list[list[int]]
    exact: bool


class Axis(TypedDict):
    """One dimension."""

    by: str
    found: int
    values: list[CrossValue]


class CrossValue(TypedDict):
    """A row or a column: its articles."""

    value: str | None
    label: str
    count: int


class Searches(TypedDict):
    """Saved searches, by name."""

    searches: list[Search]
    links: Following


class Search(TypedDict):
    """A saved search, and what is new in it to the one who asks."""

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


class SearchLinks(TypedDict):
    """The addresses of a saved search, of its result, and of what is new in it; null if nothing is."""

    self: str
    search: str
    new: str | None


class SentSearch(TypedDict):
    """A search that is saved."""

    name: NotRequired[str]
    question: NotRequired[str]
    shared: NotRequired[bool]


class ChangedSearch(TypedDict):
    """What is changed of a saved search."""

    name: NotRequired[str]
    shared: NotRequired[bool]
    seen: NotRequired[bool]


class Alerts(TypedDict):
    """All alerts, by name."""

    alerts: list[Alert]


class Alert(TypedDict):
    """An alert with its last deliveries."""

    name: str
    question: str
    schedule: str
    zone: str
    channel: str
    target: str | None
    made_by: str
    made: str
    mine: bool
    private: bool
    looked: str
    due: str
    problem: str | None
    waiting: Delivery | None
    deliveries: list[Delivery]
    links: AlertLinks


class Delivery(TypedDict):
    """What an alert told at a time."""

    id: str
    number: int
    since: str
    at: str
    new: int
    changed: int
    gone: int
    purged: int
    state: str
    attempts: int
    problem: str | None
    next_try: str | None
    delivered: str | None


class AlertLinks(TypedDict):
    """The addresses of an alert, its feed, and its result."""

    self: str
    feed: str
    search: str


class SentAlert(TypedDict):
    """An alert that is made."""

    name: NotRequired[str]
    schedule: NotRequired[str]
    zone: NotRequired[str]
    channel: NotRequired[str]
    target: NotRequired[str]
    question: NotRequired[str]
    shared: NotRequired[bool]
    search: NotRequired[str]


class ChangedAlert(TypedDict):
    """What is changed of an alert."""

    name: NotRequired[str]
    schedule: NotRequired[str]
    zone: NotRequired[str]
    channel: NotRequired[str]
    target: NotRequired[str]
    before: NotRequired[AlertValues]
    shared: NotRequired[bool]


class AlertValues(TypedDict):
    """When an alert is told, and how."""

    name: NotRequired[str]
    schedule: NotRequired[str]
    zone: NotRequired[str]
    channel: NotRequired[str]
    target: NotRequired[str]


class Authority(TypedDict):
    """The entries in force, and the journal."""

    generation: int
    entries: list[AuthorityEntry]
    journal: list[AuthorityChange]


class AuthorityEntry(TypedDict):
    """An entry of the authority file, as its CSV has it."""

    kind: str
    name: str
    alias: str
    wikidata: str
    action: str


class AuthorityChange(TypedDict):
    """A change of the journal, with its number."""

    number: int
    at: str
    by: str
    what: str
    added: list[AuthorityEntry]
    removed: list[AuthorityEntry]


class SentDecision(TypedDict):
    """A decision about a name."""

    action: str
    kind: NotRequired[str]
    name: NotRequired[str]
    aliases: NotRequired[list[str]]
    wikidata: NotRequired[str]
    before: NotRequired[str]
    change: NotRequired[int]
    made: NotRequired[str]


class Corrections(TypedDict):
    """Corrections, in the order of their numbers."""

    corrections: list[Correction]
    links: Following


class Correction(TypedDict):
    """A correction."""

    number: int
    article: str
    field: str
    action: str
    value: str
    names: list[str]
    by: str
    at: str
    note: str
    undone: str | None
    undone_by: str | None
    label: str


class SentCorrection(TypedDict):
    """A fact of an article that is corrected, or of all articles of a search."""

    field: str
    action: str
    value: str
    article: NotRequired[str]
    query: NotRequired[str]
    note: NotRequired[str]
    before: NotRequired[str]


class SentCorrections(TypedDict):
    """Several corrections, of which all are made or none."""

    corrections: list[SentCorrection]


class Corrected(TypedDict):
    """Corrections that are on disk, and the job that applies them."""

    corrections: list[Correction]
    job: str
    links: JobLinks


class Citations(TypedDict):
    """Stored citations, the last ones first."""

    citations: list[Citation]
    links: Following


class Citation(TypedDict):
    """A cited result."""

    id: str
    question: str
    order: str
    by: str
    purged: int
    then: CitedResult
    links: CitationLinks


class CitedResult(TypedDict):
    """A result at a time."""

    generation: int
    time: str
    total: int
    hash: str | None
    articles: NotRequired[list[CitedArticle] | None]


class CitedArticle(TypedDict):
    """An article of a cited result."""

    id: str
    content: str
    version: int | None


class CitationLinks(TypedDict):
    """The addresses of a citation as JSON and as a page, and of its question."""

    self: str
    page: str
    search: str


class Reopened(TypedDict):
    """A cited result, then and now."""

    id: str
    question: str
    order: str
    by: str
    purged: int
    then: CitedResult
    links: CitationLinks
    now: CitedResult
    same: bool
    came: list[Brief] | None
    went: list[Gone] | None
    changed: list[ChangedArticle] | None
    added_since: int | None
    changed_since: int | None
    problem: str | None


class Gone(TypedDict):
    """An article that is not found any more."""

    id: str
    why: str | None


class ChangedArticle(TypedDict):
    """An article with other content."""

    id: str
    title: str
    published: str | None
    source: str | None
    version: Versions


class Versions(TypedDict):
    """The versions of an article."""

    then: int | None
    now: int | None


class Lists(TypedDict):
    """All lists, by name."""

    lists: list[List]


class List(TypedDict):
    """A list without its articles."""

    added: NotRequired[int]
    name: str
    about: str
    articles: int
    made_by: str
    made: str
    changed_by: str
    changed: str
    mine: bool
    private: bool
    links: ListLinks


class ListLinks(TypedDict):
    """The addresses of a list."""

    self: str
    page: str
    search: str


class SentList(TypedDict):
    """A list that is made."""

    name: NotRequired[str]
    about: NotRequired[str]
    articles: NotRequired[list[str | NotedArticle]]
    query: NotRequired[str]
    shared: NotRequired[bool]


class NotedArticle(TypedDict):
    """An article that is put on a list, with a note."""

    id: str
    note: NotRequired[str]


class ListContents(TypedDict):
    """A list and some of its articles, in the order in which they were put on it."""

    added: NotRequired[int]
    name: str
    about: str
    articles: int
    made_by: str
    made: str
    changed_by: str
    changed: str
    mine: bool
    private: bool
    links: PartLinks
    present: int
    missing: int
    entries: list[ListEntry]


class PartLinks(TypedDict):
    """The addresses of a list, and of its next articles."""

    self: str
    page: str
    search: str
    next: str | None


class ListEntry(TypedDict):
    """An article on a list."""

    id: str
    note: str
    by: str
    at: str
    present: bool
    title: str | None
    published: str | None
    source: str | None


class SentArticles(TypedDict):
    """Articles that are put on a list: those that are named, and those that a query finds."""

    articles: NotRequired[list[str | NotedArticle]]
    query: NotRequired[str]


class ChangedList(TypedDict):
    """What is changed of a list."""

    name: NotRequired[str]
    shared: NotRequired[bool]
    about: NotRequired[str]
    before: NotRequired[str]


class SentNote(TypedDict):
    """A note about an article on a list."""

    note: NotRequired[str]
    before: NotRequired[str]


class Jobs(TypedDict):
    """The last jobs, the newest first."""

    jobs: list[Job]


class Job(TypedDict):
    """An accepted request, with counts once it is done."""

    id: str
    state: str
    kind: str
    created: str
    problem: str | None
    collection: str
    name: str
    size: int
    progress: NotRequired[Progress]
    table: NotRequired[SentTable]
    read: NotRequired[int]
    added: NotRequired[int]
    updated: NotRequired[int]
    unchanged: NotRequired[int]
    removed: NotRequired[int]
    embargoed: NotRequired[int]
    skipped: NotRequired[list[Skipped]]
    skipped_count: NotRequired[int]
    reasons: NotRequired[dict[str, int]]
    warnings: NotRequired[list[Skipped]]
    warning_count: NotRequired[int]
    internal_errors: NotRequired[int]
    seconds: NotRequired[float]
    generation: NotRequired[int]
    held: NotRequired[list[str]]
    left: NotRequired[int]
    differences: NotRequired[int]
    links: JobLinks


class Progress(TypedDict):
    """How far a job is."""

    done: int
    size: int
    read: int


class SentTable(TypedDict):
    """A table that waits."""

    columns: list[str]
    fields: dict[str, str]
    problem: str
    rows: list[list[str] | str]
    read: list[TableRecord]


class TableRecord(TypedDict):
    """A record of a table as it would be read; or, without a text, why it would be rejected."""

    title: str
    published: str | None
    source: str | None
    text: str
    reason: str


class Skipped(TypedDict):
    """A record with a problem."""

    path: str
    line: int | None
    reason: str
    error: NotRequired[str]
    place: NotRequired[str]


class DoneToJob(TypedDict):
    """What is to be done to a job of articles; one that enriches can be paused and resumed."""

    do: str
    map: NotRequired[dict[str, str]]


class Rights(TypedDict):
    """The rules, read from the top: the first that is for a reader and fits an article decides; if none, `export`."""

    rules: list[Rule]


class Rule(TypedDict):
    """A rule."""

    who: str
    what: Extent
    tier: str


Extent = TypedDict(
    "Extent",
    {
        "collection": "NotRequired[list[str]]",
        "source": "NotRequired[list[str]]",
        "language": "NotRequired[list[str]]",
        "from": "NotRequired[str]",
        "to": "NotRequired[str]",
    },
)


class InForce(TypedDict):
    """Rules that are in force now."""

    rules: list[Rule]
    warnings: list[str]


class Administration(TypedDict):
    """An index and its service."""

    version: str
    outdated: str
    desk: str
    articles: int
    segments: int
    generation: int
    bytes: int
    free: int | None
    jobs: dict[str, int]
    failing: list[FailingAlert]
    alerts: list[AdministeredAlert]
    alert_count: int
    makes_snapshots: bool
    snapshots: list[Snapshot]
    blocked: list[str]
    removed: dict[str, str]


class FailingAlert(TypedDict):
    """An alert that could not be asked, or told, the last time, and why."""

    name: str
    problem: str


class AdministeredAlert(TypedDict):
    """An alert, without what it asks and whom it tells."""

    number: int
    name: str
    owner: str
    runs: bool
    problem: str


class Snapshot(TypedDict):
    """A snapshot of an index."""

    name: str
    there: bool
    ours: bool
    restore: str


class SentUpkeep(TypedDict):
    """What is to be done to the index: its bytes are checked, its facts renewed, its format converted."""

    do: str


class SentRemoval(TypedDict):
    """Articles to remove; to remove and block; to remove, block and erase; or to allow again."""

    ids: list[str]
    do: str
    sure: NotRequired[bool]


class Removal(TypedDict):
    """What is done to articles."""

    ids: int
    there: int
    embargoed: int
    withheld: int
    titles: list[Brief]
    unknown: int
    not_there: list[str]
    means: str
    job: str | None


class SentSnapshot(TypedDict):
    """What is to be done."""

    check: NotRequired[str]


class Keys(TypedDict):
    """The keys of an index, oldest first."""

    keys: list[Key]


class Key(TypedDict):
    """A key without its secret."""

    id: str
    name: str
    scopes: list[str]
    created: str


class SentKey(TypedDict):
    """A key to make."""

    scopes: list[str]
    name: NotRequired[str]


class MadeKey(TypedDict):
    """A key with its secret, which is not shown again."""

    key: Key
    secret: str


class People(TypedDict):
    """Keys and people."""

    people: list[Member]


class Groups(TypedDict):
    """Groups, by name."""

    groups: list[str]


class Sessions(TypedDict):
    """Who is signed in."""

    sessions: list[Session]


class Session(TypedDict):
    """Somebody who is signed in."""

    id: str
    who: str
    name: str
    began: str
    ends: str


class Me(TypedDict):
    """Who asks."""

    name: str
    groups: list[str]
    scopes: list[str]


class Status(TypedDict):
    """Whether the service can answer."""

    status: str
    generation: NotRequired[int]
