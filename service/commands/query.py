"""`dateline search`, `similar`, `event`, `show`, `export`, `count`, `special` and `stats`: read an index."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from shlex import quote
from typing import Any, TypeVar

import click

import desk
import search
from search.analyses import event as events
from search.analyses.concordance import concordance
from search.engine import Engine
from search.errors import ArticleMissing, IndexMissing
from search.fields import FACETS
from search.names.vocabulary import labelled
from search.syntax import asked
from search.values.rights import WHOLE
from service import gone, params, seeing
from service.api.versions import to_representative
from service.commands.completing import values
from service.formats import export as exports
from service.formats import render, takeaway
from service.params.parameter import Pairs, Parameter
from service.params.query import FILTERS
from service.terminal.arguments import AS_JSON, INDEX, Refused, decoded, write, write_json
from service.terminal.printing import print_article, print_event, print_results, print_stats

Command = TypeVar("Command", bound=Callable[..., None])

_SPECIAL, _CONCORDANCE = ({one.name: one for one in room.PARAMETERS} for room in (params.special, params.concordance))


def option(parameter: Parameter, **how: Any) -> Callable[[Command], Command]:
    """An option that sets a parameter of the API, of its name, kind and help, unless `how` has others."""
    kind: dict[str, Any] = {"help": parameter.help, "multiple": parameter.repeat}
    if parameter.kind == "boolean":
        kind["is_flag"] = True
    elif parameter.choices:
        kind["type"] = click.Choice(parameter.choices)
    elif parameter.kind == "integer":
        kind["type"] = int
    return click.option(f"--{_flag(parameter)}", **kind | how)


def _flag(parameter: Parameter) -> str:
    name, _, way = parameter.name.partition(".")
    return f"{way}-{name}" if parameter.facet and way else parameter.name.replace(".", "-")


SIZE, GROUP, RANK, MATCH = (option(params.BY_PARAMETER[name]) for name in ("size", "group", "rank", "match"))


def filters(command: Command) -> Command:
    """Add an option for each filter and for the dates to a command."""
    missing = "Articles without a value of this field, or without a date."
    others, of_facets = [], [click.option("--missing", multiple=True, metavar="FIELD", help=missing)]
    for parameter in FILTERS:
        if parameter.facet and parameter.repeat:
            hidden, complete = parameter.attribute != "any", values(parameter.facet)
            of_facets.append(option(parameter, metavar="V", hidden=hidden, shell_complete=complete))
        elif not parameter.name.endswith(".missing"):
            metavar = (
                {"list": "NAME", "quality.from": "N", "known.from": "N"}.get(parameter.name, "DATE")
                if parameter.kind == "string"
                else None
            )
            others.append(option(parameter, metavar=metavar))
    for each in reversed((*others, *of_facets)):
        command = each(command)
    return command


@contextmanager
def asked_of(index: str) -> Iterator[Engine]:
    """An engine, while whose authority file's labels may be given as values."""
    with desk.open(index) as engine, labelled(lambda kind: engine.authority().given_labels(kind)):
        yield engine


def parameters(text: str, options: Mapping[str, object], table: Sequence[Parameter] = params.PARAMETERS) -> Pairs:
    """The options of a command as parameters of the API, so that the same code reads and checks them."""
    pairs = [("q", text)]
    for parameter in table:
        pairs += [(parameter.name, value) for value in _values(options.get(_flag(parameter).replace("-", "_")))]
    for name in _values(options["missing"]):
        if f"{name}.missing" not in params.BY_PARAMETER:
            known = ", ".join((*(field.name for field in FACETS), "date"))
            raise Refused(f"--missing {name}: no such field. There are: {known}.")
        pairs.append((f"{name}.missing", "true"))
    pairs += [("snippets", "false")] if options.get("no_snippets") else []
    return [(name, decoded(value)) for name, value in pairs]


def _values(option: object) -> tuple[str, ...]:
    """The values given for an option: none if it is absent, several if it is repeated."""
    if isinstance(option, tuple):
        return option
    return () if option is None or option is False else ("true",) if option is True else (str(option),)


