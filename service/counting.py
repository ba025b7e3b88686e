"""Where the processes of a server keep their counts: a directory that is emptied by making a new one.

prometheus_client looks for it when it is first imported, so this module imports nothing of it, and comes before.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def folder() -> Iterator[None]:
    """A directory for the counts of all workers, for as long as the process that made it runs the server."""
    owner = os.getpid()
    place = tempfile.mkdtemp(prefix="dateline-metrics-")
    os.environ[VARIABLE] = place
    try:
        yield
    finally:
        if os.getpid() == owner:  # workers, forked in between, come by here too when they end
            shutil.rmtree(place)
