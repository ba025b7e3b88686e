"""The command `dateline`: index first, then what to do with it.

Data goes to stdout, progress and messages to stderr. Exit 0 done or found, 1 nothing found, 2 an error, told in a
sentence. With `--json` the answer is the API's.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Self, TypeVar

import click
import orjson
from click.shell_completion import get_completion_class

import search
from indexer import authority as names_file
from indexer import embargo, enrich, pipeline, walk, watch, withdrawn
from indexer.enrich import recogniser
from indexer.readers.regular import NotRegular, open_file
from search import authority as names_said
from search import disk
from search.authority import KINDS, Authority
from search.errors import ArticleMissing, BadAuthority, DatelineError
from search.fields import BY_NAME, FACETS, FIELDS
from search.local import backup, restoring, snapshots
from search.local import verify as checking
from search.query import SORTS
from service import beside, counting, erasing, gone, output, params, render, settings
from service import export as exports
from service import keys as keys_file
from service.keys import SCOPES, Scope
from service.terminal import (
    print_article,
    print_erased,
    print_keys,
    print_report,
    print_results,
    print_stats,
    progress_bar,
    steps,
)
from service.versions import to_representative

F = TypeVar("F", bound=Callable[..., Any])
Pairs = list[tuple[str, str]]

INDEX = click.argument("index", metavar="INDEX")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


class Refused(click.ClickException):
    """A sentence on stderr and exit 2."""

    exit_code = 2


class Interrupted:
    """Whether Ctrl-C was pressed while this is entered. The first leaves time to commit; the second ends at once."""

    def __init__(self) -> None:
        self._is = False
        self._before: Any = None

    def __call__(self) -> bool:
        """Whether it was."""
        return self._is

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._strike)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if isinstance(error, KeyboardInterrupt):
            raise Refused(
                "Ended at once. What was committed before stays, and what was not is read again: run the same command."
            ) from None

    def _strike(self, _signal: int, _frame: object) -> None:
        if self._is:
            raise KeyboardInterrupt
        self._is = True
        click.echo("Stopping: what has been read is committed first. Ctrl-C again ends at once.", err=True)


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what Dateline refuses into a sentence on stderr and an exit code."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError, output.NobodyReads):
        raise
    except ArticleMissing as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except DatelineError as error:
        raise Refused(str(error)) from error
    except Exception as error:  # 1 would say "nothing found"
        if (known := disk.of_the_machine(error, output.STDOUT)) is not None:
            raise Refused(str(known)) from error
        traceback.print_exc()
        raise Refused(f"Dateline failed: {error!r}. Please report it with the lines above.") from error


_ADDED = ("added.from", "added.to")


def _filters(command: F) -> F:
    """Give a command an option for each filter, and for the dates."""
    options = [
        click.option("--from", "first", metavar="DATE", help=params.BY_PARAMETER["from"].help),
        click.option("--to", "last", metavar="DATE", help=params.BY_PARAMETER["to"].help),
        *(
            click.option(
                f"--{name.replace('.', '-')}",
                name.replace(".", "_"),
                metavar="DATE",
                help=params.BY_PARAMETER[name].help,
            )
            for name in _ADDED
        ),
        click.option(
            "--missing", multiple=True, metavar="FIELD", help="Articles without any value of a field, or date."
        ),
    ]
    for field in FACETS:
        options += [
            click.option(f"--{field.name}", multiple=True, metavar="V", help=f"{field.help} Repeated: any of them."),
            click.option(f"--all-{field.name}", multiple=True, metavar="V", hidden=True),
            click.option(f"--not-{field.name}", multiple=True, metavar="V", hidden=True),
        ]
    for option in reversed(options):
        command = option(command)
    return command


def _pairs(text: str, options: Mapping[str, Any]) -> Pairs:
    """A command's options as the parameters of the API, to be read and checked by the same code."""
    pairs: Pairs = [("q", text)]
    for field in FACETS:
        pairs += [(field.name, value) for value in options[field.name]]
        pairs += [(f"{field.name}.all", value) for value in options[f"all_{field.name}"]]
        pairs += [(f"{field.name}.not", value) for value in options[f"not_{field.name}"]]
    for name in options["missing"]:
        if f"{name}.missing" not in params.BY_PARAMETER:
            known = ", ".join((*(field.name for field in FACETS), "date"))
            raise Refused(f"--missing {name}: no such field. There are: {known}.")
        pairs.append((f"{name}.missing", "true"))
    named = (("from", "first"), ("to", "last"), ("sort", "sort"), *((name, name.replace(".", "_")) for name in _ADDED))
    pairs += [(name, options[key]) for name, key in named if options.get(key)]
    pairs += [(name, str(options[name])) for name in ("size", "page", "group") if options.get(name) is not None]
    return [(name, _clean(value)) for name, value in pairs]


