"""The address of a name: `/person/Antony%20Blinken`.

Browsers and proxies resolve `..`, even as `%2E%2E`, and many refuse `%2F`. So what they would take for a part of the
path is encoded twice: `AC/DC` is `AC%252FDC`. A name is therefore decoded once more than other parts of a path.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from search.fields import ENTITIES

_STEPS = (".", "..")


def written(field: str, value: str) -> str:
    """The path of a value, without what comes before it."""
    inner = value.replace("%", "%25").replace("/", "%2F")
    return f"/{field}/{quote(inner.replace('.', '%2E') if value in _STEPS else inner, safe='')}"


def address(field: str, value: str, root: str = "") -> str | None:
    """The URL of the page of a value, below the path where the service is mounted; None if its field has no pages."""
    return f"{root}/entity{written(field, value)}" if field in ENTITIES else None


def title(source: str, root: str = "") -> str:
    """The URL of the calendar of a title."""
    return f"{root}{written('title', source)}"


def issue(source: str, name: str, root: str = "") -> str:
    """The URL of an issue of a title, by its name."""
    return f"{root}/issue{written(quote(name), source)}"


def read(value: str) -> str:
    """The value, from the path as the server has decoded it; a `/` that was encoded once remains one."""
    return unquote(value)
