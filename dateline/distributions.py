"""Is `search` the one of this distribution? Its name is a common one, and the last to install a file has it.

Reads what pip has written of each distribution, which takes 3 ms; `importlib.metadata` takes 90 for the same answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

FILE = b"\nsearch/__init__.py,"
_SUFFIX = ".dist-info"


class OtherSearch(ImportError):
    """The package `search` that Python finds is not the one of Dateline."""


def check() -> str:
    """Look for other packages called `search`.

    Returns:
        A sentence where another distribution installs one as well, else "".

    Raises:
        OtherSearch: where Python finds another one first.
    """
    spec = find_spec("search")
    place = Path(spec.origin or "") if spec else Path()
    if place.parent.parent != Path(__file__).parent.parent:
        raise OtherSearch(
            f"Dateline needs its own package “search”, and Python finds another one first: {place}. "
            "Rename that one, or run Dateline in an environment of its own."
        )
    others = ", ".join(sorted(set(_bringing())))
    return f"{others} installs a package “search” too. Give Dateline an environment of its own." if others else ""


def _bringing() -> Iterator[str]:
    """The other distributions that install a `search`."""
    for folder in sys.path:
        with suppress(OSError):
            for name in os.listdir(folder or "."):
                if name.endswith(_SUFFIX) and not name.startswith("dateline-"):
                    record = Path(folder, name, "RECORD")
                    if record.exists() and FILE in b"\n" + record.read_bytes():
                        yield name.removesuffix(_SUFFIX).replace("-", " ", 1)
