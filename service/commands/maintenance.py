"""`dateline verify`, `snapshot`, `restore` and `copy`: an index as a whole is checked, saved and put elsewhere."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from search import copying
from search.local.safe import backup, restoring, snapshots
from search.local.safe import verify as checking
from service import beside
from service.commands.shared import AS_JSON, INDEX, Refused, counted, write_json


def _directory(index: str) -> Path:
    """The directory of an index. Refuses one in a cluster."""
    if "://" in index:
        raise Refused(f"“{index}” is not a directory. Use what its cluster has for this.")
    return Path(index)


@click.command()
@INDEX
@AS_JSON
def verify(index: str, as_json: bool) -> None:
    """Read every byte of INDEX and say what is wrong with it; exit 0 only where nothing is.

    \b
    Example:
      dateline verify news.idx
    """
    found = checking.verify(_directory(index))
    if as_json:
        write_json({"whole": found.whole, **asdict(found)})
    else:
        for fault in found.faults:
            click.echo(f"{fault.file}: {fault.problem}")
        click.echo(
            f"Generation {found.generation}: {found.articles:,} articles in {found.files} files, {found.bytes:,} bytes."
            + (f" {len(found.left_over)} left over, which the next writer removes." if found.left_over else ""),
            err=True,
        )
        click.echo("It is whole." if found.whole else f"It is not whole: {len(found.faults)} faults.", err=True)
    if not found.whole:
        sys.exit(2)


@click.command()
@INDEX
@click.argument("dest", metavar="DEST", type=click.Path(path_type=Path))
@click.option("--copy", "copied", is_flag=True, help="Copy every byte, also where hard links would do.")
def snapshot(index: str, dest: Path, copied: bool) -> None:
    """Make a snapshot of INDEX at DEST, while it is written and served.

    On one disk the files of the index get a second name and take no room of their own at first. What waits to be
    indexed by the service is not in it.

    \b
    Example:
      dateline snapshot news.idx backup/monday
    """
    generation = backup.snapshot(_directory(index), dest, copied)
    click.echo(f"Generation {generation} is at {dest}.", err=True)
    snapshots.add(_directory(index), dest)


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(path_type=Path))
@INDEX
@click.option("--replace", "replacing", is_flag=True, help="Take the place of the index that is there.")
def restore(source: Path, index: str, replacing: bool) -> None:
    """Put the snapshot SRC back as INDEX, when every byte of it is good.

    With --replace, what was taken down since the snapshot was made stays down: keys are those of INDEX, and what it has
    blocked, or what was withdrawn from it, is left out. At a new place nothing of this is known.

    \b
    Example:
      dateline restore backup/monday news.idx --replace
    """
    folder = _directory(index)
    if replacing and folder.is_dir():
        done = restoring.replace(source, folder, beside.RULES)
        generation = done.generation
        if done.kept:
            removed = f" {counted(done.removed, 'article')} left out." if done.removed else ""
            click.echo(f"{', '.join(done.kept)} kept.{removed}", err=True)
    else:
        generation = backup.restore(source, folder)
    click.echo(f"Generation {generation} is at {index}.", err=True)


@click.command()
@click.argument("source", metavar="SRC")
@click.argument("dest", metavar="DEST")
@click.option(
    "--replace", "replacing", is_flag=True, help="Fill a second index in DEST's cluster, and put it in DEST's place."
)
def copy(source: str, dest: str, replacing: bool) -> None:
    """Copy every article of the index SRC into the index DEST, which is made where there is none.

    Articles go as they are answered, and what either keeps out stays out. SRC is not written to; who reads the archive
    into DEST later finds them unchanged. With --replace DEST, an index in a cluster, answers as it is until the copy is
    whole, and then has what SRC has and nothing else; what is indexed into DEST meanwhile is lost.

    \b
    Example:
      dateline copy news.idx other.idx
    """
    count = copying.copy(source, dest, replacing)
    click.echo(f"{counted(count, 'article')} copied to {dest}.", err=True)
