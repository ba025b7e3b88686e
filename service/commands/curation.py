"""`dateline authority`: which names of an index are one, stand apart, or are not shown."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
import orjson

import search
from indexer import authority_csv
from indexer.files.regular import NotRegular, open_file
from search import authority as authorities
from search.authority import KINDS, Authority
from search.errors import BadAuthority
from service.commands.shared import INDEX, Refused, counted, decoded, write


@click.group()
@INDEX
@click.pass_context
def authority(context: click.Context, index: str) -> None:
    """Say which names of INDEX are one, stand apart, or are not shown; no article is read again.

    \b
    Example:
      dateline authority news.idx merge person "Muammar Gaddafi" "Moammar Gadhafi" --wikidata Q19878
      dateline authority news.idx export > names.csv
    """
    context.obj = index


def _say(index: str, change: Callable[[Authority], Authority]) -> None:
    """Change the authority of an index, and say on stderr what became of it."""
    with search.open(index) as engine:  # first, since a writer makes an index where there is none
        with search.writer(index) as writer:
            before = writer.authority()
            after = change(before)
            new = [entry for entry in after.entries if entry not in before.entries]
            counts = {entry: _listed(engine, entry.kind, entry.alias or entry.name) for entry in new}
            writer.set_authority(after)
        for entry in new:
            name = entry.alias or entry.name
            count = _listed(engine, entry.kind, name) if entry.action == "split" else counts[entry]
            what = {"merge": f"is listed as “{entry.name}”", "split": "stands by itself", "block": "is not shown"}
            click.echo(f"{entry.kind} “{name}” {what[entry.action]}: {counted(count, 'article')}.", err=True)
    for entry in before.entries:
        if entry not in after.entries:
            click.echo(f"No longer: {entry.action} {entry.kind} “{entry.alias or entry.name}”.", err=True)


def _listed(engine: search.Engine, kind: str, name: str) -> int:
    """How many articles are listed under a name."""
    return engine.search(search.Query(filters={kind: search.Filter(any=(name,))}, size=0, facets=())).total


SHOWN = 20
"""Changes of each kind that an import shows before it is refused."""
KIND = click.argument("kind", metavar="KIND", type=click.Choice(KINDS))


@authority.command(name="import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--replace", "replacing", is_flag=True, help="Let entries go that FILE leaves out.")
@click.pass_obj
def import_names(index: str, file: Path, replacing: bool) -> None:
    """Take in FILE, a CSV of kind,name,alias,wikidata,action, in place of what was said before; - is stdin.

    Where that would let entries go, they are shown and nothing is changed, unless --replace is given.

    \b
    Example:
      dateline authority news.idx import names.csv
    """
    entries = authority_csv.read(_content(file, authority_csv.MOST_BYTES + 1))
    name = "<stdin>" if str(file) == "-" else str(file)

    def taken_in(before: Authority) -> Authority:
        after = authority_csv.taken_in(before, entries, name)
        gone = authority_csv.left_out(before, after)
        if gone and not replacing:
            new = [entry for entry in after.entries if entry not in before.entries]
            for sign, changes in (("+", new), ("-", gone)):
                for entry in changes[:SHOWN]:
                    click.echo(f"{sign} {authority_csv.line(entry)}", err=True)
                if len(changes) > SHOWN:
                    click.echo(f"{sign} … and {len(changes) - SHOWN:,} more", err=True)
            entries_go = f"{len(gone):,} {'entry goes' if len(gone) == 1 else 'entries go'}"
            raise BadAuthority(
                f"“{name}” leaves out what holds: {entries_go}, and nothing was changed. "
                "Give --replace to let them go, or add its lines to what “export” writes."
            )
        return after

    _say(index, taken_in)


def _content(file: Path, most: int) -> bytes:
    """So many bytes of a file, or of what comes by stdin."""
    if str(file) == "-":
        return sys.stdin.buffer.read(most)
    try:
        with open_file(file) as opened:
            return opened.read(most)
    except NotRegular as problem:
        raise Refused(f"“{file}”: {problem} What comes from a pipe is given as “-”.") from None
    except OSError as error:
        raise Refused(f"“{file}” cannot be read: {error.strerror or error}.") from None


@authority.command(name="export")
@click.option("--journal", is_flag=True, help="What was changed and when instead, as JSON lines, oldest first.")
@click.pass_obj
def export_names(index: str, journal: bool) -> None:
    """Write what holds to stdout, as the CSV that import takes.

    \b
    Example:
      dateline authority news.idx export > names.csv
    """
    search.open(index).close()
    with search.writer(index) as writer:
        said = writer.authority()
    if journal:
        write(orjson.dumps(change) + b"\n" for change in said.journal)
    else:
        write([authority_csv.write(said.entries).encode()])


@authority.command()
@KIND
@click.argument("name")
@click.argument("aliases", metavar="ALIAS...", nargs=-1)
@click.option("--wikidata", default="", metavar="Q…", help="The item of NAME.")
@click.pass_obj
def merge(index: str, kind: str, name: str, aliases: tuple[str, ...], wikidata: str) -> None:
    """List articles with any ALIAS under NAME, spelled so.

    \b
    Example:
      dateline authority news.idx merge person "Muammar Gaddafi" "Moammar Gadhafi"
    """
    others = tuple(map(decoded, aliases))
    _say(index, lambda said: authorities.merge(said, kind, decoded(name), others, wikidata, authority_csv.now()))


@authority.command()
@KIND
@click.argument("alias")
@click.pass_obj
def split(index: str, kind: str, alias: str) -> None:
    """Let ALIAS stand by itself, whatever else would make it one with another name.

    \b
    Example:
      dateline authority news.idx split person Baker
    """
    _say(index, lambda said: authorities.split(said, kind, decoded(alias), authority_csv.now()))


@authority.command()
@KIND
@click.argument("name")
@click.pass_obj
def block(index: str, kind: str, name: str) -> None:
    """Do not show NAME, nor what is merged into it.

    \b
    Example:
      dateline authority news.idx block person "Lorem Ipsum"
    """
    _say(index, lambda said: authorities.block(said, kind, decoded(name), authority_csv.now()))


@authority.command()
@click.pass_obj
def undo(index: str) -> None:
    """Take back the last change; again, the one before it.

    \b
    Example:
      dateline authority news.idx undo
    """
    _say(index, lambda said: authorities.undo(said)[0])
