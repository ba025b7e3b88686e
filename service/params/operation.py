"""An operation of the API, declared once, at the method that answers it; OpenAPI is derived from there.

    class ListResource(Resource):
        places = {"name": Place("The name of a list.")}

        @operation("changeList", "Give a list another name", List, "It is changed", body=ChangedList, refuses={404: …})
        def on_patch(self, req: Request, resp: Response, name: str) -> None:

The scopes that it needs are in `service.http.auth`; what every operation may refuse is in `service.api.openapi`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal, NamedTuple, TypeVar, cast

from search.system.json import Json
from service.params import query_string
from service.params.parameter import Parameter

METHODS = ("get", "post", "put", "patch", "delete")
Responder = TypeVar("Responder", bound=Callable[..., None])


class Place(NamedTuple):
    """A part of a path that names a thing: what it is, and its values, if they are few."""

    help: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        id: its name for programs.
        summary: what it does.
        answer: the type of `service.values` that is answered as JSON; or the media types of another form.
        says: what the answer is; "" for the summary.
        status: of the answer.
        parameters: of the URL; one named `format` has further forms of the answer.
        headers: of the request, as OpenAPI.
        body: the type that is taken as JSON, or types by media type; None if there is no body.
        example: of a body.
        optional: True if the body may be omitted.
        gives: the headers of the answer, and their meaning.
        refuses: by status, when it is answered, in addition to what all operations refuse.
    """

    id: str
    summary: str
    answer: Any
    says: str = ""
    status: int = 200
    parameters: Sequence[Parameter] = ()
    headers: Sequence[Json] = ()
    body: Any = None
    example: Json | None = None
    optional: bool = False
    gives: Mapping[str, str] = field(default_factory=dict)
    refuses: Mapping[int, str] = field(default_factory=dict)


def operation(
    id: str, summary: str, answer: Any, says: str = "", unknown: Literal["refuse", "ignore"] = "refuse", **further: Any
) -> Callable[[Responder], Responder]:
    """Declare the operation of a responder: the attributes of an `Operation`.

    Args:
        unknown: what becomes of a parameter, if none is declared; tables of parameters decide that themselves.
    """
    declared = Operation(id, summary, answer, says, **further)

    def mark(responder: Responder) -> Responder:
        marked = responder if declared.parameters or unknown == "ignore" else cast(Responder, _without(responder))
        marked.__dict__["operation"] = declared
        return marked

    return mark


def _without(responder: Callable[..., None]) -> Callable[..., None]:
    """A responder that refuses any parameter."""

    @wraps(responder)
    def answer(resource: object, req: Any, resp: Any, **places: str) -> None:
        query_string.none(query_string.split(req.query_string))
        responder(resource, req, resp, **places)

    return answer


def operations(resource: object) -> dict[str, Operation]:
    """The operations of a resource, or of its class, by method."""
    found: dict[str, Any] = {method: getattr(resource, f"on_{method}", None) for method in METHODS}
    return {method: each.operation for method, each in found.items() if hasattr(each, "operation")}
