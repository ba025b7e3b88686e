"""An alert, and its deliveries, as they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from desk.named import called_by_others

Channel = Literal[
    "feed",
    "mail",
    "post",
    "command",
]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""The ways to tell somebody; each is described in the module of its name in `service.desk.alerts`."""
UNSENT: Channel = "feed"
"""That of anyone who has signed in; to be told by any other needs scope `edit`."""
State = Literal["waiting", "delivered"]


@dataclass(frozen=True, slots=True)
class Alert:
    """A question that is asked again and again, and tells somebody what is new.

    Attributes:
        number: never that of another alert.
        question: its parameters, as a query string.
        schedule: when it is told, as `desk.alerts.schedule` reads it; `zone` is the time zone of that.
        channel: how it is told; `target` is the address, "" for channels without one.
        made_by, made: the name of the key that made it, and when.
        looked: when it was last looked for something new, and in which `generation`.
        due: the next time at which it will be.
        problem: why it could not be asked the last time; "" if it could.
        rules: a hash of the decisions about names that were in force then.
        owner: whose it is, as a member of groups, or ""; `shared`: 1 if others find it, too (`desk.owned`).
        sight: what its owner could see when it was last looked for something new (`rights.stored`).
    """

    number: int
    name: str
    question: str
    schedule: str
    zone: str
    channel: Channel
    target: str
    made_by: str
    made: str
    looked: str
    generation: int
    due: str
    problem: str = ""
    rules: str = ""
    owner: str = ""
    shared: int = 0
    sight: str = ""

    @property
    def private(self) -> bool:
        """True if nobody but its owner finds it."""
        return bool(self.owner) and not self.shared

    @property
    def full(self) -> str:
        """What others call it."""
        return called_by_others(self.name, self.made_by) if self.owner else self.name


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an alert tells at once: the difference between two generations.

    Attributes:
        alert: the number of the alert; `number` is that of the delivery among those of the alert, from 1.
        since, at: the times at which it looked; `generation` is the one that it saw then.
        came, changed, went: the ids of the articles, each in the order of the ids. An article that went does not match
            any more, or has been removed.
        titles: the ids and titles of those that went, as far as they are known.
        erased: the number of articles of it that have been purged.
        state: `waiting` until it is delivered.
        attempts: how many have failed; `problem` says why the last one did, `next_try` when the next one is.
        delivered: when it was delivered; "" if it was not.
    """

    alert: int
    number: int
    since: str
    at: str
    generation: int
    came: tuple[str, ...]
    changed: tuple[str, ...]
    went: tuple[str, ...]
    erased: int = 0
    state: State = "waiting"
    attempts: int = 0
    next_try: str = ""
    problem: str = ""
    delivered: str = ""
    titles: tuple[tuple[str, str], ...] = ()

    @property
    def total(self) -> int:
        """The number of articles that it is about."""
        return len(self.came) + len(self.changed) + len(self.went) + self.erased
