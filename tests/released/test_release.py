"""A release has an index of its formats, a dated changelog, and a wheel that says what it is."""

from __future__ import annotations

import tomllib
from email.message import Message
from pathlib import Path

import pytest

import service
from search.local.format import steps
from search.local.safe.catalog import Catalog
from search.opensearch import mapping
from tests.cases import cases
from tests.conftest import ROOT
from tests.released import RELEASES, release, unpacked

VERSION = "0.2.0"
DATED = "# Changelog\n\n## 0.2.0, 2026-12-01\n\n### Added\n\n- Something.\n\n## 0.1.0\n"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_there_is_an_index_of_every_format_that_is_read(tmp_path: Path) -> None:
    """Who raises the format adds one of the format before: `tests/released/README.md`."""
    formats = {Catalog(unpacked(name, tmp_path / name)).manifest().format for name in RELEASES}

    assert formats >= {*range(steps.OLDEST, steps.FORMAT)}


@cases("text, said", [
    (DATED, None),
    (DATED.replace("2026-12-01", "unreleased"), "begins with “0.2.0, unreleased”"),
    (DATED.replace("0.2.0", "0.3.0"), "begins with “0.3.0, 2026-12-01”"),
    (DATED.replace("### Added", "### News"), "has “News” in 0.2.0"),
    (DATED.replace("- Something.", ""), "does not say what"),
    ("# Changelog\n", "begins with “”"),
])  # fmt: skip
def test_a_changelog_that_is_not_ready_is_told(text: str, said: str | None) -> None:
    found = [*release.of_changelog(text, VERSION)]

    assert not found if said is None else said in found[0]


def test_a_version_without_an_index_of_its_formats_is_told() -> None:
    assert "There is no tests/released/9.9.9.tar.xz" in next(release.of_index("9.9.9"))
    assert f"this version writes {release.CURRENT}" in next(release.of_index("format-14"))


def test_a_version_without_an_index_in_a_cluster_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [*release.of_cluster()]
    monkeypatch.setattr(mapping, "VERSION", mapping.VERSION + 1)
    assert f"making mapping-{mapping.VERSION} --cluster" in next(release.of_cluster())


def metadata(**changed: str) -> Message:
    said = Message()
    lines = {
        "Name": PROJECT["name"], "Version": service.__version__, "Summary": PROJECT["description"],
        "License-Expression": PROJECT["license"], "Requires-Python": PROJECT["requires-python"],
        "Description-Content-Type": "text/markdown",
    } | changed  # fmt: skip
    for name, value in lines.items():
        said[name.replace("_", "-")] = value
    for classifier in PROJECT["classifiers"]:
        said["Classifier"] = classifier
    said.set_payload("# Dateline")
    return said


def test_a_wheel_that_says_something_else_is_told() -> None:
    assert [*release.of_metadata(metadata(), PROJECT)] == []
    assert len([*release.of_metadata(metadata(Version="0.0.1", Project_URL="Home, https://a.test"), PROJECT)]) == 2
    bare = metadata()
    bare.set_payload("")
    del bare["Classifier"]
    assert len([*release.of_metadata(bare, PROJECT)]) == 2
