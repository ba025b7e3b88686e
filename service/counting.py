"""Where the processes of a server keep their counts: a directory that is emptied by making a new one.

prometheus_client looks for it when it is first imported, so this module imports nothing of it, and comes before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from search import disk, temporary

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def folder() -> Iterator[None]:
    """A directory for the counts of all workers, for as long as the process that made it runs the server."""
    owner = os.getpid()
    place = temporary.new_folder("dateline-metrics-")
    os.environ[VARIABLE] = str(place)
    try:
        yield
    finally:
        if os.getpid() == owner:  # workers, forked in between, come by here too when they end
            disk.remove_tree(place)