@click.command(name="search")
@INDEX
@click.argument("query", default="")
@filters
@option(params.BY_PARAMETER["sort"])
@SIZE
@option(params.BY_PARAMETER["page"])
@MATCH
@RANK
@option(params.BY_PARAMETER["explain"])
@GROUP
@click.option("--no-snippets", is_flag=True, help="Without passages of the articles.")
@AS_JSON
def search_index(index: str, query: str, as_json: bool, **options: object) -> None:
    """Search INDEX for articles that match QUERY and the filters.

    Every filter also takes --not-FIELD (none of these) and --all-FIELD (all of these).

    \b
    Example:
      dateline search news.idx "berlin wall" --country DE --from 1961 --to 1989
    """
    try:
        with asked_of(index) as engine:
            request = params.read(parameters(query, options))
            results = engine.search(request.query)
    except IndexMissing as missing:
        if query:
            raise
        hint = f"If that is what to search for, name the index first: dateline search INDEX {quote(index)}."
        raise IndexMissing(f"{missing} {hint}") from None
    if as_json:
        write_json(render.results(results, request, engine.authority().names))
    else:
        print_results(
            results, request.query.match == "all" and bool(asked(replace(request.query, match="most")).counted)
        )
    if not results.total:
        sys.exit(1)


@click.command(name="similar")
@INDEX
@click.argument("article_id", metavar="ID")
@filters
@SIZE
@GROUP
@AS_JSON
def similar(index: str, article_id: str, as_json: bool, **options: object) -> None:
    """Find articles of INDEX that are similar to one of them, by its most distinctive words. Its copies are omitted.

    \b
    Example:
      dateline similar news.idx 1961-08-berlin-wall
    """
    with asked_of(index) as engine:
        request = params.similar.read([pair for pair in parameters("", options) if pair[0] != "q"])
        results = engine.similar(decoded(article_id), replace(request.query, facets=()))
    if as_json:
        write_json(render.similar(results, request, decoded(article_id), engine.authority().names))
    else:
        print_results(results)
    if not results.total:
        sys.exit(1)


@click.command(name="event")
@INDEX
@click.argument("article_id", metavar="ID")
@AS_JSON
def event(index: str, article_id: str, as_json: bool) -> None:
    """Find articles of INDEX that may belong to the same event as one of them: by its words, persons and days.

    \b
    Example:
      dateline event news.idx 1961-08-berlin-wall
    """
    with desk.open(index) as engine, engine.batch():
        found = events.event(engine, decoded(article_id))
    if as_json:
        write_json(render.event(found))
    else:
        print_event(found)
    if not found.members:
        sys.exit(1)


@click.command()
@INDEX
@click.argument("article_id", metavar="ID")
@AS_JSON
def show(index: str, article_id: str, as_json: bool) -> None:
    """Show one article of INDEX, with the evidence for its values.

    \b
    Example:
      dateline show news.idx 1961-08-berlin-wall
    """
    with desk.open(index) as engine:
        try:
            article = engine.article(decoded(article_id))
        except ArticleMissing as error:
            seeing.begin(WHOLE)  # an operator may know what was withdrawn
            raise gone.explained(index, error) from None
        copies = engine.copies(article.id)
        similarities = to_representative(engine, article, copies)
    if as_json:
        write_json(render.article(article, copies, similarities, engine.authority().names))
    else:
        print_article(article)


@click.command()
@INDEX
@click.argument("query", default="")
@filters
@MATCH
@GROUP
@option(params.BY_PARAMETER["sort"], help="Order; by default newest. Not by date: 10,000 at most.")
@click.option(
    "--format", "form", type=click.Choice(tuple(exports.FORMATS)), default="jsonl", help="Format; by default jsonl."
)
def export(index: str, query: str, form: str, **options: object) -> None:
    """Write every matching article of INDEX to stdout, newest first or in another order.

    \b
    Example:
      dateline export news.idx "berlin" --format csv > berlin.csv
    """
    found = False

    def seen(articles: Iterable[search.Article]) -> Iterator[search.Article]:
        nonlocal found
        for article in articles:
            found = True
            yield article

    with asked_of(index) as engine:
        request = params.read(parameters(query, options))
        articles, provenance = exports.begin(engine, request.query)
        write(exports.FORMATS[form].write(seen(articles), provenance))
    if not found:
        sys.exit(1)


