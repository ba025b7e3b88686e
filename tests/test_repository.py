"""What is in the repository: sources, and nothing that was built or downloaded."""

from __future__ import annotations

import subprocess

from tests.conftest import ROOT

LARGEST = 3 << 20
"""Bytes of the largest file; the classes of German words come near it."""
BUILT = (".whl", ".egg", ".pyc", ".so", ".jar", ".class", ".nbi", ".nbc", ".gz", ".tar", ".idx")


def test_nothing_built_or_large_is_in_the_repository() -> None:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    files = [ROOT / name for name in run.stdout.split("\0") if name]

    assert len(files) > 1000
    assert [path.name for path in files if path.exists() and path.stat().st_size > LARGEST] == []
    assert [path.name for path in files if path.suffix in BUILT] == []
