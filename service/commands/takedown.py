"""`dateline delete`: remove articles from an index, for good or until they are indexed again."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path

import click

import search
from indexer.withheld.purge import Erased
from search.engine import Writer
from search.errors import IndexLocked
from search.files import takedowns
from search.values.article import make_id
from service.server import removal
from service.terminal import converting, turn
from service.terminal.arguments import INDEX, Refused, counted, decoded
from service.terminal.changing import Changing
from service.terminal.printing import err, escape

_LOOKS_EVERY_S = 0.2


@click.command(cls=Changing, before=True)
@INDEX
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--block", is_flag=True, help="Also prevent them from being indexed again.")
@click.option("--purge", is_flag=True, help="Also erase every byte of them from INDEX and its known backups.")
@click.option("--unblock", is_flag=True, help="Allow indexing them again, even after a withdrawal; removes nothing.")
def delete(index: str, ids: tuple[str, ...], block: bool, purge: bool, unblock: bool) -> None:
    """Remove articles from INDEX, including those under embargo.

    With --purge, the segments and the ledger that contain them are rewritten before the command ends, even if the
    articles were removed earlier. Anything that still holds a part of them is named. While another process writes to
    INDEX, it does what --block says with its next commit, usually within ten seconds; all else waits for its end, and
    says so.

    \b
    Example:
      dateline delete news.idx 1961-08-berlin-wall
    """
    erased = None
    given = tuple(map(decoded, ids))
    ids = tuple(map(make_id, given))  # as the record with such an id has it
    for name, entry in zip(given, ids, strict=True):
        if name != entry:
            click.echo(f"The article “{name}” has the id “{entry}” here.", err=True)
    if unblock and (block or purge):
        raise Refused(f"--{'block' if block else 'purge'} and --unblock are opposites. Give one of them.")
    search.open(index).close()  # a missing index is an error; a writer would create it
    converting.ready(index)
    writer = _writer(index, ids, block, purge, unblock)
    if writer is None:
        return
    with writer:
        if unblock:
            done, apart = removal.readmit(writer, index, ids)
        else:
            before = [article for entry in ids if (article := writer.stored(entry)) is not None] if purge else []
            done, apart = removal.delete(writer, index, ids, block)
        if purge:
            writer.commit()
            erased = removal.erase(writer, index, ids, before)
            done |= erased.found
    for entry in ids:
        if entry in apart:
            was = "withdrawn by its publisher" if unblock else "under embargo"
            click.echo(f"“{entry}” was {was}, and no longer is.", err=True)
        elif entry not in done:
            click.echo(f"“{entry}” was not blocked." if unblock else f"No article “{entry}” in this index.", err=True)
    what = "unblocked" if unblock else "erased" if purge else "removed"
    count = len({*done, *apart})
    click.echo(f"{counted(count, 'article')} {what}.", err=True)
    if erased is not None:
        _print(erased)
    if block:
        click.echo(f"Blocked from now on: {', '.join(ids)}.", err=True)
    elif not count:
        sys.exit(1)


def _writer(index: str, ids: tuple[str, ...], block: bool, purge: bool, unblock: bool) -> Writer | None:
    """The writer, in its turn; None if the process that writes now has done all that is wanted."""
    if not block:
        return turn.writer(index, "" if unblock else "With --block, it would remove them with its next commit.")
    try:
        return search.writer(index)
    except IndexLocked as problem:
        _block_meanwhile(Path(index), ids, problem.told)
    return turn.writer(index, interrupted="They are removed and blocked, and not yet erased.") if purge else None


def _block_meanwhile(folder: Path, ids: tuple[str, ...], told: str) -> None:
    """Have the process that writes to an index remove and block articles, and wait until they are."""
    request = takedowns.ask(folder, ids)
    click.echo(f"{told} It removes and blocks them with its next commit.", err=True)
    try:
        _wait(folder, ids, request)
    except KeyboardInterrupt:
        click.echo("They will be removed and blocked all the same; --unblock ends that.", err=True)
        raise
    click.echo(f"Blocked from now on: {', '.join(ids)}.", err=True)


def _wait(folder: Path, ids: tuple[str, ...], request: Path) -> None:
    """Wait until a request is done, or do it when the other process has ended."""
    while request.exists():  # otherwise it is done, or the index was moved, and a writer would create another
        with suppress(IndexLocked), search.writer(folder) as writer:  # the other process may have ended
            removal.delete(writer, folder, ids, block=True)
        time.sleep(_LOOKS_EVERY_S)
    with suppress(IndexLocked):  # then it is a run, which forgets them itself
        removal.forget(folder, ids)


def _print(erased: Erased) -> None:
    """Print where else articles were erased, and what still holds a part of them."""
    if erased.backups:
        names = ", ".join(map(str, erased.backups))
        err.print(escape(f"Also in {counted(len(erased.backups), 'snapshot')}: {names}."))
    for holder in erased.held:
        err.print(escape(f"Also held by {holder.name}: {holder.why}"))
    if erased.note:
        err.print(escape(erased.note))
