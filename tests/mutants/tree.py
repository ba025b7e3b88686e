"""A copy of the project, in which tests are run and files are changed; the working tree is never touched."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from compileall import compile_dir
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from search.jit import library
from tests.mutants import PACKAGES

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".mutants"
QUICK, SEEDS = "DATELINE_TESTS_QUICK", "DATELINE_TESTS_SEEDS"
"""Read by `tests/conftest.py`."""


def digest(path: Path) -> str:
    """What tells a file from the same one changed."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_compiled(name: str) -> bool:
    """Whether a change to a file has no effect before all kernels in its folder are compiled."""
    return PurePosixPath(name).parent.name == "kernels"


@dataclass(frozen=True)
class Tree:
    """The copy at a path."""

    path: Path

    @classmethod
    def copy(cls, path: Path) -> Tree:
        """Copy the files of the working tree that Git knows or would take, and what is compiled."""
        tree = cls(path)
        tree.restore()
        if not (path / ".venv").exists():
            (path / ".venv").symlink_to(ROOT / ".venv")
        for cache in [*(ROOT / "search").rglob("__pycache__"), *(ROOT / "indexer").rglob("__pycache__")]:
            for file in [*cache.glob("*.nbi"), *cache.glob("*.nbc")]:
                tree._put(file.relative_to(ROOT).as_posix())
        for package in (*PACKAGES, "tests"):
            compile_dir(path / package, quiet=2)  # what is forked writes none
        return tree

    def restore(self) -> None:
        """Make it the working tree again, whatever was done to it."""
        names = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        ).stdout.split("\0")  # fmt: skip
        names.append(library.PLACE.relative_to(ROOT).as_posix())
        present = {name for name in names if name and (ROOT / name).is_file()}
        for name in present:
            self._put(name)
        for folder, folders, files in os.walk(self.path):
            folders[:] = [name for name in folders if name not in ("__pycache__", ".venv")]
            for file in files:
                if (Path(folder) / file).relative_to(self.path).as_posix() not in present:
                    (Path(folder) / file).unlink()

    def _put(self, name: str) -> None:
        at, to = (ROOT / name).stat(), self.path / name
        if to.is_file() and (to.stat().st_size, to.stat().st_mtime_ns) == (at.st_size, at.st_mtime_ns):
            return
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to)

    @contextmanager
    def changed(self, name: str, source: str) -> Iterator[None]:
        """Have another source in the place of a file for a while; its time is one that no compiled file has."""
        path = self.path / name
        moment = path.stat().st_mtime + 100
        path.write_text(source, "utf-8")
        os.utime(path, (moment, moment))
        try:
            with self._own_kernels(path.parent) if is_compiled(name) else nullcontext():
                yield
        finally:
            self.restore()

    @contextmanager
    def _own_kernels(self, folder: Path) -> Iterator[None]:
        """Put the compiled kernels of a folder aside, and back in the place of what is compiled meanwhile."""
        cache, aside = (
            folder / "__pycache__",
            self.path.parent / "-".join(["aside", *folder.relative_to(self.path).parts]),
        )
        if not aside.exists():  # else a run was ended here, and they are there
            cache.mkdir(exist_ok=True)
            cache.rename(aside)
        try:
            yield
        finally:
            shutil.rmtree(cache, ignore_errors=True)
            aside.rename(cache)

    def environment(self, **more: str) -> dict[str, str]:
        """The environment in which tests import what is in the copy, leave no compiled file of a changed one, and take
        the first example that fails."""
        return {**os.environ, "PYTHONPATH": str(self.path), "PYTHONDONTWRITEBYTECODE": "1", QUICK: "1", **more}
