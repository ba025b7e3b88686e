"""The objects of JSON, none of which loses a value where it states a name twice.

As everywhere, the last value counts; the former one is next to it, as `title (earlier)`. Cost: linear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

_EARLIER = " (earlier"


def made(members: list[tuple[str, object]]) -> dict[str, object]:
    """The object of its members; one that is stated again with the same value is one."""
    found = dict(members)
    if len(found) == len(members):
        return found
    found = {}
    again: Counter[str] = Counter()
    for name, value in members:
        if name in found and found[name] != value:
            store_earlier(found, name, again)
        found[name] = value
    return found


def store_earlier(found: dict[str, object], name: str, again: Counter[str]) -> None:
    """Store under another name the value of a name that is stated again.

    Args:
        again: how often each name was.
    """
    again[name] += 1
    found[f"{name}{_EARLIER})" if again[name] == 1 else f"{name}{_EARLIER} {again[name]})"] = found[name]


def repeated(record: Mapping[str, object]) -> list[str]:
    """The names that an object states again."""
    return list(dict.fromkeys(name.rpartition(_EARLIER)[0] for name in earlier(record)))


def earlier(record: Mapping[str, object]) -> dict[str, object]:
    """The former values of names that an object states again, under their own names."""
    marked = {name: value for name, value in record.items() if _EARLIER in name}
    return {name: value for name, value in marked.items() if name.rpartition(_EARLIER)[0] in record}
