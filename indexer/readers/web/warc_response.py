"""An HTTP response as sent: its status, its headers, and its content without the encodings of the transport.

Source: RFC 9110, RFC 9112.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import zstandard

from search.errors import BadRecord
from search.said import said

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")
_MAX_CODINGS = 3


@dataclass(frozen=True, slots=True)
class Response:
    """An archived HTTP response.

    Attributes:
        status: 0 if there is no status line.
        headers: by their names in lower case; the last of several.
        media_type: lower case, without parameters; "" if not stated.
        charset: the encoding stated by the server.
        body: as sent.
    """

    status: int
    headers: Mapping[str, str]
    media_type: str
    charset: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a response, and True if it was truncated."""

    data: bytes
    cut: bool


def response(data: bytes) -> Response:
    """Parse a response from all its bytes."""
    status = _STATUS.match(data)
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark)) >= 0]
    at, size = min(ends, default=(len(data), 0))
    headers: dict[str, str] = {}
    for line in data[: min(at, 1 << 18)].decode("latin-1").splitlines()[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    kind = headers.get("content-type", "")
    charset = _CHARSET.search(kind)
    return Response(
        int(status[1]) if status else 0,
        headers,
        kind.partition(";")[0].strip().lower(),
        charset[1] if charset else None,
        data[at + size :],
    )


def content(answer: Response, limit: int) -> Content:
    """The content of a response, reassembled and decompressed.

    Raises:
        BadRecord: if its compression is unknown, or it has more than `limit` bytes.
    """
    data, cut = answer.body, False
    if "chunked" in answer.headers.get("transfer-encoding", "").lower() and _SIZE.match(data):
        data, cut = _joined(data)
    codings = [name.strip().lower() for name in answer.headers.get("content-encoding", "").split(",")]
    for coding in reversed([name for name in codings if name and name != "identity"][:_MAX_CODINGS]):
        data, broken = _decompressed(data, coding, limit)
        cut = cut or broken
    if len(data) > limit:
        raise BadRecord(said("The page is larger than {mb} MB.", mb=limit // 2**20))
    return Content(data, cut)


def _joined(data: bytes) -> tuple[bytes, bool]:
    """Reassemble a chunked body; with True if its end is missing."""
    parts: list[bytes] = []
    at = 0
    while match := _SIZE.match(data, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(parts), False
        parts.append(data[match.end() : match.end() + size])
        at = match.end() + size
    return b"".join(parts), True


def _decompressed(data: bytes, coding: str, limit: int) -> tuple[bytes, bool]:
    """A body without one compression, or unchanged if it was not compressed; with True if its end is missing."""
    if coding in ("gzip", "x-gzip"):
        return _inflated(data, limit, 31) if data[:2] == b"\x1f\x8b" else (data, False)
    if coding == "deflate":
        return _inflated(data, limit, 15 if data[:1] and data[0] & 15 == 8 else -15)  # with a zlib header, or without
    if coding == "zstd":
        if data[:4] != b"\x28\xb5\x2f\xfd":
            return data, False
        try:
            with zstandard.ZstdDecompressor(max_window_size=1 << 23).stream_reader(data) as reader:
                return _within(reader.read(limit + 1), limit), False
        except zstandard.ZstdError:
            raise BadRecord(said("The page is compressed with zstd, and corrupt.")) from None
    if data.lstrip()[:1] == b"<":
        return data, False
    raise BadRecord(
        said(
            "The page is compressed with “{coding}”, which is not supported. Supported are gzip, deflate and zstd.",
            coding=coding[:20],
        )
    )


def _inflated(data: bytes, limit: int, window: int) -> tuple[bytes, bool]:
    unpacker = zlib.decompressobj(window)
    parts: list[bytes] = []
    size = 0
    try:
        for at in range(0, len(data), 1 << 14):
            parts.append(unpacker.decompress(data[at : at + (1 << 14)], limit + 1 - size))
            size += len(parts[-1])
            _within(parts[-1], limit - size + len(parts[-1]))
    except zlib.error:
        if not size:
            raise BadRecord(said("The page is compressed, and corrupt from its beginning.")) from None
        return b"".join(parts), True
    return b"".join(parts), not unpacker.eof


def _within(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise BadRecord(said("The page expands to more than the limit."))
    return data
