"""What a person changes is stored only if it is still what that person has seen.

Of two who change one text at the same time, the second is told what it is by now, and that theirs was not stored. Who
sends what is to be replaced (`before`) is safe from that; who does not, replaces anything.
"""

from __future__ import annotations

from search.errors import DatelineError
from search.said import said


class ChangedMeanwhile(DatelineError):
    """Somebody has set a text to another one than the one that was to be replaced.

    Args:
        what: in words: `note of “a1”`.
    """

    def __init__(self, what: str, now: str, new: str) -> None:
        super().__init__(
            said(
                "Somebody has changed the {what} meanwhile. It is now: “{now}”. Yours was not stored: “{new}”.",
                what=what,
                now=now,
                new=new,
            )
        )


def check_replaced(what: str, now: str, before: str | None, new: str) -> None:
    """Raise ChangedMeanwhile if a text is neither what it was to be before nor what it is to be.

    Args:
        before: None for any.
    """
    if before is not None and now.split() not in (before.split(), new.split()):
        raise ChangedMeanwhile(what, now, new)
