"""The occurrences of a query's words, a row each, and the words that stand near them.

Each row opens its article at the occurrence; each collocate opens the articles that have it, too. Cost: the title and
text of each article of the result are read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.analyses.concordance import Collocate, Order, Row, Window, concordance
from search.engine import Engine
from search.syntax import parse
from search.syntax.nodes import leaves
from service import params
from service.formats.fragment import fragment
from service.html import view
from service.html.parts.special import having
from service.html.view import PageState
from service.wording.messages import gettext, mark

ROWS = 50
COLLOCATES = 25
SORTS: tuple[tuple[Order, str], ...] = (
    ("date", mark("date")),
    ("left", mark("the words before")),
    ("right", mark("the words after")),
)


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of a concordance as shown.

    Attributes:
        asked: False if the query has no words.
        total, articles: all occurrences, and the articles that have one.
        rows: each with the URL of its place.
        collocates: each with the URL of the articles that have it, if it can be asked for; on the first page only.
        sorts: label and URL of each order, True for the current one.
        beginning, following: the URLs of the first and of the next page; None if this is the first, or the last.
        files: name and URL of each file.
    """

    asked: bool
    total: int = 0
    articles: int = 0
    rows: tuple[tuple[Row, str], ...] = ()
    collocates: tuple[tuple[Collocate, str | None], ...] = ()
    sorts: tuple[tuple[str, str, bool], ...] = ()
    beginning: str | None = None
    following: str | None = None
    files: tuple[tuple[str, str], ...] = ()


def lines(engine: Engine, state: PageState) -> Lines:
    """The rows of a page.

    Raises:
        BadQuery: if the cursor of the page is of another list.
    """
    shown = state.view
    if not any(leaves(parse(state.query.text).tree)):
        return Lines(asked=False)
    is_first = not shown.row
    window = Window(shown.context, limit=ROWS, cursor=shown.row or None, collocates=COLLOCATES if is_first else 0)
    found = concordance(engine, replace(state.query, page=1, cursor=None), window)
    article = params.url("", replace(state.query, page=1, cursor=None))
    return Lines(
        True,
        found.total,
        found.articles,
        tuple((row, state.at(f"/article/{row.id}{article}{_place(row)}")) for row in found.rows),
        tuple((one, _url(state, one)) for one in found.collocates),
        tuple((gettext(said), state.to(context=name), name == shown.context) for name, said in SORTS),
        None if is_first else state.to(row=""),
        None if found.cursor is None else state.to(row=found.cursor),
        ((gettext("occurrences as CSV"), file(state, format="csv")),),
    )


def file(state: PageState, **more: str) -> str:
    """The URL of the same rows from the API."""
    known = {parameter.name for parameter in params.concordance.PARAMETERS} - {"sort", "cursor"}
    pairs = [pair for pair in params.write(state.query) if pair[0] in known]
    pairs += [("sort", state.view.context)] if state.view.context != "date" else []
    return state.at(f"/api/concordance?{params.joined([*pairs, *more.items()])}")


def _place(row: Row) -> str:
    return fragment(row.match, row.left, row.right)


def _url(state: PageState, one: Collocate) -> str | None:
    query = having(replace(state.query, group=None), "words", one.word)
    return None if query is None else view.url("/", replace(state, query=query, view=view.View()))