def _clean(value: str) -> str:
    """An argument as text, whatever bytes it has."""
    return os.fsencode(value).decode("utf-8", "replace")


def _write(chunks: Iterable[bytes]) -> None:
    """Data to stdout, as it comes."""
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def _json(value: object) -> None:
    _write([orjson.dumps(value, option=orjson.OPT_INDENT_2), b"\n"])


class Commands(click.Group):
    """The commands, each of which says what became of its output: one that could not be written whole is no success."""

    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run a command, and see its output off."""
        with output.seen_off():
            return super().main(*arguments, **more)

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """Read the arguments, which may write help."""
        with output.read_or_not():
            return super().make_context(*arguments, **more)

    def invoke(self, context: click.Context) -> Any:
        """Run a command whose sentences click writes."""
        with output.read_or_not(), _sentences():
            done = super().invoke(context)
            output.flush()
            return done


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline", prog_name="dateline")
def main() -> None:
    """Search a news archive: index it, ask it, serve it.

    \b
    Example:
      dateline index news.idx seeds/
      dateline search news.idx "berlin wall" --country DE
      dateline serve news.idx
    """


def _mapping(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    names: dict[str, str] = {}
    for value in values:
        ours, equals, theirs = value.partition("=")
        if not equals or not theirs or ours not in BY_NAME:
            known = ", ".join(field.name for field in FIELDS)
            raise click.BadParameter(f"“{value}” does not map a field. Give FIELD=NAME; fields are {known}.")
        names[ours] = theirs
    return names


def _persons(_context: click.Context, _parameter: click.Parameter, name: str | None) -> None:
    """Choose who finds persons, for this process and those it starts."""
    if name is not None:
        os.environ[recogniser.VARIABLE] = name
        with _sentences():
            recogniser.recogniser()


PERSONS = click.option(
    "--persons", type=click.Choice(list(recogniser.MADE)), callback=_persons, expose_value=False,
    help="Who finds persons: crf, the default, or spacy, slower, which is an extra to install.",
)  # fmt: skip


@main.command()
@INDEX
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@PERSONS
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that read; by default one for each core.")
@click.option("--collection", help="Name of the archive, part of the ids made for it; by default each PATH's own name.")
@click.option(
    "--map", "names", multiple=True, callback=_mapping, metavar="A=B", help="The archive calls field A by the name B."
)
@click.option("--delete-missing", is_flag=True, help="Remove articles that the archive no longer has.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@click.option("--strict", is_flag=True, help="Exit 2 where Dateline failed inside on a record, lost or kept.")
@AS_JSON
def index(
    index: str,
    paths: tuple[Path, ...],
    workers: int | None,
    collection: str | None,
    names: dict[str, str],
    delete_missing: bool,
    dry_run: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Read articles from files and folders, enrich them, and add them to INDEX.

    Running it again adds nothing: an article that has not changed is passed over. What cannot be read is set aside
    with its place and the reason, and the rest goes on.

    \b
    Example:
      dateline index news.idx seeds/
    """
    with _sentences(), Interrupted() as interrupted:
        options = pipeline.Options(
            collection=_clean(collection) if collection else None,
            names=names,
            workers=workers or os.cpu_count() or 1,
            delete_missing=delete_missing,
            dry_run=dry_run,
            place=index,
            stop=interrupted,
            copies_hours=settings.from_environment(os.environ).copies_hours,
        )
        walk.check(paths)
        if dry_run and not search.exists(index):
            with progress_bar() as progress:
                report = pipeline.index(None, paths, options, progress)
        else:
            with search.writer(index) as writer, progress_bar() as progress:
                report = pipeline.index(writer, paths, options, progress)
    if as_json:
        _json(report.as_json())
    else:
        print_report(report, dry_run)
    if interrupted():
        raise Refused(
            "Stopped by Ctrl-C. Nothing was changed: it was a dry run."
            if dry_run
            else f"Stopped by Ctrl-C. The {report.read:,} articles above are committed, as generation "
            f"{report.generation}. Run the same command again: it passes over them and goes on with the rest."
        )
    if strict and report.internal_errors:
        click.echo("With --strict, an internal error is a failure: exit 2.", err=True)
        sys.exit(2)
    if not report.read and not report.removed and not report.embargoed:
        sys.exit(1)


