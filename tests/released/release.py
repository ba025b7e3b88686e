"""`make release`: a wheel of this version, if all is there that later versions need to open what this one writes.

It makes the index of the version (`making`) where there is none, and refuses to build until that is committed, the
changelog has a date, and the tree is clean. Then the wheel has to say of itself what `pyproject.toml` says.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import service
from desk.store import opening
from indexer import ledger
from search.local.format import steps
from search.local.safe.catalog import Catalog
from search.opensearch import mapping
from search.system import database
from search.system.json import Json
from tests.conftest import ROOT
from tests.released import CLUSTERS, HERE, making, unpacked

KINDS = ("Added", "Changed", "Fixed", "Removed", "Security")
"""The parts of a version in the changelog."""
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_DATED = re.compile(r"(\S+), \d{4}-\d\d-\d\d")


class Formats(NamedTuple):
    """The versions of what an index consists of."""

    segments: int
    ledger: int
    desk: str


CURRENT = Formats(steps.FORMAT, ledger._VERSION, opening.REVISIONS[-1])


def formats_of(place: Path) -> Formats:
    """Those of an index, as it was written."""
    with closing(database.connect(place / ledger.NAME)) as file:
        (version,) = file.execute("PRAGMA user_version").fetchone()
    with closing(database.connect(place / "desk.sqlite")) as file:
        (revision,) = file.execute("SELECT version_num FROM alembic_version").fetchone()
    return Formats(Catalog(place).manifest().format, version, revision)


def of_changelog(text: str, version: str) -> Iterator[str]:
    """What is wrong with the changelog, in sentences."""
    headings = _HEADING.findall(text)
    found = _DATED.fullmatch(headings[0]) if headings else None
    if found is None or found[1] != version:
        yield f"CHANGELOG.md begins with “{headings[0] if headings else ''}”; a release has “{version}, YYYY-MM-DD”."
    first = text.split("\n## ")[1] if headings else ""
    kinds = re.findall(r"^### (.+)$", first, re.MULTILINE)
    if strange := [kind for kind in kinds if kind not in KINDS]:
        yield f"CHANGELOG.md has “{strange[0]}” in {version}; parts are {', '.join(KINDS)}."
    if not re.search(r"^- ", first, re.MULTILINE):
        yield f"CHANGELOG.md does not say what {version} changes."


def of_index(version: str) -> Iterator[str]:
    """What is wrong with the index of this version among those of all, in sentences."""
    path = HERE / f"{version}.tar.xz"
    if not path.exists():
        yield f"There is no {path.relative_to(ROOT)}."
        return
    with tempfile.TemporaryDirectory() as folder:
        found = formats_of(unpacked(version, Path(folder)))
    if found != CURRENT:
        yield (
            f"{path.relative_to(ROOT)} is of {found}, and this version writes {CURRENT}. Remove it, if this version "
            "was never released, or raise the version in service/__init__.py."
        )
    if f"`{path.name}`" not in (HERE / "README.md").read_text("utf-8"):
        yield f"{HERE.relative_to(ROOT)}/README.md has no line about {path.name}."


def of_cluster() -> Iterator[str]:
    """What is wrong with the indexes in clusters, in a sentence."""
    if mapping.VERSION not in CLUSTERS:
        name = f"mapping-{mapping.VERSION}"
        yield f"There is no {name}.tar.xz. Make it: python -m tests.released.making {name} --cluster."


def of_metadata(said: Message, project: Json) -> Iterator[str]:
    """Where a wheel says of itself something else than `pyproject.toml`, in sentences."""
    single = {
        "Name": project["name"], "Version": service.__version__, "Summary": project["description"],
        "License-Expression": project["license"], "Requires-Python": project["requires-python"],
        "Description-Content-Type": "text/markdown",
    }  # fmt: skip
    for name, value in single.items():
        if said[name] != value:
            yield f"The wheel says {name}: {said[name]}, not {value}."
    several = {
        "Classifier": project["classifiers"],
        "Project-URL": [f"{name}, {url}" for name, url in project.get("urls", {}).items()],
    }
    for name, values in several.items():
        if sorted(said.get_all(name, [])) != sorted(values):
            yield f"The wheel has other lines of {name} than pyproject.toml."
    if not str(said.get_payload()).strip():
        yield "The wheel has no description."


def main() -> int:
    """The command; exit status 1 if there is no release."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = service.__version__
    if not (HERE / f"{version}.tar.xz").exists():
        making.make(ROOT, HERE / f"{version}.tar.xz")
        print(
            f"{version}.tar.xz is made: add it to {HERE.relative_to(ROOT)}/README.md, commit both, and run this again."
        )
        return 1
    problems = [*of_changelog((ROOT / "CHANGELOG.md").read_text("utf-8"), version), *of_index(version), *of_cluster()]
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout:
        problems.append("There is something that is not committed.")
    if not problems:
        to = ROOT / "dist"
        subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", to, ROOT], check=True)
        wheel = max(to.glob(f"{project['name']}-{version}-*.whl"), key=lambda path: path.stat().st_mtime)
        with zipfile.ZipFile(wheel) as packed:
            problems += of_metadata(
                message_from_bytes(packed.read(f"{project['name']}-{version}.dist-info/METADATA")), project
            )
        print(wheel)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
