"""Refuses to copy an index onto or into itself."""

from __future__ import annotations

import os
from pathlib import Path

from search.errors import IndexProblem
from search.opensearch import address


def check(source: str | Path, destination: str | Path) -> None:
    """Make sure that a destination is neither the source nor in its directory, by whatever name.

    Raises:
        IndexProblem: if it is, or if one of the two is not a valid address.
    """
    if address.is_address(source) or address.is_address(destination):
        if address.is_address(source) and address.is_address(destination):
            _check_addresses(str(source), str(destination))
        return
    there = Path(os.path.realpath(destination))
    for place in (there, *there.parents):
        if place.exists() and Path(source).exists() and place.samefile(source):
            if place == there:
                raise _same(source, destination)
            raise IndexProblem(f"“{destination}” is inside “{source}”, which is to be copied. Choose a place outside.")


def _check_addresses(source: str, destination: str) -> None:
    ours, theirs = address.read(source), address.read(destination)
    if ours.name == theirs.name and set(ours.hosts) & set(theirs.hosts):
        raise _same(source, destination)


def _same(source: str | Path, destination: str | Path) -> IndexProblem:
    return IndexProblem(f"“{source}” and “{destination}” are the same index. Choose another destination.")
