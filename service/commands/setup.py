"""`dateline warm` and `dateline completion`: run once per machine."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import click
from click.shell_completion import get_completion_class

import search
from indexer import pipeline
from search.local.kernels import compiling
from service.terminal import steps


@click.command()
def warm() -> None:
    """Compile the kernels now, once per machine, instead of at first use.

    They are cached in the directory DATELINE_KERNEL_CACHE.

    \b
    Example:
      dateline warm
    """
    compiling.notify(lambda: None)  # that this compiles need not be said
    with ProcessPoolExecutor(1, get_context("spawn")) as other, steps("Compiling") as progress:
        rest = other.submit(_warm_the_rest)
        search.warm(progress)
        rest.result()


def _warm_the_rest() -> None:
    """Compile the kernels of indexing, and then those of searching, from the other end."""
    pipeline.warm()
    search.warm(backwards=True)


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
