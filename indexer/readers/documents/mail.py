"""Mail: one article per message, from a file with one message (`.eml`) or many (mbox).

Title, date, sender and text are those of the message; the date has the offset of the sender. The text is the plain
part, or the text of the HTML part as `html` finds it; attachments are listed in `extra` and not read. Headers are
decoded by the encoding that they name, or else as UTF-8 or Windows-1252; a malformed one is taken literally.

Sources: RFC 5322 (messages), 2045 to 2047 (MIME), 3676 (flowed text), 4155 (mbox).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, BinaryIO, cast

from indexer.dates import printed
from indexer.readers.shared import markup
from indexer.readers.shared.record import Item, Origin, Rescued, article
from indexer.readers.web import html
from indexer.safe.faults import EXTRA, Fault
from indexer.safe.stray_bytes import decoded
from search.errors import BadRecord, NoArticle
from search.said import said
from search.values.article import Article

MAX_BYTES = 64 * 1024 * 1024
"""Of a message with its attachments."""
MAX_HEADER = 2_000
"""The greatest number of characters of a header that are read."""
MAX_ATTACHMENTS = 100

_LINE = 1024 * 1024
_BEGINS = b"From "
_NAME = re.compile(rb"([!-9;-~]{1,80}):")
_USUAL = frozenset(
    b"from to cc date subject message-id mime-version received return-path delivered-to reply-to sender "
    b"content-type content-transfer-encoding in-reply-to references newsgroups".split()
)
_LEAST_USUAL = 3
_MALFORMED = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError)
"""The exceptions of the standard library for malformed headers and parts."""


def looks_like(head: bytes, name: str) -> bool:
    """True if a file begins with the headers of a message: at least three usual ones, with the sender among them."""
    lines = head.lstrip().splitlines()
    if lines and lines[0].startswith(_BEGINS):
        del lines[0]
    found: set[bytes] = set()
    for line in lines:
        if not line.strip():
            break
        if line[:1] in b" \t":
            continue
        match = _NAME.match(line)
        if match is None:
            return False
        found.add(match[1].lower())
    saved_page = head.lstrip()[:14].lower() == b"from: <saved b"
    return b"from" in found and len(found & _USUAL) >= _LEAST_USUAL and not saved_page


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the messages of a file: articles, and a BadRecord for each that cannot be read."""
    several = file.read(len(_BEGINS)) == _BEGINS
    file.seek(0)
    if not several:
        yield _item(file.read(MAX_BYTES + 1), origin, None)
        return
    for number, data in enumerate(_messages(file), 1):
        yield _item(data, origin, number)


def _messages(file: BinaryIO) -> Iterator[bytes]:
    """The messages of an mbox, each truncated if it is too large."""
    lines: list[bytes] = []
    size = 0
    blank = True
    while line := file.readline(_LINE):
        if blank and line.startswith(_BEGINS):
            if lines:
                yield b"".join(lines)
            lines, size, blank = [], 0, False
            continue
        blank = not line.strip(b"\r\n")
        if size <= MAX_BYTES:
            lines.append(line[1:] if line.startswith(b">From ") else line)
            size += len(line)
    if lines:
        yield b"".join(lines)


def _item(data: bytes, origin: Origin, number: int | None) -> Item:
    try:
        if len(data) > MAX_BYTES:
            raise BadRecord(said("The message is larger than {mb} MB.", mb=MAX_BYTES // 2**20))
        return _article(data, origin, number)
    except BadRecord as problem:
        return (
            problem
            if number is None
            else problem.with_reason(said("Message {number}: {reason}", number=str(number), reason=problem.reason))
        )


def _article(data: bytes, origin: Origin, number: int | None) -> Article | Rescued:
    message = BytesParser(policy=policy.default).parsebytes(data)
    headers = _headers(message)
    met: list[Fault] = []
    text = _text(message, origin, met)
    if not text.strip():
        raise NoArticle(said("It is mail without text."))
    date = headers.get("date", "")
    sent = getattr(_parsed("date", date), "datetime", None)
    published = sent.isoformat() if sent is not None else printed.iso(date)
    extra: dict[str, object] = {name: headers[name] for name in ("from", "to", "cc", "list-id") if headers.get(name)}
    if attached := _attached(message):
        extra["attachments"] = attached
    if met:
        extra[EXTRA] = [str(each) for each in met]
    record = {
        "id": headers.get("message-id", "").strip("<> ") or None,
        "title": headers.get("subject"),
        "text": text,
        "published": published or date or None,
        "published_from": "header",
        "byline": _senders(headers.get("from", "")) or None,
        "language": headers.get("content-language", "").partition(",")[0] or None,
        "extra": extra,
    }
    found = article(record, origin, number)
    return Rescued(found, met[0]) if met else found


def _headers(message: EmailMessage) -> dict[str, str]:
    """The first header of each name, in lower case, decoded."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        if name.lower() not in found:
            raw = " ".join(_decoded(str(value).encode("utf-8", "surrogateescape"), None)[:MAX_HEADER].split())
            found[name.lower()] = str(_parsed("subject", raw) or raw) if "=?" in raw and name.lower() != "from" else raw
    return found


def _parsed(name: str, value: str) -> Any:
    """A header as parsed by the standard library; None if it cannot parse it."""
    try:
        return policy.default.header_factory(name, value)
    except _MALFORMED:
        return None


def _senders(value: str) -> str:
    """The names of the senders, or their addresses if they have no names."""
    addresses = getattr(_parsed("from", value), "addresses", ())
    names = [one.display_name or (one.addr_spec if one.domain else "") for one in addresses]
    return ", ".join(dict.fromkeys(filter(None, names)))


def _text(message: EmailMessage, origin: Origin, met: list[Fault]) -> str:
    """The plain text, or that of the HTML part; "" if it has neither.

    Args:
        met: receives the internal error because of which a page was read in a simpler way.
    """
    for kind in ("plain", "html"):
        try:
            part = cast(EmailMessage | None, message.get_body((kind,)))
            data = part.get_payload(decode=True) if part is not None else None
            charset = part.get_content_charset() if part is not None else None
            flowed = part is not None and str(part.get_param("format", "")).lower() == "flowed"
        except _MALFORMED:
            continue
        if not isinstance(data, bytes) or not data.strip():
            continue
        if kind == "html":
            return _of_page(data, charset, origin, met)
        text = _decoded(data, charset).replace("\r\n", "\n")
        return _unwrapped(text) if flowed else text
    return ""


def _of_page(data: bytes, charset: str | None, origin: Origin, met: list[Fault]) -> str:
    try:
        page = html.page(data, origin, encoding=charset)
    except NoArticle:  # too short for the text of a page, not for mail
        return markup.html(_decoded(data, charset))
    if isinstance(page, Rescued):
        met.append(page.fault)
        return page.article.text
    return page.text


def _unwrapped(text: str) -> str:
    """Join flowed text, in which a line that ends with a space continues in the next."""
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        if goes_on and line.strip():
            lines[-1] += line
        else:
            lines.append(line)
        goes_on = line.endswith(" ") and line != "-- "
    return "\n".join(lines)


def _attached(message: EmailMessage) -> list[str]:
    """The names of the attachments."""
    names: list[str] = []
    for part in message.walk():
        try:
            name = part.get_filename() if part.get_content_disposition() == "attachment" else None
        except _MALFORMED:
            continue
        if name and len(names) < MAX_ATTACHMENTS:
            names.append(str(name)[:300])
    return names


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return decoded(data)
