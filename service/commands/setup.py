"""`dateline warm` and `dateline completion`: run once per machine."""

from __future__ import annotations

from multiprocessing import get_context, resource_tracker

import click
from click.shell_completion import get_completion_class

import search
from indexer import pipeline
from search.errors import DatelineError
from search.jit import compiling
from search.system import forks
from service.commands.start import interruptible
from service.terminal.arguments import Refused
from service.terminal.printing import steps


@click.command()
def warm() -> None:
    """Compile the kernels now, once per machine, instead of at first use.

    They are cached in the directory DATELINE_KERNEL_CACHE.

    \b
    Example:
      dateline warm
    """
    compiling.notify(lambda: None)  # that this compiles need not be said
    other = get_context("spawn").Process(target=_warm_the_rest, daemon=True)
    with interruptible(), steps("Compiling") as progress:  # the other process ends with this one
        resource_tracker.ensure_running()  # otherwise it is started within, and lets interrupts through
        with forks.no_interrupts():
            other.start()
        search.warm(progress)
        other.join()
    if other.exitcode:
        raise Refused(f"A process that compiled ended with exit status {other.exitcode}. Run dateline warm again.")


def _warm_the_rest() -> None:
    """Compile the kernels of indexing, and then those of searching, from the other end."""
    forks.begin()
    try:
        pipeline.warm()
        search.warm(backwards=True)
    except DatelineError as error:
        raise SystemExit(f"Error: {error}") from None


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print the shell completion script of dateline.

    Install it once: for bash, `dateline completion bash > ~/.local/share/bash-completion/completions/dateline`; for
    zsh, as a file `_dateline` in a folder of its `fpath`; for fish, as `~/.config/fish/completions/dateline.fish`.

    \b
    Example:
      dateline completion zsh
    """
    maker = get_completion_class(shell)
    assert maker is not None  # click supports all three
    click.echo(maker(click.get_current_context().find_root().command, {}, "dateline", "_DATELINE_COMPLETE").source())