@main.command(name="watch")
@INDEX
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@PERSONS
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that read.")
@click.option("--collection", help="Name of the archive, part of the ids made for it; by default each PATH's own name.")
@click.option(
    "--map", "names", multiple=True, callback=_mapping, metavar="A=B", help="The archive calls field A by the name B."
)
@click.option(
    "--every", type=click.FloatRange(0.1, 3600), default=2.0, show_default=True, help="Seconds between looks."
)
def watch_command(
    index: str, paths: tuple[Path, ...], workers: int, collection: str | None, names: dict[str, str], every: float
) -> None:
    """Index new and changed files of PATH... into INDEX as they appear, until Ctrl-C.

    A file that still grows is left until it has been as it is for one look. Articles under embargo come in when their
    time has come.

    \b
    Example:
      dateline watch news.idx incoming/
    """
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    with _sentences():
        options = pipeline.Options(
            collection=_clean(collection) if collection else None,
            names=names,
            workers=workers,
            place=index,
            copies_hours=settings.from_environment(os.environ).copies_hours,
        )
        for report in watch.watch(lambda: search.writer(index), paths, options, stopping, every):
            print_report(report, dry_run=False)


@main.command(name="search")
@INDEX
@click.argument("query", default="")
@_filters
@click.option("--sort", type=click.Choice(SORTS), help=params.BY_PARAMETER["sort"].help)
@click.option("--size", type=int, help=params.BY_PARAMETER["size"].help)
@click.option("--page", type=int, help=params.BY_PARAMETER["page"].help)
@click.option("--group", type=click.Choice(["story"]), help=params.BY_PARAMETER["group"].help)
@AS_JSON
def search_command(index: str, query: str, as_json: bool, **options: Any) -> None:
    """Search INDEX for articles that match QUERY and the filters.

    Every filter also takes --not-FIELD (none of these) and --all-FIELD (all of these).

    \b
    Example:
      dateline search news.idx "berlin wall" --country DE --from 1961 --to 1989
    """
    with _sentences():
        request = params.read(_pairs(query, options))
        engine = search.open(index)
        results = engine.search(request.query)
        engine.close()
    if as_json:
        _json(render.results(results, request, engine.said))
    else:
        print_results(results)
    if not results.total:
        sys.exit(1)


@main.command(name="similar")
@INDEX
@click.argument("article_id", metavar="ID")
@_filters
@click.option("--size", type=int, help=params.BY_PARAMETER["size"].help)
@click.option("--group", type=click.Choice(["story"]), help=params.BY_PARAMETER["group"].help)
@AS_JSON
def similar_command(index: str, article_id: str, as_json: bool, **options: Any) -> None:
    """Find articles of INDEX that are like one of them, by the words that say most about it; its copies are left out.

    \b
    Example:
      dateline similar news.idx 1961-08-berlin-wall
    """
    with _sentences():
        request = params.read_similar([pair for pair in _pairs("", options) if pair[0] != "q"])
        engine = search.open(index)
        results = engine.similar(_clean(article_id), replace(request.query, facets=()))
        engine.close()
    if as_json:
        _json(render.similar(results, request, _clean(article_id), engine.said))
    else:
        print_results(results)
    if not results.total:
        sys.exit(1)


@main.command()
@INDEX
@click.argument("article_id", metavar="ID")
@AS_JSON
def show(index: str, article_id: str, as_json: bool) -> None:
    """Show one article of INDEX, with the evidence for its values.

    \b
    Example:
      dateline show news.idx 1961-08-berlin-wall
    """
    with _sentences():
        engine = search.open(index)
        try:
            article = engine.article(_clean(article_id))
        except ArticleMissing as error:
            raise gone.told(index, error) from None
        copies = engine.copies(article.id)
        likeness = to_representative(engine, article, copies)
        engine.close()
    if as_json:
        _json(render.article(article, copies, likeness, engine.said))
    else:
        print_article(article)


