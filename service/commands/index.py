"""`dateline index` and `dateline watch`: index articles from files."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from shlex import quote
from types import FrameType
from typing import Self

import click

import search
from indexer import languages, pipeline, watch
from indexer.archive import walk
from indexer.enrich.persons.tagger import recogniser
from search.fields import BY_NAME, FIELDS
from search.meaning import model
from service import settings
from service.terminal import converting
from service.terminal.arguments import AS_JSON, INDEX, Refused, decoded, write_json
from service.terminal.printing import print_report, progress_bar

Handler = Callable[[int, FrameType | None], object] | int | None


class Interrupted:
    """Handles Ctrl-C inside its block: the first leaves time to commit, the second stops immediately.

    Args:
        then: what running the command again does to what is left.
    """

    def __init__(self, then: str = "index") -> None:
        self._then = then
        self._is = False
        self._before: Handler = signal.SIG_DFL

    def __call__(self) -> bool:
        """True once Ctrl-C has been pressed."""
        return self._is

    def __enter__(self) -> Self:
        self._before = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, self._strike)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if isinstance(error, KeyboardInterrupt):
            raise Refused(
                f"Stopped immediately. Committed articles remain. Run the same command again to {self._then} the rest."
            ) from None

    def _strike(self, _signal: int, _frame: object) -> None:
        if self._is:
            raise KeyboardInterrupt
        self._is = True
        click.echo("Stopping after a commit of the articles read so far. Ctrl-C again stops immediately.", err=True)


def read_mapping(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """The archive's field names by ours."""
    names: dict[str, str] = {}
    for value in values:
        ours, equals, theirs = value.partition("=")
        if not equals or not theirs or ours not in BY_NAME:
            known = ", ".join(field.name for field in FIELDS)
            raise click.BadParameter(f"“{value}” does not map a field. Give FIELD=NAME. The fields are {known}.")
        names[ours] = theirs
    return names


def choose_recogniser(_context: click.Context, _parameter: click.Parameter, name: str | None) -> None:
    """Choose the recognizer of persons for this process and its children."""
    if name is not None:
        os.environ[recogniser.VARIABLE] = name
        recogniser.recogniser(languages.default())


def choose_meaning(_context: click.Context, _parameter: click.Parameter, file: Path | None) -> None:
    """Choose the model of meaning for this process and its children."""
    if file is not None:
        os.environ[model.VARIABLE] = str(file.absolute())
    model.check()


PATHS = click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path)
)
COLLECTION = click.option(
    "--collection", help="Name of the archive, part of generated ids; by default the name of each PATH."
)
MAP = click.option(
    "--map",
    "names",
    multiple=True,
    callback=read_mapping,
    metavar="A=B",
    help="Read field A from the archive's field B.",
)
PERSONS = click.option(
    "--persons", type=click.Choice(list(recogniser.MADE)), callback=choose_recogniser, expose_value=False,
    help="Recognizer of persons: crf, the default, or spacy, which is slower and needs an extra installed.",
)  # fmt: skip

MEANING = click.option(
    "--meaning", type=click.Path(path_type=Path), callback=choose_meaning, expose_value=False, metavar="FILE",
    help="Model of meaning, by which results are ordered, too: docs/meaning.md. DATELINE_MEANING names it for others.",
)  # fmt: skip
PICTURES = click.option(
    "--pictures/--no-pictures", default=True, show_default=True,
    help="Store the pictures next to articles, such as scanned pages, in INDEX too.",
)  # fmt: skip


