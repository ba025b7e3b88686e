"""What a web address is compared as: `HTTPS://www.Example.com/News` and `example.com/news` are one.

Without scheme and `www.`, in lower case, so that whoever asks needs to know no more than how it begins. Not for
fetching.
"""

from __future__ import annotations

import re

MAX_KEY = 500
"""Characters that are compared: of longer addresses the beginning."""
_BEFORE = re.compile(r"(?:[a-z][a-z0-9+.-]*://|//|www\.)+")


def key(url: str) -> str:
    """An address as it is compared; "" where nothing is left of it."""
    lower = " ".join(url.split()).lower()
    before = _BEFORE.match(lower)
    return lower[before.end() if before else 0 :][:MAX_KEY].rstrip()
