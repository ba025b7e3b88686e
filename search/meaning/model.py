"""The model of meaning that this process uses: none, unless the environment variable `DATELINE_MEANING` names its file.

An environment variable, because all processes must use the same: those that index and those that answer.
"""

from __future__ import annotations

import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.meaning.minilm import MiniLM

VARIABLE = "DATELINE_MEANING"
TERM = "meaning"
"""What the explanation of a score calls it."""


def is_chosen() -> bool:
    """True if a file is named."""
    return bool(os.environ.get(VARIABLE))


def check() -> None:
    """Make sure that the model can be used, if one is chosen, without loading it. Raises ModelMissing."""
    if file := os.environ.get(VARIABLE):
        from search.meaning.minilm import content_of

        content_of(Path(file))


def chosen() -> MiniLM | None:
    """The model, which is loaded on first use; None if none is chosen. Raises ModelMissing if it cannot be used."""
    file = os.environ.get(VARIABLE)
    if not file:
        return None
    with _loading:
        return _loaded(file, os.getpid())


@lru_cache(maxsize=1)
def _loaded(file: str, _process: int) -> MiniLM:
    """The model of a file, in this process: a fork may not use that of its parent."""
    from search.meaning.minilm import MiniLM

    return MiniLM(Path(file))


_loading = threading.Lock()


def _begin() -> None:
    """Have a lock of its own in a fork, since a thread of its parent may have had it."""
    global _loading
    _loading = threading.Lock()


os.register_at_fork(after_in_child=_begin)
