"""Alerts, as they are sent and listed, and what they have told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import UNSET, Struct, UnsetType

from desk.alerts.alert import CHANNELS
from search.values.results import Count
from service.values.desk_values import Name
from service.values.shared_values import one_of


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
