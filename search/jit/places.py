"""Where what is compiled or derived once for a machine is stored, and that nobody else can write there.

Numba chooses its own directory, by the same rules; this module does without importing it.
"""

from __future__ import annotations

import os
import stat
from functools import cache
from pathlib import Path

from search.errors import CannotWrite, IndexProblem
from search.system import disk


@cache
def derived(sources: Path) -> Path | None:
    """The directory for what is derived from the sources in a folder: the one that is named for compiled kernels, or
    else next to the sources, or in the home directory, if it can be written. None if compiling is disabled, or there
    is no such directory.

    Raises:
        IndexProblem: if others can write there.
    """
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return None
    named = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "dateline"
    for folder in (Path(named),) if named else (sources / "__pycache__", home):
        try:
            disk.make_folder(folder)
        except CannotWrite:
            continue
        if named or os.access(folder, os.W_OK):  # a named one may have been filled before, as that of an image
            only_ours(folder, sources)
            return folder
    return None


@cache
def only_ours(folder: Path, sources: Path) -> None:
    """Make sure that nobody else can write to the kernel cache: it contains pickles and machine code, which are
    executed.

    Next to the sources of the kernels this is not checked: anyone who can write there can change these too.

    Raises:
        IndexProblem: if another user can write there.
    """
    if folder.parent == sources or not folder.is_dir():
        return
    found = folder.stat()
    others = stat.S_IWOTH if found.st_gid == os.getegid() else stat.S_IWOTH | stat.S_IWGRP
    if found.st_uid not in (0, os.geteuid()) or found.st_mode & others:
        raise IndexProblem(
            f"Others can write to “{folder}”, from where compiled code is run. Remove that permission "
            "(chmod go-w), or choose a directory of your own: DATELINE_KERNEL_CACHE."
        )
