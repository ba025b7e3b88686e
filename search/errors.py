"""All exceptions, as one tree.

    DatelineError
    ├── BadQuery            an invalid query
    │   └── CursorExpired   the cursor belongs to a generation that is no longer retained
    ├── ArticleMissing      no article has this id
    │   └── ArticleGone     the article was withdrawn or removed
    ├── ArticleBlocked      the id is blocked
    ├── BadAuthority        an invalid line or change of the authority file
    ├── BadRecord           one record of an archive cannot be read
    │   └── NoArticle       one was read, and is not an article
    ├── OutOfTime           a query exceeds its time budget
    └── IndexProblem        the index cannot be used
        ├── IndexMissing    there is no index at this place
        ├── NotAnIndex      something else is there
        ├── IndexLocked     another process is writing to it
        ├── NeedsUpgrade    it was written before what is asked for was stored
        ├── IndexDamaged    its files cannot be read
        └── CannotWrite     the disk, its permissions or a limit refuse a write
            └── DiskFull    the disk or quota is full

A message names the thing, the value and what to do. Exceptions are raised where a problem is noticed and caught only at
the edge, which maps each to an exit status or an HTTP status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Self

from search.said import Said, said


class DatelineError(Exception):
    """The base of all errors; the message is a sentence for the user."""

    @property
    def sentence(self) -> str:
        """The message, which pages say in their language if it is `Said`."""
        return self.args[0] if self.args and isinstance(self.args[0], Said) else str(self)


@dataclass(frozen=True, slots=True)
class BadValue:
    """One invalid value of a query.

    Attributes:
        name: the attribute, such as `date_from`; for a filter with its field, such as `country.any`.
        value: as given.
        reason: why it is invalid.
        hint: what to do.
    """

    name: str
    value: str
    reason: str
    hint: str

    def __str__(self) -> str:
        return f"{self.reason} {self.hint}".strip()


class BadQuery(DatelineError, ValueError):
    """An invalid query; `errors` has an entry for each invalid value."""

    def __init__(self, errors: Sequence[BadValue]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(str(error) for error in self.errors))


class CursorExpired(BadQuery):
    """A cursor of a generation that is no longer retained."""


class ArticleMissing(DatelineError, KeyError):
    """No article has this id."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(said("No article “{id}” in this index.", id=article_id))

    def __str__(self) -> str:
        return str(self.args[0])


class ArticleGone(ArticleMissing):
    """The article was withdrawn by its publisher or removed; `at` is the time, if known."""

    def __init__(self, article_id: str, at: str | None = None, withdrawn: bool = False) -> None:
        super().__init__(article_id)
        self.at = at
        self.args = (self._said(article_id, at and at[:10], withdrawn),)

    @staticmethod
    def _said(article_id: str, day: str | None, withdrawn: bool) -> Said:
        if day is None:
            if withdrawn:
                return said("Article “{id}” was withdrawn.", id=article_id)
            return said("Article “{id}” was removed.", id=article_id)
        if withdrawn:
            return said("Article “{id}” was withdrawn on {day}.", id=article_id, day=day)
        return said("Article “{id}” was removed on {day}.", id=article_id, day=day)


class ValueMissing(DatelineError, KeyError):
    """No article has this value of a facet."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)

    def __str__(self) -> str:
        return str(self.args[0])


class ArticleBlocked(DatelineError):
    """The id is blocked, and cannot be added."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(f"“{article_id}” is blocked. Unblock it: dateline delete INDEX --unblock {article_id}.")


class BadAuthority(DatelineError, ValueError):
    """An invalid line or change of the authority file."""


class BadRecord(DatelineError, ValueError):
    """One record of an archive cannot be read; `line` is where it starts, from 1, if the format has lines."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason)

    def with_reason(self, reason: str, line: int | None = None) -> BadRecord:
        """The same problem with another message, which says where it is."""
        return BadRecord(reason, line)


class NoArticle(BadRecord):
    """One record of an archive was read, and is not an article: a picture, an unpublished item or one without text."""

    def with_reason(self, reason: str, line: int | None = None) -> BadRecord:
        """The same problem with another message, which says where it is."""
        return NoArticle(reason, line)


class OutOfTime(DatelineError):
    """The time budget was not enough to find the answer."""


class IndexProblem(DatelineError):
    """The index cannot be used."""


class NeedsUpgrade(IndexProblem):
    """The index has articles that were indexed before what a question asks for was stored.

    The command that converts it is said to who runs it, by commands and the log; to readers that others can.
    """

    def __init__(self, lacking: Said) -> None:
        """Args: lacking: a sentence that says what was not stored."""
        self._lacking = lacking
        super().__init__(f"{lacking} Convert it: dateline upgrade INDEX.")

    @property
    def sentence(self) -> str:
        """The message for readers."""
        return said("{lacking} Those who run this archive can convert it.", lacking=self._lacking)


NO_SCANS = said("The index has articles that were indexed before it was stored which have a scan.")


NO_QUALITY = said("The index has articles that were indexed before it was stored how well they were read.")
NO_KNOWN = said("The index has articles that were indexed before it was stored how many of their words are known.")


class IndexMissing(IndexProblem):
    """There is no index at this place."""

    @classmethod
    def at(cls, place: object) -> Self:
        """The error for a place where there never was one, with the command that makes one."""
        return cls(f"There is no index at “{place}”. Make one: dateline index {quote(str(place))} FOLDER.")


class NotAnIndex(IndexProblem):
    """Something other than an index is at this place."""


class IndexLocked(IndexProblem):
    """Another process is writing to the index.

    Args:
        told: a sentence that says so, and which process it is if that is known.
    """

    def __init__(self, told: str) -> None:
        super().__init__(told, "Wait until it has finished.")
        self.told = told

    def __str__(self) -> str:
        return " ".join(self.args)


class IndexDamaged(IndexProblem):
    """The index's files cannot be read."""


class CannotWrite(IndexProblem):
    """The disk, its permissions or a limit refuse a write; raised by `search.system.disk`."""


class DiskFull(CannotWrite):
    """The disk is full, or the quota of this user."""
