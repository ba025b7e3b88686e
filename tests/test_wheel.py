"""`python -m build` makes a wheel that is whole: it is installed in an environment of its own, and used from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from itertools import chain
from pathlib import Path
from runpy import run_path
from shutil import copyfile, copytree, ignore_patterns

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

import service
from tests import waiting

ROOT = Path(__file__).parent.parent
PACKAGES = ("search", "desk", "indexer", "service", "dateline")

pytestmark = [pytest.mark.wheel, pytest.mark.check]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, timeout=waiting.HANG_S)
    (made,) = folder.glob("*.whl")
    assert len(list(folder.glob("*.tar.gz"))) == 1
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs of a new environment are, with the pip that Python brings along."""
    place = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", place], check=True, timeout=waiting.HANG_S)
    subprocess.run([place / "bin" / "pip", "install", "-q", wheel], check=True, timeout=waiting.HANG_S)
    return place / "bin"


def run(program: Path, *arguments: str | Path, folder: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "DATELINE_KERNEL_CACHE": str(folder / "kernels")}
    return subprocess.run(
        [program, *arguments],
        cwd=folder,
        env=environment,
        check=True,
        timeout=waiting.HANG_S,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def test_the_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.splitlines()
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert set(tracked) <= names
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_image_is_given_all_that_a_wheel_is_made_of(tmp_path: Path) -> None:
    steps = (ROOT / "Dockerfile").read_text("utf-8").partition("pip wheel")[0]
    copied = [line.split()[1:-1] for line in steps.splitlines() if line.startswith("COPY")]
    listed = ["git", "ls-files", *chain.from_iterable(copied)]
    for name in subprocess.run(listed, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copyfile(ROOT / name, tmp_path / name)
    making = ["pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", "."]
    subprocess.run([sys.executable, "-m", *making], cwd=tmp_path, check=True, timeout=waiting.HANG_S)

    assert len(list((tmp_path / "dist").glob("dateline-*.whl"))) == 1


def test_a_wheel_needs_numba_unless_it_has_the_library_of_kernels(tmp_path: Path) -> None:
    for name in ("search/jit", "search/kernels"):
        copytree(ROOT / name, tmp_path / name, ignore=ignore_patterns("__pycache__", "_kernels.*"))
    copyfile(ROOT / "search" / "fields.py", tmp_path / "search" / "fields.py")
    sources = run_path(str(tmp_path / "search" / "jit" / "sources.py"))
    metadata = ProjectMetadata(str(ROOT), PluginManager())
    hook = run_path(str(ROOT / "deploy" / "wheel.py"))["Tag"](str(tmp_path), {}, None, metadata, str(tmp_path), "wheel")
    library = tmp_path / "search" / "jit" / "_kernels.so"

    def needs(version: str = "standard") -> list[str]:
        build_data: dict[str, list[str]] = {"dependencies": []}
        hook.initialize(version, build_data)
        return [each.partition("<")[0].partition(">")[0] for each in build_data["dependencies"]]

    assert needs() == ["llvmlite", "numba"]
    assert needs("editable") == []  # `pip check` would find it lacking once the folder has a library
    library.write_text("".join(sources["named"](*each) for each in sources["folders"]().items()), "utf-8")
    assert needs() == []
    library.write_text("search.kernels=", "utf-8")
    with pytest.raises(ValueError, match=r"not of these sources \(search\.kernels\)\. Run: make kernels"):
        needs()


def test_it_says_its_version_and_completes(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "dateline", "--version", folder=tmp_path) == f"dateline, version {service.__version__}\n"
    for shell in ("zsh", "fish"):
        assert "_DATELINE_COMPLETE" in run(installed / "dateline", "completion", shell, folder=tmp_path)


def test_it_indexes_and_finds(installed: Path, tmp_path: Path) -> None:
    index = tmp_path / "seeds.idx"
    report = json.loads(run(installed / "dateline", "index", index, ROOT / "seeds", "--json", folder=tmp_path))
    found = json.loads(
        run(installed / "dateline", "search", index, "berlin wall", "--country", "Germany", "--json", folder=tmp_path)
    )

    assert report["skipped"] == []
    assert report["added"] >= 120
    assert found["total"] >= 2
