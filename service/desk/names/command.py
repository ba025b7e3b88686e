"""`dateline authority`: which names of an index are merged, split or blocked, and undoing that."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import click
import orjson

import search
from desk import edited
from desk.names import authority_csv, decision
from desk.names.decision import Decision
from indexer.enrich.persons.known import offered
from search.errors import BadAuthority
from search.names import authority as authorities
from search.names.authority import KINDS, Authority, Entry
from search.text import dates
from search.text.tokens import fold
from search.values.query import Listing
from service.terminal import converting, turn
from service.terminal.arguments import INDEX, counted, decoded, user, write
from service.terminal.changing import Changing
from service.terminal.given import content_of


@click.group()
@INDEX
@click.pass_context
def authority(context: click.Context, index: str) -> None:
    """Merge, split or block names of INDEX. No article is read again.

    \b
    Example:
      dateline authority news.idx merge person "Muammar Gaddafi" "Moammar Gadhafi" --wikidata Q19878
      dateline authority news.idx export > names.csv
    """
    context.obj = index


def _change(index: str, change: Callable[[Authority], Authority]) -> None:
    """Change the authority of an index, when no other process writes to it, and report the effect on stderr."""
    converting.ready(index)
    with search.open(index) as engine:  # first, since a writer creates a missing index
        with turn.writer(index) as writer:
            before = writer.authority()
            after = change(before)
            items, new = _apart(before, after.beyond(before))
            counts = {entry: _listed(engine, entry.kind, entry.alias or entry.name) for entry in new}
            writer.set_authority(after)
        rules = {kind: after.names(kind) for kind in {entry.kind for entry in new}}
        for entry in new:
            name = entry.alias or entry.name
            what = {"merge": f"is listed as “{entry.name}”", "split": "is listed separately", "block": "is not shown"}
            said = f"{entry.kind} “{name}” {what[entry.action]}"
            blocked = rules[entry.kind].blocked_as(name)
            if entry.action != "block" and blocked is not None:
                command = shlex.join(("dateline", "authority", index, "unblock", entry.kind, blocked))
                click.echo(f"{said}, but not shown: “{blocked}” is blocked. To show it: {command}", err=True)
                continue
            count = _listed(engine, entry.kind, name) if entry.action == "split" else counts[entry]
            click.echo(f"{said}: {counted(count, 'article')}.", err=True)
    for kind, name, item in items:
        click.echo(f"{kind} “{name}” has {f'the Wikidata item {item}' if item else 'no Wikidata item'}.", err=True)
    for entry in _apart(after, before.beyond(after))[1]:
        click.echo(f"Removed: {entry.action} {entry.kind} “{entry.alias or entry.name}”.", err=True)
    if after.entries == before.entries:
        click.echo("Nothing has changed: all of it is in force already.", err=True)


def _apart(others: Authority, entries: Iterable[Entry]) -> tuple[list[tuple[str, str, str]], list[Entry]]:
    """The names with their items, of entries that others have with another item, and the rest of the entries."""
    known = {replace(entry, wikidata="") for entry in others.entries}
    items, rest = dict[tuple[str, str, str], None](), list[Entry]()
    for entry in entries:
        if replace(entry, wikidata="") in known:
            items[entry.kind, entry.name, entry.wikidata] = None
        else:
            rest.append(entry)
    return list(items), rest


def _listed(engine: search.Engine, kind: str, name: str) -> int:
    """The number of articles listed under a name."""
    return engine.search(search.Query(filters={kind: search.Filter(any=(name,))}, size=0, facets=())).total


SHOWN = 20
"""The number of changes of each kind that a refused import shows."""
KIND = click.argument("kind", metavar="KIND", type=click.Choice(KINDS))


@authority.command(name="import", cls=Changing)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--replace", "replacing", is_flag=True, help="Remove entries that are not in FILE.")
@click.pass_obj
def import_names(index: str, file: Path, replacing: bool) -> None:
    """Replace the entries with those of FILE, a CSV of kind,name,alias,wikidata,action; - is stdin.

    If that would remove entries, they are shown and nothing is changed, unless --replace is given.

    \b
    Example:
      dateline authority news.idx import names.csv
    """
    entries = authority_csv.read(content_of(file, edited.MOST_BYTES + 1))
    name = "<stdin>" if str(file) == "-" else str(file)

    def imported(before: Authority) -> Authority:
        after = authority_csv.imported(before, entries, name, user())
        gone = authority_csv.dropped(before, after)
        if gone and not replacing:
            new = after.beyond(before)
            for sign, changes in (("+", new), ("-", gone)):
                for entry in changes[:SHOWN]:
                    click.echo(f"{sign} {authority_csv.line(entry)}", err=True)
                if len(changes) > SHOWN:
                    click.echo(f"{sign} … and {len(changes) - SHOWN:,} more", err=True)
            entries_go = f"{len(gone):,} existing {'entry' if len(gone) == 1 else 'entries'}"
            raise BadAuthority(
                f"“{name}” would remove {entries_go}, so nothing was changed. "
                "Give --replace to remove them, or add its lines to the output of “export”."
            )
        return after

    _change(index, imported)


@authority.command(name="export")
@click.option("--journal", is_flag=True, help="Write the history of changes instead, as JSON lines, oldest first.")
@click.pass_obj
def export_names(index: str, journal: bool) -> None:
    """Write the current entries to stdout, as the CSV that import reads.

    \b
    Example:
      dateline authority news.idx export > names.csv
    """
    with search.open(index) as engine:
        authority = engine.authority()
    if journal:
        write(orjson.dumps(change) + b"\n" for change in authority.journal)
    else:
        write([authority_csv.write(authority.entries).encode()])


@authority.command(name="offer")
@click.pass_obj
def offer_names(index: str) -> None:
    """Write the entries to stdout, with those that the table of known people offers for the persons of INDEX.

    They merge other spellings of a name and add Wikidata items. Nothing is changed: edit the CSV, then import it.

    \b
    Example:
      dateline authority news.idx offer > names.csv
    """
    with search.open(index) as engine:
        listed, said = list(_persons(engine)), engine.authority()
    taken = {(entry.kind, fold(entry.alias or entry.name)) for entry in said.entries}
    new = [entry for entry in offered(listed) if (entry.kind, fold(entry.alias or entry.name)) not in taken]
    write([authority_csv.write((*said.entries, *new)).encode()])


def _persons(engine: search.Engine) -> Iterator[str]:
    """The names of all persons of an index."""
    offset = 0
    while True:
        facet = engine.facet(search.Query(size=0, facets=()), "person", Listing(offset=offset, limit=_PAGE))
        found = facet.values if isinstance(facet, search.ValueFacet) else ()
        yield from (each.value for each in found)
        if len(found) < _PAGE:
            return
        offset += _PAGE


_PAGE = 1_000
"""The number of persons read at a time."""


@authority.command(cls=Changing)
@KIND
@click.argument("name")
@click.argument("aliases", metavar="ALIAS...", nargs=-1)
@click.option("--wikidata", default="", metavar="Q…", help="The Wikidata item of NAME.")
@click.pass_obj
def merge(index: str, kind: str, name: str, aliases: tuple[str, ...], wikidata: str) -> None:
    """List articles with any ALIAS under NAME.

    \b
    Example:
      dateline authority news.idx merge person "Muammar Gaddafi" "Moammar Gadhafi"
    """
    others = tuple(map(decoded, aliases))
    _change(
        index,
        lambda old: authorities.merge(old, kind, decoded(name), others, wikidata, dates.exactly(), user()),
    )


@authority.command(cls=Changing)
@KIND
@click.argument("alias")
@click.pass_obj
def split(index: str, kind: str, alias: str) -> None:
    """List ALIAS separately, even if another rule would merge it with a name.

    \b
    Example:
      dateline authority news.idx split person Baker
    """
    _change(index, lambda old: authorities.split(old, kind, decoded(alias), dates.exactly(), user()))


@authority.command(cls=Changing)
@KIND
@click.argument("name")
@click.pass_obj
def block(index: str, kind: str, name: str) -> None:
    """Do not show NAME, nor the names that are merged into it.

    \b
    Example:
      dateline authority news.idx block person "Lorem Ipsum"
    """
    _change(index, lambda old: authorities.block(old, kind, decoded(name), dates.exactly(), user()))


@authority.command(cls=Changing)
@KIND
@click.argument("name")
@click.pass_obj
def unblock(index: str, kind: str, name: str) -> None:
    """Show NAME again, which is blocked.

    \b
    Example:
      dateline authority news.idx unblock person "Lorem Ipsum"
    """
    _decide(index, Decision("unblock", kind, decoded(name)))


@authority.command(cls=Changing)
@KIND
@click.argument("name")
@click.argument("wikidata", metavar="[Q…]", default="")
@click.pass_obj
def item(index: str, kind: str, name: str, wikidata: str) -> None:
    """Set the Wikidata item of NAME; without one, take it away.

    \b
    Example:
      dateline authority news.idx item person "Muammar Gaddafi" Q19878
    """
    _decide(index, Decision("item", kind, decoded(name), wikidata=decoded(wikidata).upper()))


@authority.command(cls=Changing)
@click.argument("number", metavar="[NUMBER]", type=click.IntRange(1), required=False)
@click.pass_obj
def undo(index: str, number: int | None) -> None:
    """Undo the last change; repeat to undo earlier ones. NUMBER is the line of another in “export --journal”.

    \b
    Example:
      dateline authority news.idx undo
    """
    if number is None:
        _change(index, lambda old: authorities.undo(old, dates.exactly(), user())[0])
    else:
        _decide(index, Decision("undo", change=number))


def _decide(index: str, made: Decision) -> None:
    """Make a decision about a name, as a page does."""
    _change(index, lambda old: decision.applied(made, old, dates.exactly(), user()))
