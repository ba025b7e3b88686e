"""The fields of a record under the names that `--map` gives for them, also as a path: `content.rendered`."""

from __future__ import annotations

from collections.abc import Mapping


def renamed(record: Mapping[str, object], names: Mapping[str, str]) -> Mapping[str, object]:
    """A record with the contract's names; a value whose name is then in use goes to `extra`.

    A name may be that of a value in an object of the record, `content.rendered`, unless the record has it as it is.
    """
    paths = {ours: path for ours, theirs in names.items() if (path := _path(record, theirs))}
    if not paths:
        return record
    moved = {ours: _at(record, path) for ours, path in paths.items()}
    for path in paths.values():
        record = _without(record, path)
    displaced = {ours: record[ours] for ours, path in paths.items() if ours in record and path[0] != ours}
    remaining = {name: value for name, value in record.items() if name not in displaced and name not in moved}
    rest = {ours: record[ours] for ours in moved if ours in record and ours not in displaced}
    extra = {"extra": {**extra_of(record), **displaced, **rest}} if displaced or rest else {}
    return {**remaining, **extra, **moved}


def has(record: Mapping[str, object], name: str | None) -> bool:
    """True if a record has a name as given by `--map`, also as a path in it."""
    return name is not None and bool(_path(record, name))


def _path(record: Mapping[str, object], name: str) -> tuple[str, ...]:
    """The names that lead to a value; empty if there is none."""
    if name in record:
        return (name,)
    path = tuple(name.split("."))
    at: object = record
    for part in path:
        if not isinstance(at, Mapping) or part not in at:
            return ()
        at = at[part]
    return path


def _at(record: Mapping[str, object], path: tuple[str, ...]) -> object:
    at: object = record
    for part in path:
        at = at[part] if isinstance(at, Mapping) else None
    return at


def _without(record: Mapping[str, object], path: tuple[str, ...]) -> Mapping[str, object]:
    """A record without a value, and without the objects that have nothing else."""
    first, *rest = path
    others = {name: value for name, value in record.items() if name != first}
    inner = record.get(first)
    left = _without(inner, tuple(rest)) if rest and isinstance(inner, Mapping) else {}
    return {**others, first: left} if left else others


def extra_of(record: Mapping[str, object]) -> Mapping[str, object]:
    """What a record states as `extra`, as an object."""
    stated = record.get("extra")
    return stated if isinstance(stated, Mapping) else {} if stated is None else {"extra": stated}