@click.command()
@INDEX
@PATHS
@PERSONS
@MEANING
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes; by default one per core.")
@COLLECTION
@MAP
@PICTURES
@click.option("--delete-missing", is_flag=True, help="Remove articles that are no longer in the archive.")
@click.option("--dry-run", is_flag=True, help="Report what would be done; change nothing.")
@click.option("--strict", is_flag=True, help="Exit 2 if any record caused an internal error.")
@AS_JSON
def index(
    index: str,
    paths: tuple[Path, ...],
    workers: int | None,
    collection: str | None,
    names: dict[str, str],
    pictures: bool,
    delete_missing: bool,
    dry_run: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Read articles from files and folders, enrich them, and add them to INDEX.

    Running it again adds nothing: unchanged articles are skipped. A record that cannot be read is rejected and
    reported with its path, line and reason.

    \b
    Example:
      dateline index news.idx seeds/
    """
    with Interrupted() as interrupted:
        options = pipeline.Options(
            collection=decoded(collection) if collection else None,
            names=names,
            workers=workers or os.cpu_count() or 1,
            delete_missing=delete_missing,
            dry_run=dry_run,
            place=index,
            stop=interrupted,
            copies_hours=settings.from_environment(os.environ).copies_hours,
            pictures=pictures,
        )
        walk.check(paths)
        if dry_run and not search.exists(index):
            with progress_bar() as progress:
                report = pipeline.index(None, paths, options, progress)
        else:
            if not dry_run:
                converting.ready(index)
            with search.writer(index) as writer, progress_bar() as progress:
                report = pipeline.index(writer, paths, options, progress)
    if as_json:
        write_json(report.as_json())
    else:
        print_report(report, dry_run)
    if report.outdated and not as_json:
        click.echo(_outdated(report.outdated, index), err=True)
    if interrupted():
        raise Refused(
            "Stopped by Ctrl-C. Nothing was changed: it was a dry run."
            if dry_run
            else f"Stopped by Ctrl-C. The {report.read:,} articles above are committed, as generation "
            f"{report.generation}. Run the same command again: it skips them and continues with the rest."
        )
    if strict and report.internal_errors:
        click.echo("With --strict, an internal error is a failure: exit 2.", err=True)
        sys.exit(2)
    if not report.read and not report.removed and not report.embargoed:
        if not report.skipped_count:
            click.echo(_lacking(paths), err=True)
        sys.exit(1)


def _outdated(articles: int, index: str) -> str:
    """What to say of articles in unchanged files that have facts by older rules."""
    have = "article has" if articles == 1 else "articles have"
    return (
        f"{articles:,} {have} facts by older rules than those of this version. “dateline enrich {quote(index)}” renews "
        "them from the stored texts."
    )


def _lacking(paths: Sequence[Path]) -> str:
    """What to say of paths in which there is no file to read."""
    found = walk.skipped_in(paths)
    skipped = ", ".join(f"{count:,} {what}" for what, count in found.items())
    only = f", only {skipped}" if skipped else ""
    way = " “dateline ocr” reads scanned pages." if "pictures" in found else ""
    folders = ", ".join(f"“{path}”" for path in paths)
    way = f"Name a folder with articles; docs/formats.md lists the formats.{way}"
    return f"There is no file to read in {folders}{only}. {way}"


@click.command(name="watch")
@INDEX
@PATHS
@PERSONS
@MEANING
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes.")
@COLLECTION
@MAP
@PICTURES
@click.option(
    "--every", type=click.FloatRange(0.1, 3600), default=2.0, show_default=True, help="Seconds between checks."
)
def watch_paths(
    index: str,
    paths: tuple[Path, ...],
    workers: int,
    collection: str | None,
    names: dict[str, str],
    pictures: bool,
    every: float,
) -> None:
    """Index new and changed files of PATH... into INDEX as they appear, until Ctrl-C.

    A file that is still growing is read once it is unchanged between two checks. Articles under embargo are indexed
    when it ends. It stops with an error if INDEX is moved or removed.

    \b
    Example:
      dateline watch news.idx incoming/
    """
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    options = pipeline.Options(
        collection=decoded(collection) if collection else None,
        names=names,
        workers=workers,
        place=index,
        copies_hours=settings.from_environment(os.environ).copies_hours,
        pictures=pictures,
    )
    for report in watch.watch(lambda: search.writer(index), paths, options, stopping, every):
        print_report(report, dry_run=False)
