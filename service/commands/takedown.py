"""`dateline delete`: articles that leave an index, for good or until they are indexed again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import search
from indexer.withheld import withdrawn
from service import removal
from service.commands.shared import INDEX, Refused, counted, decoded
from service.terminal import print_erased


@click.command()
@INDEX
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--block", is_flag=True, help="Also keep them from being indexed again.")
@click.option("--purge", is_flag=True, help="Also erase them: no byte is left in INDEX and the snapshots it knows.")
@click.option("--unblock", is_flag=True, help="Let them be indexed again, also after a withdrawal; removes nothing.")
def delete(index: str, ids: tuple[str, ...], block: bool, purge: bool, unblock: bool) -> None:
    """Remove articles from INDEX, and those that it keeps aside because of an embargo.

    With --purge the segments that held them are written anew before the command ends, as is what indexing remembers of
    them, also where they were removed before; what still has something of them is named.

    \b
    Example:
      dateline delete news.idx 1961-08-berlin-wall
    """
    erased = None
    ids = tuple(map(decoded, ids))
    if unblock and (block or purge):
        raise Refused(f"--{'block' if block else 'purge'} and --unblock are opposites. Give one of them.")
    search.open(index).close()  # an index that is not there is an error, not made
    with search.writer(index) as writer:
        if unblock:
            done = frozenset([entry for entry in ids if writer.unblock(entry)])
            apart = withdrawn.let_in(Path(index), ids)
        else:
            done, apart = removal.delete(writer, index, ids, block)
        if purge:
            writer.commit()
            erased = removal.erase(writer, index, ids)
            done |= erased.found
    for entry in ids:
        if entry in apart:
            was = "withdrawn by its publisher" if unblock else "kept aside because of an embargo"
            click.echo(f"“{entry}” was {was}, and is no more.", err=True)
        elif entry not in done:
            click.echo(f"“{entry}” was not blocked." if unblock else f"No article “{entry}” in this index.", err=True)
    what = "unblocked" if unblock else "erased" if purge else "removed"
    count = len({*done, *apart})
    click.echo(f"{counted(count, 'article')} {what}.", err=True)
    if erased is not None:
        print_erased(erased)
    if block:
        click.echo(f"Kept out from now on: {', '.join(ids)}.", err=True)
    elif not count:
        sys.exit(1)