@click.command()
@INDEX
@click.argument("query", default="")
@click.option(
    "--by", multiple=True, metavar="F", help="A facet, or an interval such as year; twice for rows and columns."
)
@filters
@MATCH
@GROUP
@click.option("--limit", type=int, help="Number of values of a facet; 1,000 by default.")
@AS_JSON
def count(index: str, query: str, as_json: bool, **options: object) -> None:
    """Count the articles of INDEX that match QUERY, by one or two dimensions, as CSV.

    \b
    Example:
      dateline count news.idx "oil" --by country --by year > oil.csv
    """
    asked = parameters(query, options, params.count.PARAMETERS)
    with asked_of(index) as engine:
        request = params.count.read(asked)
        given = [(name, value) for name, value in asked if value]
        found, origin = takeaway.stated(engine, given, lambda: engine.cross(request.query, request.crossing))
    if as_json:
        write_json(found)
    else:
        write([takeaway.table(takeaway.cross(found), origin)])
    if not found.total:
        sys.exit(1)


@click.command(name="special")
@INDEX
@click.argument("query", default="")
@option(_SPECIAL["than"], metavar="QUERY")
@option(_SPECIAL["field"])
@option(_SPECIAL["against"])
@click.option("--under", is_flag=True, help="Those that are less frequent instead.")
@option(_SPECIAL["limit"])
@filters
@MATCH
@AS_JSON
def special_of(index: str, query: str, as_json: bool, under: bool, **options: object) -> None:
    """List the words, or the values of a facet, that are distinctive of the articles of INDEX that match QUERY, as CSV.

    \b
    Example:
      dateline special news.idx "reactor" --than "strike"
    """
    asked = parameters(query, options, params.special.PARAMETERS) + [("sort", "under")] * under
    with asked_of(index) as engine:
        request = params.special.read(asked)
        given = [(name, value) for name, value in asked if value]
        found, origin = takeaway.stated(engine, given, lambda: engine.special(request.query, request.contrast))
    if as_json:
        write_json(render.special(found))
    else:
        write([takeaway.table(takeaway.special(found), origin)])
    if not found.values:
        sys.exit(1)


@click.command(name="concordance")
@INDEX
@click.argument("query")
@filters
@MATCH
@GROUP
@option(_CONCORDANCE["sort"])
@option(_CONCORDANCE["width"])
@click.option("--limit", type=int, help="Number of rows; all by default.")
@click.option("--collocates", type=int, help="List so many words that stand near instead, the strongest first.")
@AS_JSON
def concordance_of(index: str, query: str, as_json: bool, collocates: int | None, **options: object) -> None:
    """List every occurrence of the words of QUERY in INDEX with what stands before and after it, as CSV.

    \b
    Example:
      dateline concordance news.idx "oil" --sort right > oil.csv
    """
    asked = [*parameters(query, options, params.concordance.PARAMETERS), ("format", "csv")]
    if collocates is not None:
        asked += [("collocates", str(collocates)), *([] if as_json else [("limit", "0")])]
    with asked_of(index) as engine:
        request = params.concordance.read(asked)
        given = [(name, value) for name, value in asked if value]
        found, origin = takeaway.stated(engine, given, lambda: concordance(engine, request.query, request.window))
    if as_json:
        write_json(render.concordance(found))
    else:
        listed = takeaway.concordance(found) if collocates is None else takeaway.collocates(found)
        write([takeaway.table(listed, origin)])
    if not found.total:
        sys.exit(1)


@click.command()
@INDEX
@AS_JSON
def stats(index: str, as_json: bool) -> None:
    """Show the size and the counts of INDEX.

    \b
    Example:
      dateline stats news.idx
    """
    with desk.open(index) as engine:
        found = engine.stats()
    if as_json:
        write_json(render.stats(found))
    else:
        print_stats(found)
