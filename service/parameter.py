"""One URL parameter: its name, the attribute of the query it sets, and how its values are read and written.

A table of these describes the parameters of a route: `decoded` reads values by it, `made` finds the attributes that
they set, and `encoded` writes an object back, so a declared parameter is never read and then ignored. The target
decides what a value means and if it is valid (see `search.query`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

from search.errors import BadValue
from search.query import MAX_HINTS, nearest

Kind = Literal["string", "integer", "boolean", "list"]
Pairs = list[tuple[str, str]]

_DIGITS = 12
"""Digits of a number that are read; one with more is out of any range."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Attributes:
        name: as in the URL.
        kind: the format of its value; a `list` is comma-separated.
        help: a sentence.
        target: the dataclass it sets an attribute of.
        attribute: the attribute of the target; it has its default if the parameter is absent.
        facet: the facet of a filter.
        repeat: True if it may be given more than once; its attribute is then a tuple.
        choices: the allowed values; empty if any.
        bounds: the least and the greatest value of an integer; None is open.
        blank: True if a blank value is a value; otherwise the parameter counts as absent.

    Raises:
        TypeError: on construction, if the target has no such attribute.
    """

    name: str
    kind: Kind
    help: str
    target: type
    attribute: str
    facet: str | None = None
    repeat: bool = False
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int | None] | None = None
    blank: bool = False
    example: str = ""

    def __post_init__(self) -> None:
        if self.attribute not in _defaults(self.target):
            raise TypeError(f"{self.target.__name__} has no attribute “{self.attribute}”, which {self.name} sets.")


@cache
def _defaults(target: type) -> dict[str, Any]:
    """The defaults of the attributes of a dataclass."""
    return {field.name: field.default for field in fields(target)}


def decoded(
    pairs: Sequence[tuple[str, str]], table: Sequence[Parameter], errors: list[BadValue], allow_unknown: bool = False
) -> dict[str, Any]:
    """The values of the given parameters, by name. Problems are added to `errors`.

    Args:
        allow_unknown: True to ignore names that are not in the table; otherwise they are errors.
    """
    known = {parameter.name: parameter for parameter in table}
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in known:
            if value.strip() or known[name].blank:
                given.setdefault(name, []).append(value.strip())
        elif not allow_unknown:
            errors.append(BadValue(name, value, f"No parameter “{name}”.", _hint(name, tuple(known), errors)))
    values = {name: _value(known[name], found, errors) for name, found in given.items()}
    return {name: value for name, value in values.items() if value is not None}


def made(
    values: Mapping[str, Any], table: Sequence[Parameter], target: type, facet: str | None = None
) -> dict[str, Any]:
    """The attributes of a target (of a filter, that of this facet) that values set."""
    return {
        parameter.attribute: values[parameter.name]
        for parameter in table
        if parameter.target is target and parameter.facet == facet and parameter.name in values
    }


def encoded(table: Sequence[Parameter], objects: Mapping[type, Any]) -> Pairs:
    """The parameters that describe some objects, in the order of the table, without defaults.

    Args:
        objects: objects by target; a target of filters has a method `filter` that returns that of a facet.
    """
    return [pair for parameter in table if parameter.target in objects for pair in _pairs(parameter, objects)]


def _pairs(parameter: Parameter, objects: Mapping[type, Any]) -> Iterator[tuple[str, str]]:
    thing = objects[parameter.target]
    value = getattr(thing if parameter.facet is None else thing.filter(parameter.facet), parameter.attribute)
    if value == _defaults(parameter.target)[parameter.attribute]:
        return
    if parameter.repeat:
        yield from ((parameter.name, one) for one in value)
    elif parameter.kind == "list":
        yield parameter.name, ",".join(value)
    elif parameter.kind == "boolean":
        yield parameter.name, "true" if value else "false"
    else:
        yield parameter.name, str(value)


def _value(parameter: Parameter, found: list[str], errors: list[BadValue]) -> Any:
    """The meaning of the values of a parameter; None if they are not valid. Problems are added to `errors`."""

    def wrong(value: str, reason: str, hint: str) -> None:
        errors.append(BadValue(parameter.name, value, reason, hint))

    if parameter.repeat:
        return tuple(dict.fromkeys(found))
    if len(found) > 1:
        wrong(", ".join(found), f"{parameter.name} is given {len(found)} times.", "Give it once.")
    value = found[-1]
    match parameter.kind:
        case "boolean":
            if value not in ("true", "false"):
                wrong(value, f"{parameter.name} is “{value}”.", "It is true or false.")
            return value == "true"
        case "integer":
            if not (value.removeprefix("-").isascii() and value.removeprefix("-").isdecimal()):
                wrong(value, f"{parameter.name} is “{value}”.", "It is a whole number.")
                return None
            return int(value[:_DIGITS])
        case "list":
            listed = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
            for part in listed:
                if part not in parameter.choices:
                    wrong(part, f"{parameter.name} has no “{part}”.", _hint(part, parameter.choices, errors))
            return tuple(part for part in listed if part in parameter.choices)
        case "string":
            if parameter.choices and value not in parameter.choices:
                wrong(value, f"“{value}” is not a valid {parameter.name}.", nearest(value, parameter.choices))
                return None
            return value


def _hint(value: str, known: tuple[str, ...], errors: Sequence[BadValue]) -> str:
    """The nearest of some names, for the first errors only."""
    return nearest(value, known) if len(errors) < MAX_HINTS else "Omit it."
