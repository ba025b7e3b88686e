"""Normal form of a web address: `HTTPS://www.Example.com/News` and `example.com/news` compare equal.

The scheme and `www.` are removed and letters lowered, so that a prefix is enough to search for one. Not for fetching.
"""

from __future__ import annotations

import re

MAX_KEY = 500
"""Characters that are compared; longer addresses are truncated."""
_BEFORE = re.compile(r"(?:[a-z][a-z0-9+.-]*://|//|www\.)+")


def key(url: str) -> str:
    """The normal form of an address; "" if nothing is left of it."""
    lower = " ".join(url.split()).lower()
    before = _BEFORE.match(lower)
    return lower[before.end() if before else 0 :][:MAX_KEY].rstrip()
