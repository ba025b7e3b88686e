"""`dateline delete`: remove articles from an index, for good or until they are indexed again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import search
from indexer.withheld import withdrawn
from search.article import make_id
from search.local.safe import pictures
from service import removal
from service.commands.shared import INDEX, Refused, counted, decoded
from service.terminal import print_erased


@click.command()
@INDEX
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--block", is_flag=True, help="Also prevent them from being indexed again.")
@click.option("--purge", is_flag=True, help="Also erase every byte of them from INDEX and its known backups.")
@click.option("--unblock", is_flag=True, help="Allow indexing them again, even after a withdrawal; removes nothing.")
def delete(index: str, ids: tuple[str, ...], block: bool, purge: bool, unblock: bool) -> None:
    """Remove articles from INDEX, including those under embargo.

    With --purge, the segments and the ledger that contain them are rewritten before the command ends, even if the
    articles were removed earlier. Anything that still holds a part of them is named.

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
    with search.writer(index) as writer:
        if unblock:
            done = frozenset([entry for entry in ids if writer.unblock(entry)])
            apart = withdrawn.readmit(Path(index), ids)
            for entry in ids:
                pictures.forgive(Path(index), entry)
        else:
            done, apart = removal.delete(writer, index, ids, block)
        if purge:
            writer.commit()
            erased = removal.erase(writer, index, ids)
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
        print_erased(erased)
    if block:
        click.echo(f"Blocked from now on: {', '.join(ids)}.", err=True)
    elif not count:
        sys.exit(1)