@main.command()
@INDEX
@click.argument("query", default="")
@_filters
@click.option("--group", type=click.Choice(["story"]), help=params.BY_PARAMETER["group"].help)
@click.option(
    "--format", "form", type=click.Choice(tuple(exports.FORMATS)), default="jsonl", help="How; by default jsonl."
)
def export(index: str, query: str, form: str, **options: Any) -> None:
    """Write every article of INDEX that matches to stdout, newest first.

    \b
    Example:
      dateline export news.idx "berlin" --format csv > berlin.csv
    """
    found = False

    def seen(articles: Iterable[search.Article]) -> Iterator[search.Article]:
        nonlocal found
        for article in articles:
            found = True
            yield article

    with _sentences():
        request = params.read(_pairs(query, options))
        engine = search.open(index)
        articles, provenance = exports.begin(engine, request.query)
        _write(exports.FORMATS[form].write(seen(articles), provenance))
        engine.close()
    if not found:
        sys.exit(1)


@main.command()
@INDEX
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--block", is_flag=True, help="Also keep them from being indexed again.")
@click.option("--purge", is_flag=True, help="Also erase them: no byte is left in INDEX and the snapshots it knows.")
@click.option("--unblock", is_flag=True, help="Let them be indexed again, also after a withdrawal; removes nothing.")
def delete(index: str, ids: tuple[str, ...], block: bool, purge: bool, unblock: bool) -> None:
    """Remove articles from INDEX, and those that it keeps aside because of an embargo.

    With --purge the segments that held them are written anew before the command ends, as is what indexing remembers of
    them, also where they were removed before; what still has something of them is named.

    \b
    Example:
      dateline delete news.idx 1961-08-berlin-wall
    """
    erased = None
    with _sentences():
        ids = tuple(map(_clean, ids))
        if unblock and (block or purge):
            raise Refused(f"--{'block' if block else 'purge'} and --unblock are opposites. Give one of them.")
        search.open(index).close()  # an index that is not there is an error, not made
        with search.writer(index) as writer:
            done = {entry for entry in ids if (writer.unblock(entry) if unblock else writer.delete(entry))}
            apart = (withdrawn.let_in if unblock else embargo.let_go)(Path(index), ids)
            if block:
                for entry in ids:
                    writer.block(entry)
            if purge:
                writer.commit()
                erased = erasing.erase(writer, index, ids)
                done |= erased.found
    for entry in ids:
        if entry in apart:
            was = "withdrawn by its publisher" if unblock else "kept aside because of an embargo"
            click.echo(f"“{entry}” was {was}, and is no more.", err=True)
        elif entry not in done:
            click.echo(f"“{entry}” was not blocked." if unblock else f"No article “{entry}” in this index.", err=True)
    what = "unblocked" if unblock else "erased" if purge else "removed"
    count = len({*done, *apart})
    click.echo(f"{count} article{'' if count == 1 else 's'} {what}.", err=True)
    if erased is not None:
        print_erased(erased)
    if block:
        click.echo(f"Kept out from now on: {', '.join(ids)}.", err=True)
    elif not count:
        sys.exit(1)


@main.group()
@INDEX
@click.pass_context
def authority(context: click.Context, index: str) -> None:
    """Say which names of INDEX are one, stand apart, or are not shown; no article is read again.

    \b
    Example:
      dateline authority news.idx merge person "Muammar Gaddafi" "Moammar Gadhafi" --wikidata Q19878
      dateline authority news.idx export > names.csv
    """
    context.obj = index


def _say(index: str, change: Callable[[Authority], Authority]) -> None:
    """Change the authority of an index, and say on stderr what became of it."""
    with _sentences():
        engine = search.open(index)  # an index that is not there is an error, not made
        with search.writer(index) as writer:
            before = writer.authority()
            after = change(before)
            new = [entry for entry in after.entries if entry not in before.entries]
            counts = {entry: _having(engine, entry.kind, entry.alias or entry.name) for entry in new}
            writer.set_authority(after)
        for entry in new:
            name = entry.alias or entry.name
            count = _having(engine, entry.kind, name) if entry.action == "split" else counts[entry]
            what = {"merge": f"is listed as “{entry.name}”", "split": "stands by itself", "block": "is not shown"}
            articles = f"{count:,} article{'' if count == 1 else 's'}"
            click.echo(f"{entry.kind} “{name}” {what[entry.action]}: {articles}.", err=True)
        for entry in before.entries:
            if entry not in after.entries:
                click.echo(f"No longer: {entry.action} {entry.kind} “{entry.alias or entry.name}”.", err=True)
        engine.close()


