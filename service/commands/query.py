"""`dateline search`, `similar`, `event`, `show`, `export`, `count`, `special` and `stats`: read an index."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from shlex import quote
from typing import TypeVar

import click

import desk
import search
from search.analyses import event as events
from search.analyses.concordance import ORDERS, concordance
from search.engine import Engine
from search.errors import ArticleMissing, IndexMissing
from search.fields import FACETS
from search.measures.keyness import SPECIAL_FIELDS
from search.names.vocabulary import labelled
from search.syntax import asked
from search.values.query import DENOMINATORS, MATCHES, RANKS, SORTS
from service import gone, params
from service.api.versions import to_representative
from service.commands.completing import values
from service.formats import export as exports
from service.formats import render, takeaway
from service.params.parameter import Pairs, Parameter
from service.terminal.arguments import AS_JSON, INDEX, Refused, decoded, write, write_json
from service.terminal.printing import print_article, print_event, print_results, print_stats

Command = TypeVar("Command", bound=Callable[..., None])

SIZE = click.option("--size", type=int, help=params.BY_PARAMETER["size"].help)
GROUP = click.option("--group", type=click.Choice(["story"]), help=params.BY_PARAMETER["group"].help)
RANK = click.option("--rank", type=click.Choice(RANKS), help=params.BY_PARAMETER["rank"].help)
MATCH = click.option("--match", type=click.Choice(MATCHES), help=params.BY_PARAMETER["match"].help)
ADDED = ("added.from", "added.to")


def filters(command: Command) -> Command:
    """Add an option for each filter and for the dates to a command."""

    def date(flag: str, name: str, parameter: str) -> Callable[[Command], Command]:
        return click.option(flag, name, metavar="DATE", help=params.BY_PARAMETER[parameter].help)

    missing = "Articles without a value of this field, or without a date."
    options: list[Callable[[Command], Command]] = [
        date("--from", "first", "from"),
        date("--to", "last", "to"),
        *(date(f"--{name.replace('.', '-')}", name.replace(".", "_"), name) for name in ADDED),
        click.option("--scan", is_flag=True, help=params.BY_PARAMETER["scan"].help),
        click.option("--list", "listed", metavar="NAME", help=params.BY_PARAMETER["list"].help),
        click.option("--missing", multiple=True, metavar="FIELD", help=missing),
        click.option("--country-main", is_flag=True, help=params.BY_PARAMETER["country.main"].help),
    ]
    for field in FACETS:
        several = partial(click.option, multiple=True, metavar="V", shell_complete=values(field.name))
        options += [
            several(f"--{field.name}", help=f"{field.help} Repeat to match any."),
            several(f"--all-{field.name}", hidden=True),
            several(f"--not-{field.name}", hidden=True),
        ]
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def asked_of(index: str) -> Iterator[Engine]:
    """An engine, while whose authority file's labels may be given as values."""
    with desk.open(index) as engine, labelled(lambda kind: engine.authority().given_labels(kind)):
        yield engine


def parameters(text: str, options: Mapping[str, object]) -> Pairs:
    """The options of a command as parameters of the API, so that the same code reads and checks them."""
    pairs = [("q", text)]
    for field in FACETS:
        for suffix, prefix in (("", ""), (".all", "all_"), (".not", "not_")):
            pairs += [(field.name + suffix, value) for value in _values(options[prefix + field.name])]
    for name in _values(options["missing"]):
        if f"{name}.missing" not in params.BY_PARAMETER:
            known = ", ".join((*(field.name for field in FACETS), "date"))
            raise Refused(f"--missing {name}: no such field. There are: {known}.")
        pairs.append((f"{name}.missing", "true"))
    for name, option in (("from", "first"), ("to", "last"), *((name, name.replace(".", "_")) for name in ADDED)):
        pairs += [(name, value) for value in _values(options[option]) if value]
    pairs += [("list", value) for value in _values(options["listed"])]
    pairs += [("scan", "true")] if options["scan"] else []
    pairs += [("country.main", "true")] if options["country_main"] else []
    pairs += [("explain", "true")] if options.get("explain") else []
    pairs += [("snippets", "false")] if options.get("no_snippets") else []
    for name in ("match", "rank", "sort", "size", "page", "group"):
        pairs += [(name, value) for value in _values(options.get(name))]
    return [(name, decoded(value)) for name, value in pairs]


def _help(parameters: Sequence[Parameter], name: str) -> str:
    """What a parameter of a route means."""
    return next(one.help for one in parameters if one.name == name)


_row_option = partial(_help, params.concordance.PARAMETERS)
_special_option = partial(_help, params.special.PARAMETERS)


def _values(option: object) -> tuple[str, ...]:
    """The values given for an option: none if it is absent, several if it is repeated."""
    if isinstance(option, tuple):
        return option
    return () if option is None else (str(option),)


@click.command(name="search")
@INDEX
@click.argument("query", default="")
@filters
@click.option("--sort", type=click.Choice(SORTS), help=params.BY_PARAMETER["sort"].help)
@SIZE
@click.option("--page", type=int, help=params.BY_PARAMETER["page"].help)
@MATCH
@RANK
@click.option("--explain", is_flag=True, help=params.BY_PARAMETER["explain"].help)
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
@click.option("--sort", type=click.Choice(SORTS), help="Order; by default newest. Not by date: 10,000 at most.")
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
def count(index: str, query: str, by: tuple[str, ...], limit: int | None, as_json: bool, **options: object) -> None:
    """Count the articles of INDEX that match QUERY, by one or two dimensions, as CSV.

    \b
    Example:
      dateline count news.idx "oil" --by country --by year > oil.csv
    """
    asked = parameters(query, options) + [("by", decoded(name)) for name in by]
    asked += [("limit", str(limit))] if limit is not None else []
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
@click.option("--than", metavar="QUERY", help=_special_option("than"))
@click.option("--field", type=click.Choice(SPECIAL_FIELDS), help=_special_option("field"))
@click.option("--against", type=click.Choice(DENOMINATORS), help=_special_option("against"))
@click.option("--under", is_flag=True, help="Those that are less frequent instead.")
@click.option("--limit", type=int, help=_special_option("limit"))
@filters
@MATCH
@AS_JSON
def special_of(index: str, query: str, as_json: bool, under: bool, **options: object) -> None:
    """List the words, or the values of a facet, that are distinctive of the articles of INDEX that match QUERY, as CSV.

    \b
    Example:
      dateline special news.idx "reactor" --than "strike"
    """
    asked = parameters(query, options)
    for name in ("than", "field", "against", "limit"):
        asked += [(name, decoded(str(options[name])))] if options[name] is not None else []
    asked += [("sort", "under")] if under else []
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
@click.option("--sort", type=click.Choice(ORDERS), help=_row_option("sort"))
@click.option("--width", type=int, help=_row_option("width"))
@click.option("--limit", type=int, help="Number of rows; all by default.")
@click.option("--collocates", type=int, help="List so many words that stand near instead, the strongest first.")
@AS_JSON
def concordance_of(index: str, query: str, as_json: bool, collocates: int | None, **options: object) -> None:
    """List every occurrence of the words of QUERY in INDEX with what stands before and after it, as CSV.

    \b
    Example:
      dateline concordance news.idx "oil" --sort right > oil.csv
    """
    asked = [*parameters(query, options), ("format", "csv")]
    asked += [(name, str(options[name])) for name in ("width", "limit") if options[name] is not None]
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
