"""Compile the kernels ahead, into a library that is loaded in place of a compiler: `python deploy/kernels.py`.

Does nothing where there is a library of these sources. Numba, which compiles them, is fetched for that and removed, in
the version of constraints.txt, unless it is installed. Where the library cannot be made or used, for want of a C
compiler, of Python's headers or of a processor that it is for, `--else-numba` installs Numba instead, which then
compiles kernels where they are used.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from platform import machine

import requirements  # type: ignore[import-not-found]  # next to this

sys.path.insert(0, str(requirements.ROOT))  # of this folder, which need not be installed
from search.jit import library, sources

_NEEDS: dict[str, set[str]] = {"x86_64": {"avx2", "bmi1", "bmi2", "fma"}, "aarch64": set()}
"""By machine: what its processor must have (`building.PROCESSORS`), as Linux names it."""


def main() -> None:
    """The command."""
    lacking = unsuited(machine(), Path("/proc/cpuinfo"))
    if not lacking and not sources.outdated(library.PLACE):
        return
    if lacking := lacking or missing():
        if "--else-numba" not in sys.argv:
            sys.exit(f"Kernels cannot be compiled ahead: {lacking}")
        print(f"Kernels are compiled by Numba, which takes 220 MB, once for this machine, and not ahead: {lacking}")
        if find_spec("numba") is None:
            _install()
    elif find_spec("numba") is not None:
        _build()
    else:
        with tempfile.TemporaryDirectory() as folder:
            _install("--target", folder)
            subprocess.run([sys.executable, __file__], env={**os.environ, "PYTHONPATH": folder}, check=True)


def unsuited(kind: str, processors: Path) -> str:
    """Why the library is not for this machine; nothing, if it is.

    Args:
        kind: of machine, as Python names it.
        processors: what Linux says of them.
    """
    known = set(processors.read_text("utf-8").split()) if processors.exists() else set()
    if known and kind in _NEEDS and _NEEDS[kind] <= known:
        return ""
    without = ", ".join(sorted(_NEEDS.get(kind, set()) - known))
    this = f"this is {kind}{f' without {without}' if without else ''}"
    return f"they are for Linux on x86-64 processors since 2013 or on AArch64, and {this}."


def missing() -> str:
    """Why nothing can be compiled here; nothing, if it can."""
    command = ["cc", "-fsyntax-only", f"-I{sysconfig.get_paths()['include']}", "-xc", "-"]
    try:
        subprocess.run(command, input=b"#include <Python.h>\n", capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "there is no C compiler (cc), or no Python.h. Install e.g. gcc, libc6-dev and python3-dev."
    return ""


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

    def alongside() -> None:
        search.warm(wide=True)

    print("Compiling, once for this machine…", flush=True)
    print(f"{building.build(use, [alongside])} kernels in {library.PLACE.name}.")


if __name__ == "__main__":
    main()