def _having(engine: search.Engine, kind: str, name: str) -> int:
    """How many articles are listed under a name."""
    return engine.search(search.Query(filters={kind: search.Filter(any=(name,))}, size=0, facets=())).total


SHOWN = 20
"""Changes of each kind that an import shows before it is refused."""
KIND = click.argument("kind", metavar="KIND", type=click.Choice(KINDS))


@authority.command(name="import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--replace", "replacing", is_flag=True, help="Let entries go that FILE leaves out.")
@click.pass_obj
def import_names(index: str, file: Path, replacing: bool) -> None:
    """Take in FILE, a CSV of kind,name,alias,wikidata,action, in place of what was said before; - is stdin.

    Where that would let entries go, they are shown and nothing is changed, unless --replace is given.

    \b
    Example:
      dateline authority news.idx import names.csv
    """
    with _sentences():
        entries = names_file.read(_content(file, names_file.MOST_BYTES + 1))
    name = "<stdin>" if str(file) == "-" else str(file)

    def taken_in(before: Authority) -> Authority:
        after = names_file.taken_in(before, entries, name)
        gone = names_file.left_out(before, after)
        if gone and not replacing:
            new = [entry for entry in after.entries if entry not in before.entries]
            for sign, changes in (("+", new), ("-", gone)):
                for entry in changes[:SHOWN]:
                    click.echo(f"{sign} {names_file.line(entry)}", err=True)
                if len(changes) > SHOWN:
                    click.echo(f"{sign} … and {len(changes) - SHOWN:,} more", err=True)
            entries_go = f"{len(gone):,} {'entry goes' if len(gone) == 1 else 'entries go'}"
            raise BadAuthority(
                f"“{name}” leaves out what holds: {entries_go}, and nothing was changed. "
                "Give --replace to let them go, or add its lines to what “export” writes."
            )
        return after

    _say(index, taken_in)


def _content(file: Path, most: int) -> bytes:
    """So many bytes of a file, or of what comes by stdin."""
    if str(file) == "-":
        return sys.stdin.buffer.read(most)
    try:
        with open_file(file) as opened:
            return opened.read(most)
    except NotRegular as problem:
        raise Refused(f"“{file}”: {problem} What comes from a pipe is given as “-”.") from None
    except OSError as error:
        raise Refused(f"“{file}” cannot be read: {error.strerror or error}.") from None


@authority.command(name="export")
@click.option("--journal", is_flag=True, help="What was changed and when instead, as JSON lines, oldest first.")
@click.pass_obj
def export_names(index: str, journal: bool) -> None:
    """Write what holds to stdout, as the CSV that import takes.

    \b
    Example:
      dateline authority news.idx export > names.csv
    """
    with _sentences():
        search.open(index).close()
        with search.writer(index) as writer:
            said = writer.authority()
        if journal:
            _write(orjson.dumps(change) + b"\n" for change in said.journal)
        else:
            _write([names_file.write(said.entries).encode()])


@authority.command()
@KIND
@click.argument("name")
@click.argument("aliases", metavar="ALIAS...", nargs=-1)
@click.option("--wikidata", default="", metavar="Q…", help="The item of NAME.")
@click.pass_obj
def merge(index: str, kind: str, name: str, aliases: tuple[str, ...], wikidata: str) -> None:
    """List articles with any ALIAS under NAME, spelled so.

    \b
    Example:
      dateline authority news.idx merge person "Muammar Gaddafi" "Moammar Gadhafi"
    """
    others = tuple(map(_clean, aliases))
    _say(index, lambda said: names_said.merge(said, kind, _clean(name), others, wikidata, names_file.now()))


@authority.command()
@KIND
@click.argument("alias")
@click.pass_obj
def split(index: str, kind: str, alias: str) -> None:
    """Let ALIAS stand by itself, whatever else would make it one with another name.

    \b
    Example:
      dateline authority news.idx split person Baker
    """
    _say(index, lambda said: names_said.split(said, kind, _clean(alias), names_file.now()))


