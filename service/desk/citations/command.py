"""`dateline verify-citation`: check the hash of a citation against an export, without an index."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import click
import orjson

from desk.citations.result import ALGORITHM, Entry, entry_of_record, hash_of, ordered
from indexer.files.regular import NotRegular, open_file
from search.errors import BadRecord
from service.terminal.arguments import AS_JSON, Refused, counted, decoded, write_json
from service.terminal.given import content_of

MOST_BYTES = 64 << 20
"""The greatest size of a citation as JSON."""
NAMED = 20
"""How many articles of each kind are named."""
_HASH = len(ALGORITHM) + 64


class Stated(NamedTuple):
    """What a citation says: its hash; its total and the contents of its articles by id, as far as it says them."""

    hash: str
    total: int | None = None
    articles: Mapping[str, str] | None = None


@click.command()
@click.argument("citation", metavar="CITATION")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@AS_JSON
def verify_citation(citation: str, file: Path, as_json: bool) -> None:
    """Check that FILE, an export as JSON Lines, has the articles of CITATION in the same wording; - is stdin.

    CITATION is its hash (sha256:…), or the JSON of /api/citations/ID in a file; with ?articles=true, the articles that
    differ are named. Exit 0: it has, 1: it has not. No index is needed.

    \b
    Example:
      dateline export news.idx apollo > apollo.jsonl
      dateline verify-citation sha256:d80c35b88691cbef9491252efbee76634f3bafa4d16ab088d51c2b82c53bb3c5 apollo.jsonl
    """
    stated = _stated(decoded(citation))
    entries = _entries(file)
    found = hash_of(entries)
    differences = {} if stated.articles is None or found == stated.hash else _differences(stated.articles, entries)
    if as_json:
        write_json({"same": found == stated.hash, "hash": found, "total": len(entries), **differences})
    else:
        _say(stated, found, len(entries), differences)
    if found != stated.hash:
        sys.exit(1)


def _say(stated: Stated, found: str, total: int, differences: Mapping[str, list[str]]) -> None:
    if found == stated.hash:
        click.echo(f"{counted(total, 'article')}: the result that was cited.")
        return
    click.echo(f"{counted(total, 'article')}: not the result that was cited.")
    if stated.total is not None and stated.total != total:
        click.echo(f"It had {counted(stated.total, 'article')}.")
    click.echo(f"Cited: {stated.hash}\nHere:  {found}")
    for kind, ids in differences.items():
        for article_id in ids[:NAMED]:
            click.echo(f"{kind.capitalize()}: {article_id}")
        if ids[NAMED:]:
            click.echo(f"{kind.capitalize()}: {len(ids) - NAMED:,} more; --json lists all.")


def _differences(articles: Mapping[str, str], entries: tuple[Entry, ...]) -> dict[str, list[str]]:
    """The ids of articles that are missing, more than there were, or changed."""
    here = {each.id: each.content.hex() for each in entries}
    return {
        "missing": sorted(articles.keys() - here.keys()),
        "additional": sorted(here.keys() - articles.keys()),
        "changed": sorted(name for name in articles.keys() & here.keys() if articles[name] != here[name]),
    }


def _stated(citation: str) -> Stated:
    """What a citation says, given as its hash or in a file."""
    if citation.startswith(ALGORITHM):
        if len(citation) != _HASH or set(citation.removeprefix(ALGORITHM)) - set("0123456789abcdef"):
            raise Refused(
                f"“{citation[:80]}” is not a hash: it is {ALGORITHM} and 64 digits from 0 to f. Copy it again."
            )
        return Stated(citation)
    data = content_of(Path(citation), MOST_BYTES + 1)
    try:
        then = orjson.loads(data)["then"]
        articles = then.get("articles")
        by_id = None if articles is None else {str(each["id"]): str(each["content"]) for each in articles}
        return Stated(str(then["hash"]), int(then["total"]), by_id)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise Refused(
            f"“{citation[:80]}” is not a citation. Give its hash, or the JSON of /api/citations/ID in a file."
        ) from None


def _entries(file: Path) -> tuple[Entry, ...]:
    """The articles of an export in the order of their ids."""
    found: dict[str, Entry] = {}
    with _opened(file) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                each = entry_of_record(orjson.loads(line), number)
            except orjson.JSONDecodeError as error:
                raise Refused(f"Line {number:,} of {file} is not JSON: {error.msg}. Export it as jsonl.") from None
            except BadRecord as problem:
                raise Refused(f"Line {number:,} of {file}: {problem.reason}") from None
            if each.id in found:
                raise Refused(f"Line {number:,} of {file} has article “{each.id}” a second time. Give one export.")
            found[each.id] = each
    return ordered(found.values())


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        with open_file(file) as opened:
            yield opened
    except NotRegular as problem:
        raise Refused(f"“{file}”: {problem} To read from a pipe, give “-”.") from None
    except OSError as error:
        raise Refused(f"“{file}” cannot be read: {error.strerror or error}.") from None
