"""What an administrator sees of an index and its service, and the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from msgspec import Struct

from desk.named import MAX_NAME
from desk.people.holder import SCOPES
from search.values.results import Count
from service.values.shared_values import Brief, at_most, one_of

MOST_IDS = 10_000
"""Articles that are taken down at once."""
Scope: TypeAlias = Annotated[str, one_of(SCOPES)]


class SentKey(Struct, forbid_unknown_fields=True):
    """A key to make.

    Attributes:
        scopes: what it permits, besides reading.
        name: of its user, or its purpose.
    """

    scopes: Annotated[Sequence[Scope], at_most(len(SCOPES), "Items")]
    name: Annotated[str, at_most(MAX_NAME)] = ""


class Key(Struct):
    """A key without its secret.

    Attributes:
        created: the time, in UTC.
    """

    id: str
    name: str
    scopes: Sequence[Scope]
    created: str


class Keys(Struct):
    """The keys of an index, oldest first."""

    keys: Sequence[Key]


class MadeKey(Struct):
    """A key with its secret, which is not shown again."""

    key: Key
    secret: str


class FailingAlert(Struct):
    """An alert that could not be asked, or told, the last time, and why."""

    name: str
    problem: str


class AdministeredAlert(Struct):
    """An alert, without what it asks and whom it tells.

    Attributes:
        name: with its owner, as others call it.
        owner: the name of who made it as his own; empty if it is nobody's.
        runs: False if it could not be asked, or told, the last time: `problem` says why.
    """

    number: Count
    name: str
    owner: str
    runs: bool
    problem: str


class Snapshot(Struct):
    """A snapshot of an index.

    Attributes:
        name: of its folder.
        there: False if the folder cannot be found.
        ours: True if it can be checked here: it is in the folder of `DATELINE_SNAPSHOTS`.
        restore: the command that has it replace the index, while the service is stopped.
    """

    name: str
    there: bool
    ours: bool
    restore: str


class Administration(Struct, kw_only=True):
    """An index and its service.

    Attributes:
        version: of Dateline.
        outdated: what `dateline upgrade` would convert; "" if nothing.
        desk: the revision of the desk.
        bytes: what the index takes on disk, without snapshots and the spool.
        free: bytes left on its disk; null for an index in a cluster.
        jobs: how many are in each state.
        alerts: all, private ones too, those that fail first; the first thousand of `alert_count`.
        makes_snapshots: True if `DATELINE_SNAPSHOTS` names a folder for them.
        blocked: the ids that may not be indexed again.
        removed: ids removed in the last 30 days, with the time; newest first, the first thousand.
    """

    version: str
    outdated: str
    desk: str
    articles: Count
    segments: Count
    generation: Count
    bytes: Count
    free: Count | None
    jobs: Mapping[str, Count]
    failing: Sequence[FailingAlert]
    alerts: Sequence[AdministeredAlert]
    alert_count: Count
    makes_snapshots: bool
    snapshots: Sequence[Snapshot]
    blocked: Sequence[str]
    removed: Mapping[str, str]


Wanted: TypeAlias = Literal["remove", "block", "purge", "unblock"]
"""What is to be done to articles; what is purged is blocked as well."""


class SentRemoval(Struct, forbid_unknown_fields=True):
    """Articles to remove; to remove and block; to remove, block and erase; or to allow again.

    Attributes:
        sure: do it; without it, it is only told what would be done.
    """

    ids: Annotated[Sequence[str], at_most(MOST_IDS, "Items")]
    do: Wanted
    sure: bool = False


class Removal(Struct, kw_only=True):
    """What is done to articles.

    Attributes:
        ids: how many different ids were sent.
        there: how many articles of the index have one.
        embargoed: how many are of articles under embargo.
        withheld: how many are blocked now, or withdrawn.
        titles: the first ten that are in the index.
        unknown: how many are of none of these; `not_there`: the first ten of them.
        means: what comes of it, and if it can be undone.
        job: what does it; null if it is only told.
    """

    ids: Count
    there: Count
    embargoed: Count
    withheld: Count
    titles: Sequence[Brief]
    unknown: Count
    not_there: Sequence[str]
    means: str
    job: str | None = None


class SentUpkeep(Struct, forbid_unknown_fields=True):
    """What is to be done to the index: its bytes are checked, its facts renewed, its format converted."""

    do: Literal["verify", "enrich", "upgrade"]


class SentSnapshot(Struct, forbid_unknown_fields=True):
    """What is to be done.

    Attributes:
        check: the name of a snapshot to check; without it a new one is made.
    """

    check: str = ""
