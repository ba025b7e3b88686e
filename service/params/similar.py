"""The parameters of `/api/articles/{id}/similar`: the filters, and the page."""

from __future__ import annotations

from collections.abc import Sequence

from search.errors import BadValue
from service.params.parameter import decoded
from service.params.query import BY_PARAMETER, FILTERS, Request, made_query

PARAMETERS = (*FILTERS, *(BY_PARAMETER[name] for name in ("size", "page", "group", "fields", "snippets")))


def read(pairs: Sequence[tuple[str, str]]) -> Request:
    """The filters and the page of a request for similar articles. Raises BadQuery."""
    errors: list[BadValue] = []
    return Request(made_query(decoded(pairs, PARAMETERS, errors), PARAMETERS, errors))
