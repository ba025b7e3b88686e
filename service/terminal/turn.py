"""What a command does with an index as soon as it is its turn: while another process writes, the command waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import click

import search
from search import backends
from search.engine import Writer
from search.errors import IndexLocked, IndexMissing
from service.terminal.arguments import Refused

T = TypeVar("T")

_LOOKS_EVERY_S = 0.2


def writer(index: str, hint: str = "", interrupted: str = "Nothing was changed.") -> Writer:
    """The writer of an existing index (see `taken`)."""
    return taken(index, lambda: search.writer(index), hint, interrupted)


def taken(index: str, do: Callable[[], T], hint: str = "", interrupted: str = "Nothing was changed.") -> T:
    """Do what needs an existing index for itself. If another process writes to it, says on stderr which one, and waits.

    Args:
        do: raises IndexLocked before it changes anything.
        hint: a sentence on what else could be done meanwhile.
        interrupted: what is so if Ctrl-C ends the wait.

    Raises:
        Refused: if Ctrl-C ends it.
        IndexMissing: if the index is moved or removed meanwhile.
    """
    try:
        return do()
    except IndexLocked as problem:
        more = f" {hint}" if hint else ""
        click.echo(f"{problem.told} This waits until it has finished; Ctrl-C ends the wait.{more}", err=True)
    while True:
        try:
            time.sleep(_LOOKS_EVERY_S)
        except KeyboardInterrupt:
            raise Refused(f"Interrupted. {interrupted}") from None
        if backends.identity(index) is None:  # a writer would make another
            raise IndexMissing(f"The index “{index}” has been moved or removed meanwhile. {interrupted}")
        with suppress(IndexLocked):
            return do()
