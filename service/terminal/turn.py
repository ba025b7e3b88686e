"""The writer of an index as soon as it is this command's turn: while another process writes, the command waits."""

from __future__ import annotations

import time

import click

import search
from search import backends
from search.engine import Writer
from search.errors import IndexLocked, IndexMissing
from service.terminal.arguments import Refused

_LOOKS_EVERY_S = 0.2


def writer(index: str, hint: str = "", interrupted: str = "Nothing was changed.") -> Writer:
    """The writer of an existing index. If another process is writing to it, says on stderr which one, and waits.

    Args:
        hint: a sentence on what else could be done meanwhile.
        interrupted: what is so if Ctrl-C ends the wait.

    Raises:
        Refused: if Ctrl-C ends it.
        IndexMissing: if the index is moved or removed meanwhile.
    """
    try:
        return search.writer(index)
    except IndexLocked as problem:
        more = f" {hint}" if hint else ""
        click.echo(f"{problem.told} This waits until it has finished; Ctrl-C ends the wait.{more}", err=True)
    try:
        while True:
            time.sleep(_LOOKS_EVERY_S)
            if backends.identity(index) is None:  # a writer would make another
                raise IndexMissing(f"The index “{index}” has been moved or removed meanwhile. {interrupted}")
            try:
                return search.writer(index)
            except IndexLocked:
                continue
    except KeyboardInterrupt:
        raise Refused(f"Interrupted. {interrupted}") from None
