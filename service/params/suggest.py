"""The parameters of `/api/suggest`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import BadQuery, BadValue
from search.values.bad_values import MAX_NAME
from service.params.parameter import Parameter, decoded, made

MAX_SUGGESTIONS = 100


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """A request for completions of a typed text."""

    text: str = ""
    limit: int = 10


PARAMETERS = (
    Parameter("q", "string", "The beginning of a name.", SuggestRequest, "text", example="blin"),
    Parameter(
        "limit",
        "integer",
        "Number of suggestions; 10 by default.",
        SuggestRequest,
        "limit",
        bounds=(1, MAX_SUGGESTIONS),
    ),
)


def read(pairs: Sequence[tuple[str, str]]) -> SuggestRequest:
    """The request for completions that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    asked = SuggestRequest(**made(decoded(pairs, PARAMETERS, errors), PARAMETERS, SuggestRequest))
    if len(asked.text) > MAX_NAME:
        reason = f"q has {len(asked.text)} characters; the maximum is {MAX_NAME}."
        errors.append(BadValue("q", asked.text[:80] + "…", reason, "Shorten it."))
    if not 1 <= asked.limit <= MAX_SUGGESTIONS:
        reason = f"limit is {asked.limit}."
        errors.append(BadValue("limit", str(asked.limit), reason, f"It must be from 1 to {MAX_SUGGESTIONS}."))
    if errors:
        raise BadQuery(errors)
    return asked
