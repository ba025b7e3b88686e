"""Everything that can go wrong, as one tree.

    DatelineError
    ├── BadQuery            a question that cannot be asked as it stands
    │   └── CursorExpired   the cursor belongs to a generation that is gone
    ├── ArticleMissing      no article has this id
    │   └── ArticleGone     one had it, and was withdrawn or removed
    ├── ArticleBlocked      the id was removed for good
    ├── BadAuthority        a line or change of names that cannot be
    ├── BadRecord           one record of an archive cannot be read
    │   └── NoArticle       one was read, and is none
    ├── OutOfTime           a question takes longer than it may
    └── IndexProblem        the index cannot be used
        ├── IndexMissing    there is none at this place
        ├── NotAnIndex      something else is there
        ├── IndexLocked     another process is writing to it
        ├── IndexDamaged    its files cannot be read
        └── CannotWrite     the disk, its rights or a limit refuse a write
            └── DiskFull    there is no room left

A message names the thing, the value and the way out. Errors are raised where they are noticed and caught only at the
edge, which decides what each means there: an exit code, a status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class DatelineError(Exception):
    """Anything Dateline refuses, in one sentence."""


@dataclass(frozen=True, slots=True)
class BadValue:
    """One value of a question that is refused.

    Attributes:
        name: the attribute it was given for, as `date_from`; of a filter its field too, as `country.any`.
        value: as it was given.
        reason: why it is refused.
        hint: what would do.
    """

    name: str
    value: str
    reason: str
    hint: str

    def __str__(self) -> str:
        return f"{self.reason} {self.hint}".strip()


class BadQuery(DatelineError, ValueError):
    """A question that cannot be asked as it stands; `errors` has a line for each value at fault."""

    def __init__(self, errors: Sequence[BadValue]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(str(error) for error in self.errors))


class CursorExpired(BadQuery):
    """A cursor of a generation that is kept no more."""


class ArticleMissing(DatelineError, KeyError):
    """No article has this id."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(f"No article “{article_id}” in this index.")

    def __str__(self) -> str:
        return str(self.args[0])


class ArticleGone(ArticleMissing):
    """An article had this id, and was withdrawn by its publisher or removed; `at` is when, an instant, where known."""

    def __init__(self, article_id: str, at: str | None = None, withdrawn: bool = False) -> None:
        super().__init__(article_id)
        self.at = at
        on = f" on {at[:10]}" if at else ""
        self.args = (f"Article “{article_id}” was {'withdrawn' if withdrawn else 'removed'}{on}.",)


class ArticleBlocked(DatelineError):
    """The id was removed for good, and is not taken in again."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(f"“{article_id}” is blocked. Let it in again: dateline delete INDEX --unblock {article_id}.")


class BadAuthority(DatelineError, ValueError):
    """A line of the authority file, or a change of it, that cannot be."""


class BadRecord(DatelineError, ValueError):
    """One record of an archive cannot be read; `line` is where it starts, from 1, where lines mean something."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason)

    def said(self, reason: str, line: int | None = None) -> BadRecord:
        """The same problem in other words, which say where it is."""
        return BadRecord(reason, line)


class NoArticle(BadRecord):
    """One record of an archive was read, and is no article: a picture, one that is not published or has no text."""

    def said(self, reason: str, line: int | None = None) -> BadRecord:
        """The same in other words, which say where it is."""
        return NoArticle(reason, line)


class OutOfTime(DatelineError):
    """The answer was not found in the time that it may take."""


class IndexProblem(DatelineError):
    """The index cannot be used."""


class IndexMissing(IndexProblem):
    """There is no index at this place."""


class NotAnIndex(IndexProblem):
    """Something other than an index is at this place."""


class IndexLocked(IndexProblem):
    """Another process is writing to the index."""


class IndexDamaged(IndexProblem):
    """The index's files cannot be read."""


class CannotWrite(IndexProblem):
    """The disk, the rights to it or a limit do not let something be written; `search.disk` raises it."""


class DiskFull(CannotWrite):
    """There is no room left, or none that this user may take."""