@authority.command()
@KIND
@click.argument("name")
@click.pass_obj
def block(index: str, kind: str, name: str) -> None:
    """Do not show NAME, nor what is merged into it.

    \b
    Example:
      dateline authority news.idx block person "Lorem Ipsum"
    """
    _say(index, lambda said: names_said.block(said, kind, _clean(name), names_file.now()))


@authority.command()
@click.pass_obj
def undo(index: str) -> None:
    """Take back the last change; again, the one before it.

    \b
    Example:
      dateline authority news.idx undo
    """
    _say(index, lambda said: names_said.undo(said)[0])


@main.command()
@INDEX
@AS_JSON
def stats(index: str, as_json: bool) -> None:
    """Say what INDEX holds.

    \b
    Example:
      dateline stats news.idx
    """
    with _sentences():
        engine = search.open(index)
        found = engine.stats()
        engine.close()
    if as_json:
        _json(render.stats(found))
    else:
        print_stats(found)


@main.group()
@INDEX
@click.pass_context
def keys(context: click.Context, index: str) -> None:
    """Say who may use the service of INDEX: make, list and revoke API keys.

    Only a hash of each key is kept. Scopes are read, index (send and remove articles) and admin (everything).

    \b
    Example:
      dateline keys news.idx add --scope index --name "night desk"
    """
    context.obj = index


@keys.command(name="add")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="What it opens.")
@click.option("--name", default="", help="Whom or what it is for.")
@click.pass_obj
def add_key(index: str, scopes: tuple[Scope, ...], name: str) -> None:
    """Make a key and print it, which is the only time that it is seen.

    \b
    Example:
      dateline keys news.idx add --scope read --name reader
    """
    with _sentences():
        search.open(index).close()
        key, secret = keys_file.add(index, scopes, _clean(name))
    click.echo(secret)
    click.echo(f"Key {key.id} of scope {' and '.join(key.scopes)}. It is not shown again: keep it safe.", err=True)


@keys.command(name="list")
@AS_JSON
@click.pass_obj
def list_keys(index: str, as_json: bool) -> None:
    """List the keys, without what would let anyone use them.

    \b
    Example:
      dateline keys news.idx list
    """
    with _sentences():
        found = keys_file.listed(index)
    if as_json:
        _json([{n: v for n, v in asdict(key).items() if n != "hash"} for key in found])
    else:
        print_keys(found)
    if not found:
        sys.exit(1)


@keys.command(name="revoke")
@click.argument("key_id", metavar="ID")
@click.pass_obj
def revoke_key(index: str, key_id: str) -> None:
    """Make a key useless, from this moment on; ID is as list says.

    \b
    Example:
      dateline keys news.idx revoke 3f2a91c0
    """
    with _sentences():
        key = keys_file.revoke(index, _clean(key_id))
    click.echo(f"Key {key.id}{f' of {key.name}' if key.name else ''} is revoked.", err=True)


@main.command()
@INDEX
@AS_JSON
def verify(index: str, as_json: bool) -> None:
    """Read every byte of INDEX and say what is wrong with it; exit 0 only where nothing is.

    \b
    Example:
      dateline verify news.idx
    """
    with _sentences():
        found = checking.verify(_directory(index))
    if as_json:
        _json({"whole": found.whole, **asdict(found)})
    else:
        for fault in found.faults:
            click.echo(f"{fault.file}: {fault.problem}")
        click.echo(
            f"Generation {found.generation}: {found.articles:,} articles in {found.files} files, {found.bytes:,} bytes."
            + (f" {len(found.left_over)} left over, which the next writer removes." if found.left_over else ""),
            err=True,
        )
        click.echo("It is whole." if found.whole else f"It is not whole: {len(found.faults)} faults.", err=True)
    if not found.whole:
        sys.exit(2)


@main.command()
@INDEX
@click.argument("dest", metavar="DEST", type=click.Path(path_type=Path))
@click.option("--copy", "copied", is_flag=True, help="Copy every byte, also where hard links would do.")
def snapshot(index: str, dest: Path, copied: bool) -> None:
    """Make a snapshot of INDEX at DEST, while it is written and served.

    On one disk the files of the index get a second name and take no room of their own at first. What waits to be
    indexed by the service is not in it.

    \b
    Example:
      dateline snapshot news.idx backup/monday
    """
    with _sentences():
        generation = backup.snapshot(_directory(index), dest, copied)
        click.echo(f"Generation {generation} is at {dest}.", err=True)
        snapshots.add(_directory(index), dest)


