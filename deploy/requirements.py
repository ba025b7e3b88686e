"""The part of constraints.txt that is to be installed, as a file for `pip install --require-hashes -r`.

python deploy/requirements.py PART ...: what these parts of pyproject.toml need, with all that this needs in turn. A
part is `dateline` (its dependencies), one of its extras, or a dependency group. pip accepts hashes only where every
requirement has one, which a folder cannot have; so what Dateline needs is installed from here, and then Dateline
itself with `--no-deps`. Needs nothing but Python.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
_ENTRY = re.compile(r"^([\w.-]+)==[^\n]*\n(?:[ \t]+[^\n]*\n)+", re.MULTILINE)
_ASKED_BY = re.compile(r"^ +# +(?:via )?([\w.-]+)", re.MULTILINE)


def requirements(part: str) -> list[str]:
    """What a part needs, as pyproject.toml says it."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = said["project"]
    parts = {"dateline": project["dependencies"]} | project["optional-dependencies"] | said["dependency-groups"]
    return list(parts[part])


def name_of(requirement: str) -> str:
    """The name in a requirement, as constraints.txt writes it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


def locked() -> dict[str, list[str]]:
    """Name → its entries in constraints.txt, of which markers choose one."""
    found: dict[str, list[str]] = {}
    for entry in _ENTRY.finditer((ROOT / "constraints.txt").read_text("utf-8")):
        found.setdefault(entry[1], []).append(entry[0])
    return found


def needed(parts: list[str]) -> list[str]:
    """The entries for these parts."""
    entries = locked()
    needs: dict[str, set[str]] = {}
    for name, own in entries.items():
        for asker in _ASKED_BY.findall("".join(own)):
            needs.setdefault(asker, set()).add(name)
    wanted: set[str] = set()
    left = [name_of(requirement) for part in parts for requirement in requirements(part)]
    while left:
        name = left.pop()
        if name not in wanted:
            wanted.add(name)
            left += needs.get(name, ())
    return [entry for name in sorted(wanted) for entry in entries[name]]


if __name__ == "__main__":
    print(*needed(sys.argv[1:]), sep="", end="")
