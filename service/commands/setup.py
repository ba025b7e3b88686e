"""`dateline warm` and `dateline completion`: what is done once for a machine."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

import search
from indexer import enrich
from service.terminal import steps


@click.command()
def warm() -> None:
    """Compile what is compiled once for a machine; else that happens at first use.

    DATELINE_KERNEL_CACHE names the directory where it is kept.

    \b
    Example:
      dateline warm
    """
    with steps("Compiling") as progress:
        enrich.warm()
        search.warm(progress)


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands and options of dateline.

    Once for a machine: for bash, `dateline completion bash > ~/.local/share/bash-completion/completions/dateline`; for
    zsh, into a file `_dateline` in a folder of its `fpath`; for fish, into
    `~/.config/fish/completions/dateline.fish`.

    \b
    Example:
      dateline completion zsh
    """
    maker = get_completion_class(shell)
    assert maker is not None  # click knows the three
    click.echo(maker(click.get_current_context().find_root().command, {}, "dateline", "_DATELINE_COMPLETE").source())
