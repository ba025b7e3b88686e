"""What `verify` says of files whose bytes are right, and that do not agree with each other."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from search.local.format import manifest
from search.local.format.layout import COLUMNS, STORE
from search.local.format.manifest import Manifest, SegmentEntry
from search.local.safe.catalog import Catalog
from search.local.safe.verify import Defect, verify


def current(place: Path) -> Manifest:
    return manifest.read(place, Catalog(place).generation)


def vouch(place: Path, was: Manifest, entries: Sequence[SegmentEntry]) -> tuple[Defect, ...]:
    """Have the manifest name these segments, and their files as they are now; what `verify` says of it."""
    manifest.write(place, was.generation, entries, manifest.table(place, was), was.since)
    return verify(place).faults


def test_an_article_that_is_there_twice_is_named(place: Path) -> None:
    was = current(place)  # of three segments, articles of the first two replaced by later ones
    first, second, third = was.segments
    assert verify(place).faults == ()
    assert first.deleted
    faults = vouch(place, was, [replace(first, deleted=()), second, third])

    assert [fault.problem for fault in faults if fault.file == f"segment_{second.id}"] == [
        f"“a{n}” is also in segment_{first.id}." for n in range(7, 12)
    ]


def test_a_segment_of_another_size_is_named(place: Path) -> None:
    was = current(place)
    first, *others = was.segments
    faults = vouch(place, was, [replace(first, size=first.size + 1), *others])

    assert {fault.file for fault in faults} == {f"segment_{first.id}"}
    assert f"It has {first.size + 1} articles, but {first.size} ids." in [fault.problem for fault in faults]
    assert len({fault.problem for fault in faults if "articles, but" in fault.problem}) > 15


@pytest.mark.parametrize("ending", [COLUMNS, STORE])
def test_an_article_that_is_stored_under_another_id_is_named(place: Path, ending: str) -> None:
    was = current(place)
    first, second, _ = was.segments
    shutil.copyfile(place / f"segment_{second.id}{ending}", place / f"segment_{first.id}{ending}")
    faults = vouch(place, was, was.segments)

    problems = [fault.problem for fault in faults if fault.file == f"segment_{first.id}"]
    assert sum("is stored as" in problem for problem in problems) == first.live
