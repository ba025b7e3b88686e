"""Readers: one format a module, each `read(file, origin) -> articles, and why records are none`.

`read` chooses one, by content first and by suffix second. A reader takes what the file says and guesses nothing; a
record it cannot read is yielded as a BadRecord, and reading goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from indexer.readers import json, text
from indexer.readers.record import Origin
from search.article import Article
from search.errors import BadRecord

FORMATS = "plain text, JSON, JSON Lines"
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ", "xz-compressed"),
    (b"\x28\xb5\x2f\xfd", "zstandard-compressed"),
    (b"PAR1", "Parquet"),
    (b"WARC/", "a WARC file"),
    (b"<?xml", "XML"),
    (b"<!DOCTYPE", "HTML or XML"),
    (b"<html", "HTML"),
)
_TABLES = {
    ".csv": "CSV",
    ".tsv": "TSV",
    ".html": "HTML",
    ".htm": "HTML",
    ".xml": "XML",
    ".rss": "RSS",
    ".warc": "a WARC file",
}


def read(path: Path, origin: Origin, names: Mapping[str, str] | None = None) -> Iterator[Article | BadRecord]:
    """The articles of a file.

    Args:
        names: field → what the archive calls it, for formats whose fields have names.
    """
    try:
        with path.open("rb") as file:
            head = file.read(512)
            file.seek(0)
            yield from _read(file, head, path, origin, names)
    except OSError as error:
        yield BadRecord(f"It cannot be read: {error.strerror or error}.")


def _read(
    file: BinaryIO, head: bytes, path: Path, origin: Origin, names: Mapping[str, str] | None
) -> Iterator[Article | BadRecord]:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    suffix = path.suffix.lower()
    foreign = next(
        (kind for mark, kind in _SIGNATURES if start[: len(mark)].lower() == mark.lower()), _TABLES.get(suffix)
    )
    if foreign is not None:
        yield BadRecord(f"It is {foreign}, which is not read yet. Formats read: {FORMATS}.")
    elif suffix in _JSON_SUFFIXES or start[:1] == b"{":
        yield from json.read(file, origin, names)
    else:
        try:
            sidecar = _sidecar(path)
        except BadRecord as problem:
            yield problem
            return
        yield from text.read(file, origin, sidecar)


def sidecars(path: Path) -> tuple[Path, Path]:
    """The files that may carry the metadata of a text file."""
    return path.with_name(path.name + ".json"), path.with_suffix(".json")


def _sidecar(path: Path) -> Mapping[str, Any]:
    for beside in sidecars(path):
        if beside != path and beside.is_file():
            metadata = load_sidecar(beside)
            if metadata is not None:
                return metadata
    return {}


def load_sidecar(path: Path) -> Mapping[str, Any] | None:
    """The metadata in a file beside a text; None where the file is an article itself.

    Raises:
        BadRecord: when it is no JSON.
    """
    try:
        value = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise BadRecord(f"Its metadata beside it, {path.name}, cannot be read: {error}.") from None
    return value if isinstance(value, dict) and "text" not in value else None
