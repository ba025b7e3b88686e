"""The command `dateline`: index first, then what to do with it.

Data goes to stdout, progress and messages to stderr. Exit 0 done or found, 1 nothing found, 2 an error, told in a
sentence. With `--json` the answer is the API's.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click
import orjson

import search
from indexer import pipeline, walk
from search.errors import ArticleMissing, DatelineError
from search.fields import BY_NAME, FACETS, FIELDS
from search.query import SORTS
from service import export as exports
from service import params, render, settings
from service.terminal import print_article, print_report, print_results, print_stats, progress_bar, steps

F = TypeVar("F", bound=Callable[..., Any])
Pairs = list[tuple[str, str]]

INDEX = click.argument("index", metavar="INDEX")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


class Refused(click.ClickException):
    """A sentence on stderr and exit 2."""

    exit_code = 2


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what Dateline refuses into a sentence on stderr and an exit code."""
    try:
        yield
    except click.ClickException:
        raise
    except BrokenPipeError:  # who was reading has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except ArticleMissing as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except DatelineError as error:
        raise Refused(str(error)) from error
    except Exception as error:  # 1 would say "nothing found"
        traceback.print_exc()
        raise Refused(f"Dateline failed: {error!r}. Please report it with the lines above.") from error


def _filters(command: F) -> F:
    """Give a command an option for each filter, and for the dates."""
    options = [
        click.option("--from", "first", metavar="DATE", help=params.BY_PARAMETER["from"].help),
        click.option("--to", "last", metavar="DATE", help=params.BY_PARAMETER["to"].help),
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
    pairs += [
        (name, options[key]) for name, key in (("from", "first"), ("to", "last"), ("sort", "sort")) if options.get(key)
    ]
    if options.get("size") is not None:
        pairs.append(("size", str(options["size"])))
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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


@main.command()
@INDEX
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that enrich; by default one for each core.")
@click.option("--collection", help="Name of the archive, part of the ids made for it; by default each PATH's own name.")
@click.option(
    "--map", "names", multiple=True, callback=_mapping, metavar="A=B", help="The archive calls field A by the name B."
)
@click.option("--delete-missing", is_flag=True, help="Remove articles that the archive no longer has.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@AS_JSON
def index(
    index: str,
    paths: tuple[Path, ...],
    workers: int | None,
    collection: str | None,
    names: dict[str, str],
    delete_missing: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read articles from files and folders, enrich them, and add them to INDEX.

    Running it again adds nothing: an article that has not changed is passed over. What cannot be read is set aside
    with its place and the reason, and the rest goes on.

    \b
    Example:
      dateline index news.idx seeds/
    """
    place = Path(index)
    options = pipeline.Options(
        collection=_clean(collection) if collection else None,
        names=names,
        workers=workers or os.cpu_count() or 1,
        delete_missing=delete_missing,
        dry_run=dry_run,
        apart=place,
    )
    with _sentences():
        walk.check(paths)
        if dry_run and not place.exists():
            with progress_bar(paths) as progress:
                report = pipeline.index(None, paths, options, progress)
        else:
            with search.writer(index) as writer, progress_bar(paths) as progress:
                report = pipeline.index(writer, paths, options, progress)
    if as_json:
        _json(asdict(report))
    else:
        print_report(report, dry_run)
    if not report.read and not report.removed:
        sys.exit(1)


@main.command(name="search")
@INDEX
@click.argument("query", default="")
@_filters
@click.option("--sort", type=click.Choice(SORTS), help=params.BY_PARAMETER["sort"].help)
@click.option("--size", type=int, help=params.BY_PARAMETER["size"].help)
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
        _json(render.results(results, request))
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
        article = engine.article(_clean(article_id))
        engine.close()
    if as_json:
        _json(render.article(article))
    else:
        print_article(article)


@main.command()
@INDEX
@click.argument("query", default="")
@_filters
@click.option("--format", "form", type=click.Choice(exports.FORMATS), default="jsonl", help="How; by default jsonl.")
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
        _write(exports.WRITERS[form](seen(engine.export(request.query))))
        engine.close()
    if not found:
        sys.exit(1)


@main.command()
@INDEX
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--block", is_flag=True, help="Also keep them from being indexed again.")
@click.option("--unblock", is_flag=True, help="Let them be indexed again; removes nothing.")
def delete(index: str, ids: tuple[str, ...], block: bool, unblock: bool) -> None:
    """Remove articles from INDEX.

    \b
    Example:
      dateline delete news.idx 1961-08-berlin-wall
    """
    with _sentences():
        ids = tuple(map(_clean, ids))
        if block and unblock:
            raise Refused("--block and --unblock are opposites. Give one of them.")
        search.open(index).close()  # an index that is not there is an error, not made
        with search.writer(index) as writer:
            done = [entry for entry in ids if (writer.unblock(entry) if unblock else writer.delete(entry))]
            if block:
                for entry in ids:
                    writer.block(entry)
    for entry in ids:
        if entry not in done:
            click.echo(f"“{entry}” was not blocked." if unblock else f"No article “{entry}” in this index.", err=True)
    what = "unblocked" if unblock else "removed"
    click.echo(f"{len(done)} article{'' if len(done) == 1 else 's'} {what}.", err=True)
    if block:
        click.echo(f"Kept out from now on: {', '.join(ids)}.", err=True)
    elif not done:
        sys.exit(1)


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


@main.command()
def warm() -> None:
    """Compile what is compiled once for a machine; else that happens at first use.

    DATELINE_KERNEL_CACHE names the directory where it is kept.

    \b
    Example:
      dateline warm
    """
    with _sentences(), steps("Compiling") as progress:
        search.warm(progress)


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
    from service.server import Server, check_port  # gunicorn is for this command only

    with _sentences():
        chosen = settings.from_environment(os.environ)
        place = index or chosen.index
        if not place:
            raise Refused("No index to serve. Name one: dateline serve news.idx, or set DATELINE_INDEX.")
        engine = search.open(place)
        articles = engine.stats().articles
        engine.close()
        check_port(host, port)
        with steps("Compiling") as progress:
            search.warm(progress)
        server = Server(place, host, port, workers, chosen)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    click.echo(f"{articles:,} articles at {address} (Ctrl-C stops)", err=True)
    server.run()
