"""`dateline upgrade`: convert what an earlier version of Dateline wrote."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from desk.store import elsewhere, where
from search import backends
from search.values.outdated import Outdated
from service.terminal.arguments import INDEX, counted
from service.terminal.changing import Changing
from service.terminal.converting import convert


@click.command(cls=Changing, unless="check")
@INDEX
@click.option("--check", is_flag=True, help="Say what would change, and change nothing. Exit 1 if anything would.")
def upgrade(index: str, check: bool) -> None:
    """Convert INDEX and its desk, as an earlier version of Dateline wrote them, to the format of this one.

    The archive is not needed: articles are indexed again from what is stored of them, segment by segment, in the space
    of one. INDEX can be searched and served meanwhile. What is converted stays so if this is stopped; run it again, and
    it goes on. The first command that changes INDEX does the same. In a cluster a second index is filled, and takes
    the place of the first at the end. Saved searches, alerts, lists and citations are asked before and after, and what
    differs is told with its reason.

    \b
    Example:
      dateline upgrade news.idx --check
      dateline upgrade news.idx
    """
    found = backends.outdated(index)
    told = [*([] if found is None else _told(found)), *_told_of_desk(index)]
    for sentence in told:
        click.echo(sentence, err=True)
    if check:
        as_it_is = found is None or found.searchable
        ready = "It can be searched as it is." if as_it_is else "It cannot be searched until it is converted."
        click.echo(ready if told else "Nothing has to be converted.", err=True)
        sys.exit(1 if told else 0)
    elsewhere.take_over(index)
    if found is None:
        click.echo(f"{index} is of the current format.", err=True)
    else:
        convert(index, found)


def _told_of_desk(index: str) -> Iterator[str]:
    from desk.store import opening  # with the library of its database

    if where.former(index, where.FILE):
        yield "Its desk is in files of its own."
    if revision := opening.former_revision(index):
        yield f"Its desk is of revision {revision}; {opening.REVISIONS[-1]} is the current one."


def _told(found: Outdated) -> list[str]:
    again = counted(found.articles, "article")
    sentence = f"It is of format {found.format}; {found.current} is the current one: {again} to index again."
    if found.begun:
        sentence += f" {counted(found.begun, 'article')} of a run that was stopped are kept."
    return [sentence, *(f"- It {change}." for change in found.changes)]
