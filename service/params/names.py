"""The parameters of `/names`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import BadQuery, BadValue
from search.names.authority import KINDS
from search.said import said
from search.values.bad_values import MAX_NAME
from service.params.parameter import Pairs, Parameter, decoded, encoded, made

LAST = 9_999


@dataclass(frozen=True, slots=True)
class Names:
    """A page about names: about one, or about those that may be one.

    Attributes:
        name: the one name; "" for pairs of names.
        page: of the pairs, from 1.
    """

    kind: str = "person"
    name: str = ""
    page: int = 1


PARAMETERS = (
    Parameter("kind", "string", "The facet whose names they are.", Names, "kind", choices=KINDS),
    Parameter("name", "string", "One name.", Names, "name"),
    Parameter("page", "integer", "The page of the pairs, from 1.", Names, "page", bounds=(1, LAST)),
)


NAMES = frozenset(parameter.name for parameter in PARAMETERS)


def read(pairs: Sequence[tuple[str, str]]) -> Names:
    """The page that parameters describe; others are ignored. Raises BadQuery."""
    errors: list[BadValue] = []
    asked = Names(**made(decoded(pairs, PARAMETERS, errors, allow_unknown=True), PARAMETERS, Names))
    if len(asked.name) > MAX_NAME:
        reason = said(
            "name has {length} characters; the maximum is {max_name}.",
            length=str(len(asked.name)),
            max_name=str(MAX_NAME),
        )
        errors.append(BadValue("name", asked.name[:80] + "…", reason, said("Shorten it.")))
    if not 1 <= asked.page <= LAST:
        errors.append(
            BadValue(
                "page",
                str(asked.page),
                said("page is {page}.", page=str(asked.page)),
                said("It must be 1 to {last}.", last=LAST),
            )
        )
    if errors:
        raise BadQuery(errors)
    return asked


def write(asked: Names) -> Pairs:
    """The parameters of a page."""
    return encoded(PARAMETERS, {Names: asked})