@main.command()
@click.argument("source", metavar="SRC", type=click.Path(path_type=Path))
@INDEX
@click.option("--replace", "replacing", is_flag=True, help="Take the place of the index that is there.")
def restore(source: Path, index: str, replacing: bool) -> None:
    """Put the snapshot SRC back as INDEX, when every byte of it is good.

    With --replace, what was taken down since the snapshot was made stays down: keys are those of INDEX, and what it has
    blocked, or what was withdrawn from it, is left out. At a new place nothing of this is known.

    \b
    Example:
      dateline restore backup/monday news.idx --replace
    """
    with _sentences():
        folder = _directory(index)
        if replacing and folder.is_dir():
            done = restoring.replace(source, folder, beside.RULES)
            generation = done.generation
            if done.kept:
                removed = (
                    f" {done.removed:,} article{'' if done.removed == 1 else 's'} left out." if done.removed else ""
                )
                click.echo(f"{', '.join(done.kept)} kept.{removed}", err=True)
        else:
            generation = backup.restore(source, folder)
    click.echo(f"Generation {generation} is at {index}.", err=True)


@main.command()
@click.argument("source", metavar="SRC")
@click.argument("dest", metavar="DEST")
@click.option(
    "--replace", "replacing", is_flag=True, help="Fill a second index in DEST's cluster, and put it in DEST's place."
)
def copy(source: str, dest: str, replacing: bool) -> None:
    """Copy every article of the index SRC into the index DEST, which is made where there is none.

    Articles go as they are answered, and what either keeps out stays out. SRC is not written to; who reads the archive
    into DEST later finds them unchanged. With --replace DEST, an index in a cluster, answers as it is until the copy is
    whole, and then has what SRC has and nothing else; what is indexed into DEST meanwhile is lost.

    \b
    Example:
      dateline copy news.idx other.idx
    """
    with _sentences():
        engine = search.open(source)
        count = 0
        with search.writer(source) as before:
            said, kept_out = before.authority(), before.blocked()
        with search.replacement(dest) if replacing else search.writer(dest) as writer:
            kept_out |= writer.blocked()
            for article in engine.export(search.Query()):
                if article.id not in kept_out:
                    writer.add(article)
                    count += 1
            for article_id in sorted(kept_out):
                writer.block(article_id)
            if said.entries:
                writer.set_authority(said)
        engine.close()
    click.echo(f"{count:,} article{'' if count == 1 else 's'} copied to {dest}.", err=True)


def _directory(index: str) -> Path:
    """An index that is files, which can be read and copied as such."""
    if "://" in index:
        raise Refused(f"“{index}” is not a directory. Use what its cluster has for this.")
    return Path(index)


@main.command()
def warm() -> None:
    """Compile what is compiled once for a machine; else that happens at first use.

    DATELINE_KERNEL_CACHE names the directory where it is kept.

    \b
    Example:
      dateline warm
    """
    with _sentences(), steps("Compiling") as progress:
        enrich.warm()
        search.warm(progress)


@main.command()
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
    click.echo(maker(main, {}, "dateline", "_DATELINE_COMPLETE").source())


@main.command()
@click.argument("index", metavar="INDEX", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=int, default=8000, show_default=True, help="Port to listen at.")
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="Processes that answer.")
def serve(index: str | None, host: str, port: int, workers: int) -> None:
    """Serve INDEX: the search page and the API, until Ctrl-C.

    \b
    Example:
      dateline serve news.idx --port 8123
    """
    with _sentences(), counting.folder():
        from service.server import Server, check_port  # for this command only, and when there is a folder for counts

        chosen = settings.from_environment(os.environ)
        place = index or chosen.index
        if not place:
            raise Refused("No index to serve. Name one: dateline serve news.idx, or set DATELINE_INDEX.")
        engine = search.open(place)
        articles = engine.articles
        engine.close()
        check_port(host, port)
        with steps("Compiling") as progress:
            search.warm(progress)
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        click.echo(f"{articles:,} articles at {address} (Ctrl-C stops)", err=True)
        if host not in LOOPBACK and not chosen.require_key:
            click.echo("Everybody who reaches this can read. DATELINE_REQUIRE_KEY=true asks for keys.", err=True)
        Server(place, host, port, workers, chosen).run()
