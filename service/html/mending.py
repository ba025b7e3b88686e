"""A request of which some values cannot be read: the page of the rest, with an error next to the field of each.

One bad value, such as a date that is none, costs a reader neither the page nor what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from falcon import Request

from search.errors import BadQuery, BadValue
from search.fields import FACET_NAMES
from search.said import said
from search.system.lazy import cached_property
from search.text.numbers import whole_number
from service import params
from service.html.strangers import strangers
from service.http import problems
from service.params.parameter import Pairs
from service.wording.messages import current, gettext

T = TypeVar("T")

DATES = ("from", "to", "added.from", "added.to")
FIELDS: Mapping[str, str] = {name: name for name in ("q", "from", "to", "find", "name", "and")} | {
    f"{name}{part}": f"facet-{name}" for name in FACET_NAMES for part in ("", ".all", ".not", ".missing")
}
"""Parameter → the id of the field on a page that sets it."""
_MOST = 8
"""Rounds of reading: each check names all that it finds, and one check needs what another has passed."""


@dataclass(frozen=True)
class Unread:
    """What could not be read of a request.

    Attributes:
        given: all parameters of the request, with those at fault.
        status: of the response; 200 if nothing is at fault but names that are not known.
    """

    errors: Sequence[BadValue] = ()
    given: Sequence[tuple[str, str]] = ()
    status: HTTPStatus = HTTPStatus.OK

    def __bool__(self) -> bool:
        return bool(self.errors)

    @property
    def heading(self) -> str:
        """The errors in one sentence."""
        if self.status == HTTPStatus.OK:
            return gettext("Sorry, some of this address couldn’t be read")
        if len(self.errors) > 1:
            return gettext("Sorry, some of this search couldn’t be read")
        if self.errors[0].name in DATES:
            return gettext("Sorry, this date couldn’t be read")
        return gettext("Sorry, this search couldn’t be read")

    @property
    def listed(self) -> list[tuple[str | None, BadValue]]:
        """Each error, and the id of its field; None if it has none."""
        return [(FIELDS.get(error.name), error) for error in self.errors]

    @cached_property
    def by_field(self) -> Mapping[str, str]:
        """The errors by the id of the field that they appear next to."""
        found: dict[str, str] = {}
        for field, error in self.listed:
            if field is not None:
                said = told(error)
                found[field] = f"{found[field]} {said}" if field in found else said
        return found

    def typed(self, name: str, read: str | None) -> str:
        """The value of a field: what was typed if it could not be read, or else what was read."""
        if name not in self.by_field:
            return read or ""
        return next((value for given, value in self.given if given == name), "")


def told(error: BadValue) -> str:
    """What is wrong and what to do, in the language of the page."""
    said = current().said
    return f"{said(error.reason)} {said(error.hint)}".strip()


READ = Unread()
"""A request that was read as a whole."""


def unknown(pairs: Sequence[tuple[str, str]], known: Collection[str]) -> Unread:
    """What a page tells of a request that it read by itself: the parameters that are not known."""
    return Unread(tuple(strangers(pairs, known)), pairs)


def readable(
    answer: Callable[[Pairs], T], pairs: Sequence[tuple[str, str]], known: Collection[str] | None = None
) -> tuple[T, Unread]:
    """The answer to what can be read of a request, and what cannot.

    Args:
        answer: answers parameters, and raises `BadQuery` if it cannot read them.
        known: the names of all parameters that `answer` reads, if it ignores others; these are told.

    Raises:
        BadQuery: if the parameters that it names are not in the request.
    """
    errors = dict.fromkeys(strangers(pairs, known) if known is not None else ())
    valid, status = list(pairs), HTTPStatus.OK
    for _ in range(_MOST):
        try:
            return answer(valid), Unread(tuple(errors), pairs, status)
        except BadQuery as problem:
            found = params.invalid_parameters(problem)
            rest = list(_without(valid, found))
            if len(rest) == len(valid):
                raise
            status = problems.status_of(problem) if status == HTTPStatus.OK else status
            errors |= dict.fromkeys(found)
            valid = rest
    return answer([]), Unread(tuple(errors), pairs, status)


def _without(pairs: Pairs, errors: Sequence[BadValue]) -> Iterator[tuple[str, str]]:
    """The parameters without those at fault: one value of several, if an error is about that alone."""
    given = {(name, value.strip()) for name, value in pairs}
    alone = {(error.name, error.value) for error in errors}
    whole = {error.name for error in errors if (error.name, error.value) not in given}
    return ((name, value) for name, value in pairs if name not in whole and (name, value.strip()) not in alone)


def number_of(text: str) -> int:
    """The number in a parameter of a page; 0 if it is none."""
    return whole_number(text) or 0


def number_asked(req: Request, name: str, most: int) -> int | None:
    """A number from 1 that an address has as a parameter; None if it has none. Raises BadQuery."""
    given = (req.get_param(name) or "").strip()
    number = number_of(given)
    if given and not 1 <= number <= most:
        reason = said("{name} cannot be “{value}”.", name=name, value=given[:80])
        raise BadQuery([BadValue(name, given[:80], reason, said("It must be a whole number from 1."))])
    return number or None
