"""One URL parameter: its name, the attribute of the query it sets, and how its values are read and written.

A table of these describes the parameters of a route: `decoded` reads values by it, `made` finds the attributes that
they set, and `encoded` writes an object back, so a declared parameter is never read and then ignored. The target
decides what a value means and if it is valid (see `search.values.query`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from itertools import groupby
from typing import Any, Literal, TypeVar

from search.errors import BadQuery, BadValue
from search.said import said
from search.values.bad_values import MAX_HINTS, nearest, outside

Kind = Literal["string", "integer", "boolean", "list"]
Pairs = list[tuple[str, str]]
T = TypeVar("T")

_DIGITS = 12
"""Of the greatest number; one with more is out of any range."""
_SHOWN = 40
"""Characters of a number that is too large, as an error shows it."""


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """One parameter; equal to itself only, so that tables of them are quick to look up.

    Attributes:
        name: as in the URL.
        kind: the format of its value; a `list` is comma-separated.
        help: a sentence.
        target: the dataclass it sets an attribute of.
        attribute: the attribute of the target; it has its default if the parameter is absent.
        facet: the facet of a filter.
        repeat: True if it may be given more than once; its attribute is then a tuple.
        distinct: True if repetitions of a value are one; otherwise its target decides what they mean.
        choices: the allowed values; empty if any.
        bounds: the least and the greatest value of an integer; None is open.
        pattern: a regular expression of its values, as it is described to programs; its target checks them.
        blank: True if a blank value is a value; otherwise the parameter counts as absent.
        default: of the attribute.

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
    distinct: bool = True
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int | None] | None = None
    blank: bool = False
    example: str = ""
    pattern: str = ""
    default: Any = field(init=False)

    def __post_init__(self) -> None:
        defaults = {attribute.name: attribute.default for attribute in fields(self.target)}
        if self.attribute not in defaults:
            raise TypeError(f"{self.target.__name__} has no attribute “{self.attribute}”, which {self.name} sets.")
        object.__setattr__(self, "default", defaults[self.attribute])


def decoded(
    pairs: Sequence[tuple[str, str]], table: Sequence[Parameter], errors: list[BadValue], allow_unknown: bool = False
) -> dict[str, Any]:
    """The values of the given parameters, by name. Problems are added to `errors`.

    Args:
        allow_unknown: True to ignore names that are not in the table; otherwise they are errors.
    """
    known = _by_name(tuple(table))
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in known:
            if value.strip() or known[name].blank:
                given.setdefault(name, []).append(value.strip())
        elif not allow_unknown:
            errors.append(
                BadValue(name, value, said("No parameter “{name}”.", name=name), _hint(name, tuple(known), errors))
            )
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


def checked(target: Callable[..., T], errors: list[BadValue], attributes: Mapping[str, Any]) -> T:
    """An object with some attributes; with its defaults if they are not valid. Problems are added to `errors`."""
    try:
        return target(**attributes)
    except BadQuery as problem:
        errors += problem.errors
        return target()


def encoded(table: Sequence[Parameter], objects: Mapping[type, Any]) -> Pairs:
    """The parameters that describe some objects, in the order of the table, without defaults.

    Args:
        objects: objects by target; a target of filters is a `Query`, which has them by the name of their facet.
    """
    pairs: Pairs = []
    for target, facet, some in _runs(tuple(table)):
        thing = objects.get(target)
        if facet is not None and thing is not None:
            thing = thing.filters.get(facet)
        if thing is not None:
            pairs += described(some, thing)
    return pairs


def described(parameters: Iterable[Parameter], thing: object) -> Pairs:
    """The parameters of one object, in order, without defaults."""
    return [
        pair
        for parameter in parameters
        if (value := getattr(thing, parameter.attribute)) != parameter.default
        for pair in _pairs(parameter, value)
    ]


@cache
def _by_name(table: tuple[Parameter, ...]) -> Mapping[str, Parameter]:
    """The parameters of a table by name."""
    return {parameter.name: parameter for parameter in table}


@cache
def _runs(table: tuple[Parameter, ...]) -> tuple[tuple[type, str | None, tuple[Parameter, ...]], ...]:
    """The parameters of a table in runs that describe one object: its type, and the facet of a filter.

    Most links of a page have no filter on most facets; these are skipped whole.
    """
    runs = groupby(table, key=lambda parameter: (parameter.target, parameter.facet))
    return tuple((target, facet, tuple(some)) for (target, facet), some in runs)


def _pairs(parameter: Parameter, value: Any) -> Pairs:
    if parameter.repeat:
        return [(parameter.name, one) for one in value]
    if parameter.kind == "list":
        return [(parameter.name, ",".join(value))]
    if parameter.kind == "boolean":
        return [(parameter.name, "true" if value else "false")]
    return [(parameter.name, str(value))]


def _value(parameter: Parameter, found: list[str], errors: list[BadValue]) -> Any:
    """The meaning of the values of a parameter; None if they are not valid. Problems are added to `errors`."""

    def wrong(value: str, reason: str, hint: str) -> None:
        errors.append(BadValue(parameter.name, value, reason, hint))

    if parameter.repeat:
        return tuple(dict.fromkeys(found) if parameter.distinct else found)
    if len(found) > 1:
        wrong(
            ", ".join(found),
            said("{name} is given {length} times.", name=parameter.name, length=str(len(found))),
            said("Give it once."),
        )
    value = found[-1]
    match parameter.kind:
        case "boolean":
            if value not in ("true", "false"):
                wrong(
                    value,
                    said("{name} is “{value}”.", name=parameter.name, value=value),
                    said("It must be true or false."),
                )
            return value == "true"
        case "integer":
            digits = value.removeprefix("-")
            if not (digits.isascii() and digits.isdecimal()):
                wrong(
                    value,
                    said("{name} is “{value}”.", name=parameter.name, value=value),
                    said("It must be a whole number."),
                )
                return None
            significant = digits.lstrip("0") or "0"
            if len(significant) > _DIGITS:
                low, high = parameter.bounds or (0, None)
                shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
                errors.append(outside(parameter.name, shown, low, 10**_DIGITS - 1 if high is None else high))
                return None
            return int(significant) if value == digits else -int(significant)
        case "list":
            listed = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
            for part in listed:
                if part not in parameter.choices:
                    wrong(
                        part,
                        said("{name} has no “{part}”.", name=parameter.name, part=part),
                        _hint(part, parameter.choices, errors),
                    )
            return tuple(part for part in listed if part in parameter.choices)
        case "string":
            if parameter.choices and value not in parameter.choices:
                wrong(
                    value,
                    said("{name} cannot be “{value}”.", value=value, name=parameter.name),
                    nearest(value, parameter.choices),
                )
                return None
            return value


def _hint(value: str, known: tuple[str, ...], errors: Sequence[BadValue]) -> str:
    """The nearest of some names, for the first errors only."""
    return nearest(value, known) if len(errors) < MAX_HINTS else "Omit it."
