"""The command `dateline`.

Data goes to stdout, progress and messages to stderr. Exit 0: done or found, 1: nothing found, 2: an error, reported in
a sentence. With `--json` the output is that of the API. The commands are in `service.commands`.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from search import disk
from search.errors import ArticleMissing, DatelineError
from service import output
from service.commands import access, curation, index, maintenance, query, serve, setup, takedown
from service.commands.shared import Refused


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn an error into a sentence on stderr and an exit code."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError, output.PipeClosed):
        raise
    except ArticleMissing as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except DatelineError as error:
        raise Refused(str(error)) from error
    except Exception as error:  # 1 would mean "nothing found"
        if (known := disk.system_error(error, output.STDOUT)) is not None:
            raise Refused(str(known)) from error
        traceback.print_exc()
        raise Refused(f"Dateline failed: {error!r}. Please report it with the lines above.") from error


class Commands(click.Group):
    """The commands; each fails if its output could not be written completely."""

    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run a command and flush its output."""
        with output.flushed():
            return super().main(*arguments, **more)

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """Parse the arguments, which may print help."""
        with output.detect_closed_pipe():
            return super().make_context(*arguments, **more)

    def invoke(self, context: click.Context) -> object:
        """Run a command; click prints its errors."""
        with output.detect_closed_pipe(), _sentences():
            done = super().invoke(context)
            output.flush()
            return done


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline", prog_name="dateline")
def main() -> None:
    """Index, search and serve a news archive.

    \b
    Example:
      dateline index news.idx seeds/
      dateline search news.idx "berlin wall" --country DE
      dateline serve news.idx
    """


for command in (
    *(index.index, index.watch_paths),
    *(query.search_index, query.similar, query.show, query.export, query.stats),
    takedown.delete,
    curation.authority,
    access.keys,
    *(maintenance.verify, maintenance.snapshot, maintenance.restore, maintenance.copy),
    *(setup.warm, setup.completion),
    serve.serve,
):
    main.add_command(command)
