"""The command `dateline`.

Data goes to stdout, progress and messages to stderr. Exit 0: done or found, 1: nothing found, 2: an error, reported in
a sentence. With `--json` the output is that of the API. The commands are in `service.commands`. Each is imported when
it is run, so that help and completions need not wait for the engine.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, cast

import click
from click.shell_completion import CompletionItem, add_completion_class

import service
from search.errors import ArticleMissing, DatelineError
from search.jit import compiling
from search.system import collector, disk
from search.system.acting import Actor, acting
from service.commands.bash import Bash
from service.terminal import output
from service.terminal.arguments import Refused, user

COMMANDS = {
    "index": ("commands.index", "index", "Read articles from files and folders, and add them to INDEX."),
    "watch": ("commands.index", "watch_paths", "Index new and changed files as they appear."),
    "enrich": ("commands.enrich", "enrich_again", "Renew the facts of INDEX by newer rules, without the archive."),
    "search": ("commands.query", "search_index", "Search INDEX for articles that match QUERY and filters."),
    "show": ("commands.query", "show", "Show one article, with the evidence for its values."),
    "similar": ("commands.query", "similar", "Find articles that are similar to one of them."),
    "event": ("commands.query", "event", "Find articles that may belong to the same event as one of them."),
    "draft": ("commands.draft", "draft", "Check a text: its persons, countries, topics, dates and copied passages."),
    "export": ("commands.query", "export", "Write every matching article to stdout, newest first."),
    "count": ("commands.query", "count", "Count the matching articles, by facets and by time, as CSV."),
    "batch": ("commands.batch", "batch_of", "Count for each of many names or questions, with the first and last."),
    "special": ("commands.query", "special_of", "List the words that are distinctive of articles, as CSV."),
    "concordance": ("commands.query", "concordance_of", "List every occurrence of words, with its context, as CSV."),
    "stats": ("commands.query", "stats", "Show the size and the counts of INDEX."),
    "serve": ("commands.serve", "serve", "Serve the search page and the API, until Ctrl-C."),
    "fetch": ("commands.fetch", "fetch_feeds", "Read the feeds that a file lists into a folder of the archive."),
    "ocr": ("commands.ocr", "read_pages", "Read scanned pages that have no text, by Tesseract."),
    "mcp": ("commands.mcp", "mcp", "Let an assistant ask INDEX, by the Model Context Protocol."),
    "delete": ("commands.takedown", "delete", "Remove articles, including those under embargo."),
    "authority": ("desk.names.command", "authority", "Merge, split or block names."),
    "corrections": (
        "desk.corrections.command",
        "corrections",
        "Correct facts of articles: persons, countries, topics, date, title.",
    ),
    "verify-citation": (
        "desk.citations.command",
        "verify_citation",
        "Check an export against the hash of a cited result.",
    ),
    "lists": ("desk.lists.command", "lists", "Keep articles on lists, with notes."),
    "searches": ("desk.searches.command", "searches", "Save searches, and see what is new in them."),
    "alerts": ("desk.alerts.command", "alerts", "Tell people what is new in a search."),
    "keys": ("desk.people.command", "keys", "Create, list and revoke API keys."),
    "rights": ("desk.rights.command", "rights", "Say who may see which articles."),
    "audit": ("desk.audit.command", "audit", "Write who has changed what in INDEX, and when."),
    "verify": ("commands.maintenance", "verify", "Read every byte of INDEX and report damage."),
    "upgrade": ("commands.upgrade", "upgrade", "Convert what an earlier version of Dateline wrote."),
    "snapshot": ("commands.maintenance", "snapshot", "Back INDEX up, while it is written and served."),
    "restore": ("commands.maintenance", "restore", "Restore INDEX from a backup, after checking it."),
    "copy": ("commands.maintenance", "copy", "Copy every article of one index into another."),
    "warm": ("commands.setup", "warm", "Compile the kernels now, once per machine."),
    "completion": ("commands.setup", "completion", "Print the shell completion script of dateline."),
}
"""Command → its module in `service`, its name there, and what the list of commands says about it."""


add_completion_class(Bash)


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn an error into a sentence on stderr and an exit code."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError, output.PipeClosed):
        raise
    except KeyboardInterrupt:
        raise Refused("Interrupted.") from None
    except ArticleMissing as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except DatelineError as error:
        raise Refused(str(error)) from error
    except Exception as error:  # 1 would mean "nothing found"
        if _is_interrupted(error):
            raise Refused("Interrupted.") from None
        if (known := disk.system_error(error, output.STDOUT)) is not None:
            raise Refused(str(known)) from error
        traceback.print_exc()
        raise Refused(f"Dateline failed: {error!r}. Please report it with the lines above.") from error


def _is_interrupted(error: BaseException | None) -> bool:
    """True if an error comes from Ctrl-C in a callback of a library, which turns every exception into its own."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


@contextmanager
def _one_line() -> Iterator[None]:
    """Say what is wrong with arguments in one line, to which click adds two about usage."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "dateline"
        raise Refused(f"{error.format_message()} See `{command} --help`.") from error


class _Imported(Mapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module, attribute, _ = COMMANDS[name]
        with collector.paused():
            command: click.Command = getattr(importlib.import_module(f"service.{module}"), attribute)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Commands(click.Group):
    """The commands, in the order of the table; each fails if its output could not be written completely."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of all commands."""
        return list(self.commands)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands; none is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, _, about) in COMMANDS.items()])

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command; none is imported for it."""
        names = [CompletionItem(name, help=COMMANDS[name][2]) for name in COMMANDS if name.startswith(incomplete)]
        return names + super(click.Group, self).shell_complete(context, incomplete)

    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run a command and flush its output."""
        with output.flushed():
            return super().main(*arguments, **more)

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """Parse the arguments, which may print help."""
        with output.detect_closed_pipe(), _one_line(), _sentences():
            return super().make_context(*arguments, **more)

    def invoke(self, context: click.Context) -> object:
        """Run a command; click prints its errors."""
        with output.detect_closed_pipe(), _one_line(), _sentences():
            with acting(Actor(user(), "command")):
                done = super().invoke(context)
            output.flush()
            return done


@click.group(
    cls=Commands,
    commands=cast(MutableMapping[str, click.Command], _Imported()),  # nothing is added to them
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(service.__version__, prog_name="dateline")
def main() -> None:
    """Index, search and serve a news archive.

    \b
    Example:
      dateline index news.idx seeds/
      dateline search news.idx "berlin wall" --country DE
      dateline serve news.idx
    """
    compiling.notify(_say_compiling)


def _say_compiling() -> None:
    from service.terminal.printing import print_notice  # only if it is needed

    print_notice(
        "Compiling what this needs, once on this machine: a minute, or several on a slow one. "
        "“dateline warm” compiles all."
    )
