"""A URL's query string as pairs of names and values."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from search.errors import BadQuery, BadValue

MAX_PARAMETERS = 1000


def split(query_string: str) -> list[tuple[str, str]]:
    """The name and value pairs of a URL's query string, in order."""
    try:
        return parse_qsl(query_string, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        problem = BadValue("", "", f"More than {MAX_PARAMETERS} parameters.", "Send fewer.")
        raise BadQuery([problem]) from None


def none(pairs: Sequence[tuple[str, str]]) -> None:
    """Check that there are no parameters. Raises BadQuery."""
    if pairs:
        raise BadQuery([BadValue(n, v, f"No parameter “{n}”.", "This address has no parameters.") for n, v in pairs])
