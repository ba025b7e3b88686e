"""A URL's query string as pairs of names and values, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, quote_plus

from search.errors import BadQuery, BadValue
from search.said import said

MAX_PARAMETERS = 1000


def split(query_string: str) -> list[tuple[str, str]]:
    """The name and value pairs of a URL's query string, in order."""
    try:
        return parse_qsl(query_string, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        problem = BadValue("", "", f"More than {MAX_PARAMETERS} parameters.", "Send fewer.")
        raise BadQuery([problem]) from None


def joined(pairs: Iterable[tuple[str, str]]) -> str:
    """The query string of some pairs, as `urllib.parse.urlencode` writes it, in a fifth of the time.

    Args:
        pairs: the names are those of parameters, which need no escape.
    """
    return "&".join(
        [f"{name}={value.replace(' ', '+') if _PLAIN(value) else quote_plus(value)}" for name, value in pairs]
    )


_PLAIN = re.compile("[A-Za-z0-9_.~ -]*").fullmatch


def none(pairs: Sequence[tuple[str, str]]) -> None:
    """Check that there are no parameters. Raises BadQuery."""
    if pairs:
        raise BadQuery(
            [BadValue(n, v, said("No parameter “{name}”.", name=n), said("This address has none.")) for n, v in pairs]
        )
