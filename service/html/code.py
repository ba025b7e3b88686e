"""The question of a page as code: Python with `dateline-client`, `curl`, and R with httr2.

Each runs as it is written. A key, where the service wants one, is in the environment, as `DATELINE_KEY`, so that nobody
passes one on with a copied line.
"""

from __future__ import annotations

import json
import keyword
import shlex
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from service import params

KEY = "DATELINE_KEY"
_METHODS: Mapping[str, str] = {
    f"/api/{name}": name for name in ("search", "compare", "special", "pairs", "trend", "concordance")
}
"""Paths with a method of the client that takes the words first."""
_LISTED = "compare"
"""The method that takes a list of queries."""


class Code(NamedTuple):
    """A program: the language, and the text."""

    name: str
    text: str


def code(address: str, base: str) -> list[Code]:
    """The question that an address of the API asks, in each language.

    Args:
        address: a path below the service, with parameters.
        base: the address of the service.
    """
    path, _, query = address.partition("?")
    pairs = params.split(query)
    return [
        Code("Python", _python(path, pairs, base)),
        Code("curl", _curl(path, pairs, base)),
        Code("R", _r(path, pairs, base)),
    ]


def _python(path: str, pairs: Sequence[tuple[str, str]], base: str) -> str:
    method = _METHODS.get(path)
    taken: list[str] = []
    given = pairs
    if method is not None:
        texts = [value for name, value in pairs if name == "q"]
        taken = [repr(texts)] if method == _LISTED else [repr(text) for text in texts[:1]]
        given = [pair for pair in pairs if pair[0] != "q"]
    elif path.startswith("/api/articles/") and path.count("/") == 3:
        method, taken = "article", [repr(unquote(path.rpartition("/")[2]))]
    else:
        method, taken = "ask", [repr("GET"), repr(path)]
    asked = f"client.{method}({', '.join([*taken, *_arguments(given)])})"
    lines = ["import os", "", "from dateline_client import Client", ""]
    lines.append(f"with Client({base!r}, key=os.environ.get({KEY!r})) as client:")
    if method == "concordance":
        lines += [f"    for row in {asked}:", '        print(row["left"], row["match"], row["right"])']
    elif method == "search":
        lines += [f"    found = {asked}", '    print(found["total"])', '    for hit in found["hits"]:']
        lines.append('        print(hit["published"], hit["title"])')
    else:
        lines += [f"    found = {asked}", "    print(found)"]
    return "\n".join(lines)


def _together(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each parameter, in order."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _arguments(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Parameters as arguments of the client, of which a repeated one is a list."""
    return [
        f"{argument(name)}={(given[0] if len(given) == 1 else given)!r}" for name, given in _together(pairs).items()
    ]


def argument(name: str) -> str:
    """The argument of the client for a parameter: `person_all` for `person.all`, `from_` for `from`."""
    written = name.replace(".", "_")
    return f"{written}_" if keyword.iskeyword(written) else written


def _curl(path: str, pairs: Sequence[tuple[str, str]], base: str) -> str:
    lines = [f"curl --silent --show-error --get {shlex.quote(base + path)}"]
    lines.append(f'--header "Authorization:${{{KEY}:+ Bearer ${KEY}}}"')
    lines += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in pairs]
    return " \\\n  ".join(lines)


def _r(path: str, pairs: Sequence[tuple[str, str]], base: str) -> str:
    lines = ["library(httr2)", "", f"asked <- request({_of_r(base + path)})"]
    if pairs:
        given = [f"`{name}` = {_of_r(value)}" for name, value in pairs]
        lines[-1] += " |>\n  req_url_query(\n    " + ",\n    ".join(given) + "\n  )"
    lines.append(f'if (nzchar(key <- Sys.getenv("{KEY}"))) asked <- req_auth_bearer_token(asked, key)')
    lines += ["found <- resp_body_json(req_perform(asked))", "str(found, max.level = 2)"]
    return "\n".join(lines)


def _of_r(text: str) -> str:
    """A string of R; what JSON escapes, R does in the same way, but for characters beyond the basic plane."""
    return json.dumps(text, ensure_ascii=False).replace("\\/", "/").replace("\x7f", "\\u007f")
