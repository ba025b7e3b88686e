"""`dateline audit`: who has changed what in an index, and when."""

from __future__ import annotations

import sys
from itertools import chain

import click

import search
from desk.audit.store import entries
from service.desk.audit.lines import FORMATS, Wanted
from service.terminal.arguments import INDEX, decoded, write


@click.command()
@INDEX
@click.option("--since", default="", metavar="TIME", help="Only entries from this day or time on, in UTC.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="jsonl", help="jsonl or csv.")
def audit(index: str, since: str, form: str) -> None:
    """Write the audit log of INDEX to stdout, oldest first: who has changed what, and when.

    It has what was decided on the desk, jobs, keys, rights, sessions, and commands that change INDEX; and no content of
    articles or of searches.

    \b
    Example:
      dateline audit news.idx --since 2026-11 --format csv
    """
    wanted = Wanted(decoded(since), form)
    search.open(index).close()
    found = entries(index, wanted.since)
    first = next(found, None)
    write(FORMATS[form](chain([first] if first is not None else [], found)))
    if first is None:
        sys.exit(1)
