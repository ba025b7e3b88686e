"""The tools as a server of the Model Context Protocol, by its official SDK."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

import service
from service.assistants.asking import Asked, NotAnswered
from service.assistants.tools import NOTICE, Tools

INSTRUCTIONS = f"""A news archive. Every count is exact unless `exact` is false, and opens at its `address`. Every
passage comes with a `citation`: quote it as it is, with title, date and source, and check what you quote by
verify_citation. In a query, words are required; OR, -without, "a phrase" and title:word work. Filters are parameters of
the API: from, to (1998, 1998-05-17), person, country, topic, source, author, section, language, each with .not, .all.
{NOTICE}"""
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Citation:
    """What comes with each passage: the article, its words, and their place in code points."""

    id: str
    quote: str
    start: int | None = None
    end: int | None = None


FiltersGiven = dict[str, str | list[str]]


def server(asked: Asked, passes_keys: bool = False) -> MCPServer:
    """A server over one archive.

    Args:
        passes_keys: True to ask with the `Authorization` of each caller.
    """
    made = MCPServer(
        "dateline", title="Dateline", instructions=INSTRUCTIONS, version=service.__version__, log_level="WARNING"
    )

    def tools(context: Context) -> Tools:
        headers = context.headers if passes_keys else None
        return Tools(asked, headers.get("authorization") if headers else None)

    @made.tool(annotations=_READS, structured_output=True)
    def search(
        context: Context, query: str = "", filters: FiltersGiven | None = None, sort: str = "", size: int = 5,
        cursor: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Find articles: the total, and up to 20 of them with passages, each with its citation.

        sort: relevance (default with words), newest, oldest. cursor: from the answer before, to go on.
        """
        return _answered(lambda: tools(context).search(query, filters, sort, size, cursor))

    @made.tool(annotations=_READS, structured_output=True)
    def count(
        context: Context, query: str = "", filters: FiltersGiven | None = None, by: list[str] | None = None
    ) -> dict[str, Any]:
        """Count the articles that match, exactly; with by, a table by one or two of person, country, topic, source,
        author, language, year, month.
        """
        return _answered(lambda: tools(context).count(query, filters, by or ()))

    @made.tool(annotations=_READS, structured_output=True)
    def facets(
        context: Context, field: str, query: str = "", filters: FiltersGiven | None = None, limit: int = 20
    ) -> dict[str, Any]:
        """List the most frequent values of person, country, topic, source, author, section or language among the
        articles that match, with exact counts; or for date the articles over time.
        """
        return _answered(lambda: tools(context).facets(field, query, filters, limit))

    @made.tool(annotations=_READS, structured_output=True)
    def article(context: Context, id: str, start: int = 0, length: int = 8_000) -> dict[str, Any]:
        """Read an article, or the part of its text from start on, with what is known about it."""
        return _answered(lambda: tools(context).article(id, start, length))

    @made.tool(annotations=_READS, structured_output=True)
    def first_mention(context: Context, query: str, filters: FiltersGiven | None = None) -> dict[str, Any]:
        """Find the oldest dated article that matches, with the passage."""
        return _answered(lambda: tools(context).first_mention(query, filters))

    @made.tool(annotations=_READS, structured_output=True)
    def compare(
        context: Context, queries: list[str], filters: FiltersGiven | None = None, interval: str = ""
    ) -> dict[str, Any]:
        """Compare two to five queries: totals, over time, what they share and where they differ most."""
        return _answered(lambda: tools(context).compare(queries, filters, interval))

    @made.tool(annotations=_READS, structured_output=True)
    def verify_citation(
        context: Context, id: str | None = None, quote: str | None = None, start: int | None = None,
        end: int | None = None, citation: Citation | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Check a quotation: whether article id has these words, at start to end if they are given, or, without an id,
        which article had them first; or, of an id without a quote, whether the cited result of this id still finds the
        same. Give the parts, or a citation as it came with a passage.
        """
        cited = citation or Citation(id or "", quote or "", start, end)
        if quote is not None or citation is not None or start is not None or not cited.id:
            return _answered(lambda: tools(context).verify(cited.id, cited.quote, cited.start, cited.end))
        return _answered(lambda: tools(context).verify_result(cited.id))

    return made


def _answered(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except NotAnswered as problem:
        raise ToolError(str(problem)) from None
