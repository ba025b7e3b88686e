"""A command that changes an index converts it first, if an earlier version wrote it."""

from __future__ import annotations

import click

import search
from search import backends
from search.values.outdated import Outdated
from service.terminal import turn
from service.terminal.arguments import counted
from service.terminal.printing import steps


def ready(index: str) -> None:
    """Convert an index that an earlier version wrote, if there is one.

    Raises:
        NotAnIndex: if it is in a cluster: there `dateline upgrade` fills a second one.
    """
    if not search.exists(index) or (found := backends.outdated(index)) is None:
        return
    if backends.folder(index) is None:
        search.writer(index).close()  # which says so
    convert(index, found)


def convert(index: str, found: Outdated) -> None:
    """Convert an index, with a progress bar, and say that it is done, and which questions find something else now."""
    from desk import conversion  # with the library of the desk's database, for which nothing else here has a use
    from service.formats import question
    from service.terminal.proofs import print_proof

    conversion.convert(index, found, question.on, print_proof, steps, lambda do: turn.taken(index, do))
    click.echo(f"{index} is of format {found.current}: {counted(found.articles, 'article')} indexed again.", err=True)
