"""The separator that a line before the header of a table names, as `sep=;` for Excel."""

from __future__ import annotations

import re

_NAMED = re.compile(r'("?)sep=([^\w\s"]|\t)\1\s*', re.IGNORECASE)


def named_separator(line: str) -> str | None:
    """The separator that a line names; None if it is a line of the table."""
    found = _NAMED.fullmatch(line)
    return found[2] if found is not None else None
