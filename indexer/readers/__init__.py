"""Readers: one module per format, each with `read(file, origin) -> items`.

`FORMATS` is the table of formats, tried in its order: by content first, by suffix second. A reader takes what the file
states and guesses nothing; it yields a BadRecord for a record that it cannot read, and goes on. Modules are imported
when a file needs them, because some import large libraries. Containers are not formats: `indexer.archive.containers`
opens them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from indexer.files import sidecar
from indexer.files.neighbours import Folder, Neighbours
from indexer.files.regular import NotRegular, open_file
from indexer.readers.documents import text
from indexer.readers.shared import plugins
from indexer.readers.shared.columns import as_fields
from indexer.readers.shared.pictures import Pictures, picture_next_to, with_picture
from indexer.readers.shared.record import Item, Origin, Read, at_once
from indexer.readers.tables import json
from indexer.readers.wire import ninjs
from indexer.safe import utf_16
from search.errors import BadRecord
from search.said import said

VERSION = "27"
"""Raised when a reader changes its results or a format is added, so that files are read again."""
HEAD_BYTES = 8192
"""The length of the beginning by which the format of a file is recognised."""

Asked = Callable[[], bool]
"""Returns True if a file is of a format."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format, and when to ask its module if a file is of it.

    Attributes:
        name: as shown to people.
        module: its module in this package, with the subpackage; it has `looks_like(head, name)` and `read(file,
            origin)`.
        suffixes: decide if the content does not; lower case.
        marks: what a file of it begins with, in lower case and after spaces; empty if it may begin with anything.
        mapped: True if an archive may choose the names of its fields; `read` then takes `names`.
        neighbours: True if it refers to files next to it; `read` then takes `neighbours`.
        pictures: True if it has pictures next to it; `read` then takes `pictures`.
        slow: True if its records take long to read; its module then has `defer`, which is `read` with these deferred.
        several: True if its files have many records.
        anywhere: True if it needs random access.
        library: an optional package that it needs, imported before the time limit starts.
        reader: that of a plug-in, which has no module here, and is tried on every file if it has no marks.
    """

    name: str
    module: str
    suffixes: tuple[str, ...] = ()
    marks: tuple[bytes, ...] = ()
    mapped: bool = False
    neighbours: bool = False
    pictures: bool = False
    slow: bool = False
    several: bool = False
    anywhere: bool = False
    library: str | None = None
    reader: plugins.Reader | None = None


_HEADERS = tuple(
    b"from return-path: received: delivered-to: date: subject: message-id: mime-version: to: reply-to: sender: cc: "
    b"content- x- dkim- arc- authentication-results: list- path: newsgroups:".split()
)
"""What mail begins with."""
FORMATS = (
    Format("WARC", "web.warc", (".warc", ".warc.gz"), (b"warc/", b"\x1f\x8b"), slow=True, several=True),
    Format(
        "Parquet", "tables.parquet", (".parquet",), (b"par1",), mapped=True, anywhere=True, library="pyarrow.parquet"
    ),
    Format("PDF", "documents.pdf", (".pdf",), (b"%pdf",), neighbours=True, anywhere=True, library="pypdf"),
    Format("ninjs", "wire.ninjs", (), (b"{", b"[")),
    Format("NITF", "wire.nitf", (".nitf",), (b"<",)),
    Format("NewsML-G2", "wire.newsml_g2", (), (b"<",)),
    Format("NewsML 1.2", "wire.newsml1", (), (b"<",)),
    Format("WordPress export", "web.wxr", (".wxr",), (b"<",)),
    Format("RSS and Atom", "web.feeds", (".rss", ".atom"), (b"<",)),
    Format("METS, ALTO, PAGE XML", "scans.issues", (".alto",), (b"<",), neighbours=True, pictures=True),
    Format("hOCR", "scans.hocr", (".hocr",), (b"<",), neighbours=True, pictures=True),
    Format("Reuters-21578", "wire.reuters", (".sgm", ".sgml"), (b"<",)),
    Format("HTML", "web.html", (".html", ".htm", ".xhtml"), (b"<",), pictures=True, slow=True),
    Format("mail", "documents.mail", (".eml", ".mbox"), _HEADERS),
    Format("CSV and TSV", "tables.csv", (".csv", ".tsv", ".tab"), mapped=True),
)
"""Tried in this order, before JSON and plain text."""

_IS_JSON = re.compile(rb'\{|\[\s*\{\s*"')
"""The beginning of an object, or of a list of them; text may begin with a bracket alone."""
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_OTHERS = (*_JSON_SUFFIXES, ".txt", ".text", ".md")
NAMES = ", ".join(["plain text", "JSON", "JSON Lines", *(form.name for form in FORMATS)])
_FOREIGN = (
    (b"{\\rtf", said("a Rich Text document")),
    (b"\xd0\xcf\x11\xe0", said("an old Office document")),
    (b"from: <saved by", said("a page saved as MHTML")),
    (b"<?xml", said("XML of an unknown kind")),
    (b"<!doctype", said("a document of an unknown type")),
)


def read(path: Path, origin: Origin, names: Mapping[str, str] | None = None) -> Iterator[Item]:
    """Read a file: its articles, withdrawals and embargoes, and a BadRecord for each record that cannot be read.

    Args:
        names: field → its name in the archive, for formats whose fields have names.
    """
    try:
        with open_file(path) as file:
            yield from read_file(file, origin, names or {}, Folder(path.parent, "/" in origin.name))
    except NotRegular as problem:
        yield problem
    except OSError as error:
        yield BadRecord(said("It cannot be read: {reason}.", reason=error.strerror or str(error)))


def read_file(file: BinaryIO, origin: Origin, names: Mapping[str, str], neighbours: Neighbours) -> Iterator[Item]:
    """Like `read`, for an open file that is seekable back to its beginning."""
    head = file.read(HEAD_BYTES)
    file.seek(0)
    yield from at_once(items(format_of(head, origin.name), file, head, origin, names, neighbours))


def items(
    form: Format | None,
    file: BinaryIO,
    head: bytes,
    origin: Origin,
    names: Mapping[str, str],
    neighbours: Neighbours,
    pictures: Pictures | None = None,
    defer: bool = False,
) -> Iterator[Read]:
    """Like `read`, for an open file of a known format; None is JSON or plain text.

    Args:
        head: its first bytes.
        neighbours: the files next to it.
        pictures: the pictures among them.
        defer: defer records that take long to read.
    """
    start, suffix = beginning(head), suffix_of(origin.name)
    foreign = next((kind for mark, kind in _FOREIGN if start.startswith(mark)), None)
    if form is not None:
        arguments: dict[str, object] = {}
        if form.mapped:
            arguments["names"] = names
        if form.neighbours:
            arguments["neighbours"] = neighbours
        if form.pictures:
            arguments["pictures"] = pictures or Pictures(neighbours)
        module = _module(form)
        yield from (module.defer if form.slow and defer else module.read)(file, origin, **arguments)
    elif foreign is not None:
        yield BadRecord(
            said("It is {kind}, which is not supported. Supported formats: {names}.", kind=foreign, names=NAMES)
        )
    elif suffix in _JSON_SUFFIXES or _IS_JSON.match(start):
        try:
            of_issue = _is_of_issue(file, origin, names)
        except BadRecord as problem:
            yield problem
            return
        if not of_issue:
            yield from json.read(file, origin, names, ninjs)
    else:
        try:
            metadata = sidecar.metadata(origin.name, neighbours)
        except BadRecord as problem:
            yield problem
            return
        for found in text.read(file, origin, metadata):
            yield with_picture(found, picture_next_to(origin, pictures or Pictures(neighbours)))


def _is_of_issue(file: BinaryIO, origin: Origin, names: Mapping[str, str]) -> bool:
    """True if a file is what the pages of an issue have in common, and no article.

    Raises:
        BadRecord: if it has its name, and is neither that nor articles.
    """
    if Path(origin.name).name != sidecar.OF_ISSUE:
        return False
    try:
        found = sidecar.parsed(file, sidecar.OF_ISSUE)
    except BadRecord:  # the readers of the pages report it, too
        return False
    finally:
        file.seek(0)
    if not isinstance(found, dict):
        records = found if isinstance(found, list) else []
        if found is not None and "text" not in names and not any(map(_has_text, records)):
            raise BadRecord(
                said(
                    "It says what is true of an issue, and has to be an object for that: {example}.",
                    example='{"source": "The Gazette"}',
                )
            )
        return False
    values = [one for value in found.values() for one in (value if isinstance(value, list) else [value])]
    flat = not any(isinstance(value, dict | list) for value in values)
    return flat and not _has_text(found)


def _has_text(record: object) -> bool:
    return isinstance(record, dict) and "text" in as_fields(record)


def format_of(head: bytes, name: str, ask: Callable[[Asked], bool] = lambda asked: asked()) -> Format | None:
    """The format of a file, by its first bytes or else by its name; None for JSON and plain text.

    Args:
        ask: calls `looks_like` of a module, which is imported by then.
    """
    start, suffix = beginning(head), suffix_of(name)
    forms = (*_plugins(), *FORMATS)
    for form in forms:
        if form.marks:
            likely = start.startswith(form.marks)
        elif form.reader is not None:
            likely = True
        else:
            likely = suffix in form.suffixes or (suffix not in _OTHERS and start[:1] not in b"{[<")
        if likely and ask(partial(_module(form).looks_like, head, name)):
            return form
    return next((form for form in forms if suffix in form.suffixes), None)


def reading() -> str:
    """The versions of all readers as one string: when it changes, all files are read again."""
    libraries = [form.library.partition(".")[0] for form in FORMATS if form.library is not None]
    present = ",".join(name for name in libraries if find_spec(name) is not None)
    return " ".join((VERSION, present, *(f"{plugin.name}={plugin.version}" for plugin in plugins.installed())))


def ready(form: Format | None) -> None:
    """Import the modules for a format, so that the import time does not count for a file."""
    if form is not None:
        _module(form)
        if form.library is not None:
            try:
                import_module(form.library)
            except ImportError:
                return  # its reader reports this, and what to install


def load(names: Iterable[str]) -> None:
    """Import the modules of the formats that files with these names usually have."""
    suffixes = set(map(suffix_of, names))
    for form in FORMATS:
        if not suffixes.isdisjoint(form.suffixes):
            _module(form)


def beginning(head: bytes) -> bytes:
    """The beginning of a file in lower case, without byte order mark and leading spaces; UTF-16 as UTF-8."""
    if (encoding := utf_16.encoding(head)) is not None:
        head = head[: len(head) // 2 * 2].decode(encoding, "replace").encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:64].lower()


def suffix_of(name: str) -> str:
    """The suffix of a name, in lower case; both suffixes of `page.warc.gz`."""
    lower = name.lower()
    return ".warc.gz" if lower.endswith(".warc.gz") else Path(lower).suffix


def _plugins() -> Iterator[Format]:
    for plugin in plugins.installed():
        yield Format(plugin.name, "", plugin.suffixes, plugin.marks, reader=plugin.reader)


def _module(form: Format) -> Any:
    return form.reader or import_module(f"indexer.readers.{form.module}")
