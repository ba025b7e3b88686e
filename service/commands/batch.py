"""`dateline batch`: a list of names or questions, answered one by one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

import click

from search.analyses import batch
from search.engine import Engine
from search.system import disk
from search.values.results import Answer
from service import batches, params
from service.commands.query import GROUP, MATCH, asked_of, filters, parameters
from service.formats import takeaway
from service.formats.export import Provenance
from service.terminal.arguments import AS_JSON, INDEX, Refused, write
from service.terminal.printing import steps
from service.values.job_values import MAX_LINES
from service.values.shared_values import encode


@click.command(name="batch")
@INDEX
@click.argument("file", type=click.File("rb"))
@click.option("--column", metavar="NAME", help="FILE is CSV with a header line: the column of the lines.")
@click.option("--names", is_flag=True, help="A line is a name: these words next to each other, whatever they are.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write CSV there; a run that was interrupted goes on after the last line of it.",
)
@filters
@MATCH
@GROUP
@AS_JSON
def batch_of(
    index: str, file: BinaryIO, column: str | None, names: bool, output: Path | None, as_json: bool, **options: object
) -> None:  # fmt: skip
    """Count the articles of INDEX for each line of FILE, a name or a query (`-` reads stdin), with the first article by
    date and the last, and a passage of each, as CSV.

    \b
    Example:
      dateline batch news.idx people.txt --names > people.csv
    """
    lines = _lines(file.read(), column)
    asked = parameters("", options)
    given = [(name, value) for name, value in asked if value] + [("as", "name")] * names
    with asked_of(index) as engine:
        narrowed = params.read(asked).query
        origin = Provenance(urlencode(given), engine.generation, datetime.now(UTC).isoformat(timespec="seconds"))
        named = sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        begun = _begun(output, origin, named) if output is not None else 0

        def answered() -> Iterator[Answer]:
            reads: batch.Reads = "name" if names else "query"
            with steps("Asking") as update:
                for one in batch.answers(engine, lines[begun:], narrowed, reads, begun + 1):
                    _check_unchanged(engine, origin)
                    update(one.line, len(lines))
                    yield one

        if output is not None:
            _append(output, takeaway.streamed(takeaway.batch(answered(), named), origin))
        elif as_json:
            write(_json(origin, answered()))
        else:
            write(takeaway.streamed(takeaway.batch(answered(), named), origin))


def _lines(data: bytes, column: str | None) -> list[str]:
    """The lines of a file, or the values of a column of a table."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused(f"The file is not UTF-8 at byte {problem.start:,}. Save it as UTF-8.") from None
    lines = batches.lines_of(text, column)
    if len(lines) > MAX_LINES:
        raise Refused(f"The file has {len(lines):,} lines. A batch has at most {MAX_LINES:,}: divide it.")
    return lines


def _check_unchanged(engine: Engine, origin: Provenance) -> None:
    if engine.generation != origin.generation:
        raise Refused("The index has changed meanwhile. Run it again, so that all answers are of one state of it.")


def _json(origin: Provenance, answers: Iterable[Answer]) -> Iterator[bytes]:
    """The answers as one JSON object, a line each."""
    yield b'{"generation": %d, "rows": [' % origin.generation
    for number, one in enumerate(answers):
        yield (b",\n" if number else b"\n") + encode(one)
    yield b"\n]}\n"


def _append(output: Path, rows: Iterable[bytes]) -> None:
    is_new = not output.exists()
    with disk.append(output) as file:
        for number, row in enumerate(rows):
            if is_new or number >= HEAD:
                file.write(row)


HEAD = 5
"""The lines of a table before its rows."""


def _begun(output: Path, origin: Provenance, lines: str) -> int:
    """The last line that a file has the answer to; what was written of the next one is removed."""
    if not output.exists():
        return 0
    data = output.read_bytes().decode("utf-8", "replace")
    rows = _whole_rows(data)
    asked = [("# question", origin.query), ("# generation", str(origin.generation)), ("# lines", lines)]
    if any([*one] not in rows[:HEAD] for one in asked):
        raise Refused(
            f"“{output}” has the answers to another batch, or of another state of the index. Name a new file."
        )
    disk.put(output, b"".join(map(takeaway.line, rows)))
    return int(rows[-1][0]) if len(rows) > HEAD else 0


def _whole_rows(data: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(data, newline=""), strict=True))
    except csv.Error:  # the last one was not finished
        return rows
    return rows if data.endswith("\n") else rows[:-1]
