"""Compile the kernels ahead, into a library that is loaded in place of a compiler: `python deploy/kernels.py`.

Does nothing where there is a library of these sources. Numba, which compiles them, is fetched for that and removed, in
the version of constraints.txt, unless it is installed. Where the library cannot be linked, for want of a C compiler or
of Python's headers, `--else-numba` installs Numba instead, which then compiles kernels where they are used.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

import requirements  # type: ignore[import-not-found]  # next to this

sys.path.insert(0, str(requirements.ROOT))  # of this folder, which need not be installed
from search.jit import library, sources


def main() -> None:
    """The command."""
    if not sources.outdated(library.PLACE):
        return
    if not _can_link():
        lacking = "A C compiler (cc), or Python's headers, are missing, so that kernels cannot be compiled ahead"
        if "--else-numba" not in sys.argv:
            sys.exit(f"{lacking}. Install them, e.g. gcc, libc6-dev and python3-dev.")
        print(f"{lacking}: Numba is installed, which takes 220 MB, and compiles them once for this machine.")
        if find_spec("numba") is None:
            _install()
    elif find_spec("numba") is not None:
        _build()
    else:
        with tempfile.TemporaryDirectory() as folder:
            _install("--target", folder)
            subprocess.run([sys.executable, __file__], env={**os.environ, "PYTHONPATH": folder}, check=True)


def _can_link() -> bool:
    headers = Path(sysconfig.get_paths()["include"], "Python.h")
    return headers.exists() and shutil.which("cc") is not None


def _install(*how: str) -> None:
    """Install Numba, without what is there already."""
    installed = {requirements.name_of(found.metadata["Name"]) for found in distributions()}
    needed = [entry for entry in requirements.needed(["numba"]) if requirements.name_of(entry) not in installed]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("".join(needed))
        listed.flush()
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-compile", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, *how, "-r", listed.name], check=True)


def _build() -> None:
    import search
    from indexer import pipeline
    from search.jit import building

    def use() -> None:
        pipeline.warm()
        search.warm(backwards=True, wide=True)

    def beside() -> None:
        search.warm(wide=True)

    print(f"{building.build(use, [beside])} kernels in {library.PLACE.name}.")


if __name__ == "__main__":
    main()
