"""The operations as values: what to send, before anything is sent. Both clients are made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

import httpx

Parameter: TypeAlias = str | int | float | bool | Sequence[str] | None
Article: TypeAlias = Mapping[str, Any]
DEFAULT_TIMEOUT_S = 60.0
RETRIES = 3
"""How often a request is sent again that a busy server refuses."""
LONGEST_WAIT_S = 60.0
ARTICLES_TOGETHER = 1_000
"""The articles that are sent in one request."""
_AGAIN = (429, 503)
_JOINED = ("facets", "fields")
"""Parameters of which the values are one, separated by commas."""


@dataclass(frozen=True)
class Call:
    """A request.

    Attributes:
        path: below the address of the service.
        query: the parameters of the URL.
        body: JSON; None for none.
        content: the bytes of a body that is not JSON, of the type `content_type`.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    body: Any = None
    content: bytes | None = None
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """What is sent."""
        headers = dict(self.headers)
        mounted = client.base_url.path.rstrip("/")
        path = self.path.removeprefix(mounted) if mounted and self.path.startswith(f"{mounted}/") else self.path
        if self.content is not None:
            headers["Content-Type"] = self.content_type
        return client.build_request(
            self.method, path, params=httpx.QueryParams(list(self.query)) if self.query else None,
            json=self.body, content=self.content, headers=headers,
        )  # fmt: skip


def parameters(given: Mapping[str, Parameter | Iterable[str]]) -> list[tuple[str, str]]:
    """Arguments as parameters of the API: `from_` is `from`, `person_all` is `person.all`, a list repeats one."""
    pairs = []
    for argument, value in given.items():
        name = _name(argument)
        if value is None:
            continue
        if isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, str | int | float):
            pairs.append((name, str(value)))
        elif name in _JOINED:
            pairs.append((name, ",".join(value)))
        else:
            pairs += [(name, str(one)) for one in value]
    return pairs


_DOTTED = {"all", "not", "missing", "main", "from", "to"}


def _name(argument: str) -> str:
    name = argument.rstrip("_")
    before, _, after = name.rpartition("_")
    return f"{before}.{after}" if before and after in _DOTTED else name


def get(path: str, given: Mapping[str, Any] | None = None) -> Call:
    """A question."""
    return Call("GET", path, parameters(given or {}))


def search(q: str, given: Mapping[str, Any]) -> Call:
    """A page of hits."""
    return get("/api/search", {"q": q or None, **given})


def following(answer: Any) -> Call | None:
    """The page after one; None if it is the last."""
    address = answer["links"]["next"]
    return Call("GET", address) if address else None


def named(*parts: str) -> str:
    """A path of which each part is escaped."""
    return "/api/" + "/".join(quote(part, safe="") for part in parts)


def sendings(articles: Iterable[Article], collection: str | None) -> Iterator[Call]:
    """Articles as requests of `ARTICLES_TOGETHER`."""
    query = parameters({"collection": collection})
    lines: list[bytes] = []
    for article in articles:
        lines.append(json.dumps(dict(article), ensure_ascii=False).encode("utf-8"))
        if len(lines) == ARTICLES_TOGETHER:
            yield _sending(lines, query)
            lines = []
    if lines:
        yield _sending(lines, query)


def _sending(lines: Sequence[bytes], query: Sequence[tuple[str, str]]) -> Call:
    return Call("POST", "/api/articles", query, content=b"\n".join(lines) + b"\n", content_type="application/x-ndjson")


def batch(lines: Iterable[str], given: Mapping[str, Any]) -> Call:
    """A list of names or questions."""
    return Call("POST", "/api/batch", parameters(given), body={"lines": list(lines)})


def wait_s(answer: httpx.Response, attempt: int) -> float | None:
    """How long to wait before a request is sent again; None if it is not.

    Args:
        attempt: how often it has been sent, from 1.
    """
    if answer.status_code not in _AGAIN:
        return None
    told = answer.headers.get("retry-after", "")
    return min(LONGEST_WAIT_S, float(told) if told.isdecimal() else 2.0**attempt)


def row(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A hit as a row of a table: lists as text, without passages."""
    left_out = ("snippets", "title_marks", "group", "wikidata")
    return {
        name: "; ".join(value) if isinstance(value, list) else value
        for name, value in hit.items()
        if name not in left_out
    }
