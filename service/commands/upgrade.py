"""`dateline upgrade`: convert what an earlier version of Dateline wrote."""

from __future__ import annotations

import sys

import click

from desk.store import elsewhere, where
from search import backends
from search.values.outdated import Outdated
from service.terminal.arguments import INDEX, counted
from service.terminal.printing import steps


@click.command()
@INDEX
@click.option("--check", is_flag=True, help="Say what would change, and change nothing. Exit 1 if anything would.")
def upgrade(index: str, check: bool) -> None:
    """Convert INDEX and its desk, as an earlier version of Dateline wrote them, to the format of this one.

    The archive is not needed: articles are indexed again from what is stored of them, segment by segment, in the space
    of one. INDEX can be searched and served meanwhile. What is converted stays so if this is stopped; run it again, and
    it goes on. The first command that changes INDEX does the same. In a cluster a second index is filled, and takes
    the place of the first at the end.

    \b
    Example:
      dateline upgrade news.idx --check
      dateline upgrade news.idx
    """
    found = backends.outdated(index)
    desk = where.former(index, where.FILE)
    for sentence in [*([] if found is None else _told(found)), *(["Its desk is in files of its own."] if desk else [])]:
        click.echo(sentence, err=True)
    if check:
        click.echo("It can be searched as it is." if found or desk else "Nothing has to be converted.", err=True)
        sys.exit(1 if found or desk else 0)
    elsewhere.take_over(index)
    if found is None:
        click.echo(f"{index} is of the current format.", err=True)
    else:
        convert(index, found)


def convert(index: str, found: Outdated) -> None:
    """Convert an index, with a progress bar, and say that it is done."""
    with steps("Converting") as progress:
        backends.upgrade(index, progress)
    click.echo(f"{index} is of format {found.current}: {counted(found.articles, 'article')} indexed again.", err=True)


def _told(found: Outdated) -> list[str]:
    again = counted(found.articles, "article")
    sentence = f"It is of format {found.format}; {found.current} is the current one: {again} to index again."
    return [sentence, *(f"- It {change}." for change in found.changes)]
