"""The directory of the metrics of a server's processes, created empty for each start.

prometheus_client reads its name when it is first imported, so this module does not import it and is imported earlier.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from search.system import disk, temporary

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def folder() -> Iterator[None]:
    """A directory for the metrics of all workers, while the process that created it runs the server."""
    owner = os.getpid()
    place = temporary.new_folder("dateline-metrics-")
    os.environ[VARIABLE] = str(place)
    try:
        yield
    finally:
        if os.getpid() == owner:  # forked workers get here too when they end
            disk.remove_tree(place)
