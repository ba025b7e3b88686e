"""What people decide about an archive and keep: corrections, names, searches, alerts and citations.

A feature is a folder that reads from top to bottom: the value, the store, the rules. `search` and `indexer` say what an
article is; nothing below imports this package.
"""

from collections.abc import Callable
from pathlib import Path

import search
from desk.asker import Asker, current
from desk.lists.finder import Finder
from search.engine import CURSOR_SECONDS, Engine


def open(
    place: str | Path, cursor_seconds: float = CURSOR_SECONDS, asker: Callable[[], Asker | None] = current
) -> Engine:
    """An engine for an index, as `search.open` gives it, which knows the lists of the index.

    Args:
        asker: gives who asks, to whom a list may belong; None for the operator, who finds all.
    """
    return search.open(place, cursor_seconds, Finder(place, asker))
