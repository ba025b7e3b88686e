"""`dateline lists`: lists of articles of an index."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import orjson

import search
from desk.lists.store import Entry, ListMissing, Lists, NamedList
from search.errors import BadQuery
from search.text import dates
from service.desk.lists.resource import as_value, check_present
from service.formats import export
from service.terminal.arguments import INDEX, Refused, counted, decoded, user, write, write_json
from service.terminal.printing import print_table

COLUMNS = ("article", "note", "by", "at")
NAME = click.argument("name", metavar="NAME")
IDS = click.argument("ids", metavar="ID...", nargs=-1, required=True)


@click.group()
@INDEX
@click.pass_context
def lists(context: click.Context, index: str) -> None:
    """Keep articles of INDEX on lists. This command finds all; somebody's is called by its name and his: “Oil (Ann)”.

    \b
    Example:
      dateline lists news.idx add "Berlin wall" 1961-08-berlin-wall --note "First report."
      dateline export news.idx --list "Berlin wall" --format ris > wall.ris
    """
    context.obj = index


@lists.command(name="list")
@click.option("--json", "as_json_", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def list_lists(index: str, as_json_: bool) -> None:
    """List the lists.

    \b
    Example:
      dateline lists news.idx list
    """
    search.open(index).close()
    found: tuple[NamedList, ...] = ()
    if Lists.is_in(index):
        with Lists(index) as opened:
            found = opened.listed()
    if as_json_:
        write_json([as_value(each, "") for each in found])
    else:
        print_table(
            ("list", "articles", "last changed", "by"),
            [(one.name, f"{one.articles:,}", one.changed[:10], one.changed_by) for one in found],
            right=("articles",),
        )
    if not found:
        sys.exit(1)


@lists.command(name="export")
@NAME
@click.option("--format", "form", type=click.Choice(("csv", "jsonl")), default="csv", help="csv or jsonl.")
@click.pass_obj
def export_list(index: str, name: str, form: str) -> None:
    """Write the ids on the list NAME to stdout, with their notes. dateline export --list NAME writes the articles.

    \b
    Example:
      dateline lists news.idx export "Berlin wall" > wall.csv
    """
    with _with(index, name) as opened:
        entries = opened.entries(decoded(name))
    write(map(_json_line, entries) if form == "jsonl" else _csv(entries))


@lists.command()
@NAME
@IDS
@click.option("--note", default="", help="A note on each of them.")
@click.pass_obj
def add(index: str, name: str, ids: tuple[str, ...], note: str) -> None:
    """Put articles on the list NAME, which is made if there is none.

    \b
    Example:
      dateline lists news.idx add "Berlin wall" 1961-08-berlin-wall
    """
    wanted = dict.fromkeys(map(decoded, ids), decoded(note))
    with search.open(index) as engine:
        check_present(engine, wanted)
    with Lists(index) as opened:
        try:
            added = opened.put(decoded(name), wanted, user(), dates.now(), make=True)
        except BadQuery as problem:
            raise Refused(str(problem)) from None
    click.echo(f"{counted(added, 'article')} put on the list.", err=True)


@lists.command()
@NAME
@IDS
@click.pass_obj
def take(index: str, name: str, ids: tuple[str, ...]) -> None:
    """Take articles off the list NAME.

    \b
    Example:
      dateline lists news.idx take "Berlin wall" 1961-08-berlin-wall
    """
    with _with(index, name) as opened:
        taken = opened.take(decoded(name), map(decoded, ids), user(), dates.now())
    click.echo(f"{counted(taken, 'article')} taken off the list.", err=True)
    if not taken:
        sys.exit(1)


@lists.command()
@NAME
@click.option("--no", is_flag=True, help="Let nobody but its owner find it.")
@click.pass_obj
def share(index: str, name: str, no: bool) -> None:
    """Share the list NAME, which is somebody's, with all who may read its articles.

    \b
    Example:
      dateline lists news.idx share "Berlin wall (Ann)"
    """
    with _with(index, name) as opened:
        found = opened.change(decoded(name), user(), dates.now(), shared=not no)
    click.echo(f"“{found.name}” is {'private' if found.private else 'shared'}.", err=True)


@lists.command()
@NAME
@click.pass_obj
def remove(index: str, name: str) -> None:
    """Remove the list NAME. Its articles stay in the index.

    \b
    Example:
      dateline lists news.idx remove "Berlin wall"
    """
    with _with(index, name) as opened:
        gone = opened.remove(decoded(name))
    click.echo(f"The list “{gone.name}” is removed; it had {counted(gone.articles, 'article')}.", err=True)


def _with(index: str, name: str) -> Lists:
    """The lists of an index, to find one of them. Raises ListMissing if it has no lists, and makes none."""
    search.open(index).close()
    if not Lists.is_in(index):
        raise ListMissing(decoded(name))
    return Lists(index)


def _csv(entries: tuple[Entry, ...]) -> Iterator[bytes]:
    yield export.row(COLUMNS)
    for one in entries:
        yield export.row(map(export.cell, (one.article, one.note, one.by, one.at)))


def _json_line(one: Entry) -> bytes:
    return orjson.dumps(dict(zip(COLUMNS, (one.article, one.note, one.by, one.at), strict=True))) + b"\n"
