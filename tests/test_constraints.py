"""constraints.txt is in step with pyproject.toml, and whole: what is installed from it needs nothing else."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.cases import cases
from tests.conftest import ROOT

TEXT = (ROOT / "constraints.txt").read_text("utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PARTS = ["dateline", *PYPROJECT["project"]["optional-dependencies"], *PYPROJECT["dependency-groups"]]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
MACHINES = ["x86_64", "aarch64"]


def _script() -> Any:
    spec = spec_from_file_location("requirements", ROOT / "deploy/requirements.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _script()
LOCKED: dict[str, list[Requirement]] = {
    name: [Requirement(entry.partition("\\")[0]) for entry in entries] for name, entries in SCRIPT.locked().items()
}


def environment(python: str, machine: str) -> dict[str, str]:
    """What markers see there, in place of what they see here."""
    return {"python_version": python, "python_full_version": f"{python}.1",
            "platform_machine": machine, "sys_platform": "linux", "os_name": "posix", "platform_system": "Linux",
            "extra": ""}  # fmt: skip


def chosen(name: str, python: str, machine: str = "x86_64") -> Requirement | None:
    """The entry that is installed there."""
    here = environment(python, machine)
    fits = [entry for entry in LOCKED[name] if entry.marker is None or entry.marker.evaluate(here)]
    assert len(fits) <= 1
    return fits[0] if fits else None


def pinned(entry: Requirement) -> str:
    (one,) = entry.specifier
    assert one.operator == "=="
    return one.version


@cases("machine", MACHINES)
@cases("python", PYTHONS)
@cases("part", PARTS)
def test_everything_that_is_asked_for_is_there_in_a_version_that_fits(part: str, python: str, machine: str) -> None:
    for asked in map(Requirement, SCRIPT.requirements(part)):
        entry = chosen(canonicalize_name(asked.name), python, machine)
        assert entry is not None, asked
        assert asked.specifier.contains(pinned(entry)), f"{asked}: constraints.txt has {entry}. Run make constraints."


def test_what_builds_dateline_is_there() -> None:
    assert set(PYPROJECT["build-system"]["requires"]) <= set(PYPROJECT["dependency-groups"]["install"])


@cases("part", PARTS)
def test_what_is_needed_in_turn_is_there(part: str) -> None:
    """Asked of what is installed here."""
    here = environment(f"3.{sys.version_info.minor}", "x86_64")
    names = {re.split("==", entry)[0] for entry in SCRIPT.needed([part])}
    assert {canonicalize_name(Requirement(asked).name) for asked in SCRIPT.requirements(part)} <= names
    for name in names:
        try:
            wanted = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # for another Python, or of a part that is not installed here
        if chosen(name, f"3.{sys.version_info.minor}") is not None:
            needs = [asked for asked in map(Requirement, wanted) if asked.marker is None or asked.marker.evaluate(here)]
            assert {canonicalize_name(asked.name) for asked in needs} <= names, name


def test_every_entry_is_pinned_and_has_hashes() -> None:
    assert len(LOCKED) > 80
    for entries in SCRIPT.locked().values():
        for entry in entries:
            assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry
    assert all(pinned(entry) for entries in LOCKED.values() for entry in entries)
    assert len(re.findall(r"^\S+==", TEXT, re.MULTILINE)) == sum(map(len, LOCKED.values()))


def test_no_place_to_download_from_is_named() -> None:
    assert "://" not in TEXT
    assert not [line for line in TEXT.splitlines() if line.startswith("-")]


@cases("name", ["Makefile", "Dockerfile"])
def test_what_installs_checks_the_hashes(name: str) -> None:
    installs = re.findall(r"pip install[^\n]*", (ROOT / name).read_text("utf-8"))

    assert len(installs) == 2
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs), installs
