"""The body of a request that posts articles: read in chunks, within limits, and checked before it is accepted."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, TypeVar, get_args, get_type_hints

import falcon
import orjson
from falcon import Request
from falcon.typing import ReadableIO
from gunicorn.http.errors import ParseException
from msgspec import Struct, ValidationError, convert

from search.errors import BadQuery, BadValue
from search.system.json import Json

MAX_RECORDS = 100_000
"""The maximum of articles in one request: lines of NDJSON, members of a JSON list."""
T = TypeVar("T", bound=Struct)
CHUNK_BYTES = 64 * 1024
_MARK = b"\xef\xbb\xbf"


def check_charset(req: Request) -> None:
    """Check that a body is declared as UTF-8, or not at all. Raises falcon.HTTPUnsupportedMediaType."""
    charset = falcon.parse_header(req.content_type or "")[1].get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise falcon.HTTPUnsupportedMediaType(description=f"The charset is “{charset}”. Send UTF-8.")


def check_utf8(beginning: bytes) -> None:
    """Check that the beginning of a JSON body is not in another encoding. Raises falcon.HTTPBadRequest."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in beginning[:4]:
        raise falcon.HTTPBadRequest(description="The body is in UTF-16 or UTF-32. Send UTF-8.")


class Body:
    """The body of a request, read once in chunks, which are counted and digested."""

    def __init__(self, req: Request, form: str, most: int) -> None:
        self._req = req
        self._form = form
        self._most = most
        self.size = 0
        self.digest = sha256()

    def chunks(self) -> Iterator[bytes]:
        """Its bytes. Raises falcon.HTTPBadRequest, falcon.HTTPContentTooLarge if it is not acceptable."""
        expected = self._req.content_length
        ended_by_itself = self._req.env.get("wsgi.input_terminated", False)
        stream = self._req.stream if expected is None and ended_by_itself else self._req.bounded_stream
        lines = 0
        begun = False
        while chunk := _read(stream):
            self.size += len(chunk)
            lines += chunk.count(b"\n")
            if self.size > self._most:
                raise too_large(self._most)
            if self._form == "ndjson" and lines > MAX_RECORDS:
                raise _too_many("lines")
            if self._form not in ("json", "ndjson"):
                begun = True
            elif self.size == len(chunk):
                check_utf8(chunk)
            if not begun and (start := chunk.removeprefix(_MARK).lstrip()):
                begun = True
                if start[:1] not in b"{[":
                    raise falcon.HTTPBadRequest(description="The body is not JSON: it begins with neither { nor [.")
            self.digest.update(chunk)
            yield chunk
        if expected is not None and self.size != expected:
            raise falcon.HTTPBadRequest(
                description=f"Only {self.size:,} of {expected:,} bytes were received. Send the request again."
            )
        if not begun:
            raise falcon.HTTPBadRequest(description="The body is empty. Send one or more articles.")


def read_all(req: Request, most: int) -> bytes:
    """A short body. Raises falcon.HTTPContentTooLarge, or falcon.HTTPError if it cannot be read."""
    data = bytearray()
    ended_by_itself = req.env.get("wsgi.input_terminated", False)
    stream = req.stream if req.content_length is None and ended_by_itself else req.bounded_stream
    while chunk := _read(stream):
        data += chunk
        if len(data) > most:
            raise falcon.HTTPContentTooLarge(description=f"The body has more than {most:,} bytes. Send a part of it.")
    return bytes(data)


class Reading:
    """The stream of a body, whose errors are those of HTTP."""

    def __init__(self, stream: ReadableIO) -> None:
        self._stream = stream

    def read(self, size: int | None = None, /) -> bytes:
        """The next bytes. Raises falcon.HTTPError if the client stalls or a chunk is malformed."""
        return _read(self._stream, size if size is not None else CHUNK_BYTES)


def _read(stream: ReadableIO, size: int = CHUNK_BYTES) -> bytes:
    """The next bytes of a body. Raises falcon.HTTPError if the client stalls or a chunk is malformed."""
    try:
        data: bytes = stream.read(size)
    except TimeoutError:
        raise falcon.HTTPError(falcon.HTTP_408, description="Reading the body timed out. Send it again.") from None
    except (ParseException, OSError) as error:  # from the server's reader: a malformed chunk or an early end
        raise falcon.HTTPBadRequest(
            description="The body cannot be read: a chunk is malformed, or it ended early. Send the request again."
        ) from error
    return data


def _too_many(what: str) -> falcon.HTTPContentTooLarge:
    return falcon.HTTPContentTooLarge(
        description=f"There are more than {MAX_RECORDS:,} {what}. Send them in several requests."
    )


def too_large(most: int) -> falcon.HTTPContentTooLarge:
    """The error for a body of too many bytes."""
    return falcon.HTTPContentTooLarge(
        description=f"The body has more than {most:,} bytes, the maximum here. Send less, in several requests."
    )


def check_json(data: bytes) -> None:
    """Check that the whole body is JSON, so that the sender learns it immediately."""
    try:
        value = orjson.loads(data.removeprefix(_MARK))
    except orjson.JSONDecodeError as error:
        raise falcon.HTTPBadRequest(
            description=f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}. "
            "For one article per line, send Content-Type: application/x-ndjson."
        ) from None
    if not value:
        raise falcon.HTTPBadRequest(description="The body has no article. Send an article, or a list of them.")
    if isinstance(value, list) and len(value) > MAX_RECORDS:
        raise _too_many("articles in the list")


def sent_json(req: Request, most: int) -> Any:
    """The JSON value that a request sends. Raises falcon.HTTPError if it is none, or too large."""
    kind = (req.content_type or "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise falcon.HTTPUnsupportedMediaType(description=f"Content-Type is “{kind}”. Send application/json.")
    data = read_all(req, most)
    check_utf8(data)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise falcon.HTTPBadRequest(description=f"The body is not JSON: {error.msg} at line {error.lineno}.") from None


def sent_object(req: Request, known: Sequence[str], most: int, empty: bool = False) -> Json:
    """The JSON object that a request sends.

    Args:
        known: the names of fields that it may have.
        most: the maximum of bytes.
        empty: True if nothing may be sent, which is an empty object.

    Raises:
        falcon.HTTPError: if it is none, or too large.
        BadQuery: if a field is not known.
    """
    if empty and not req.content_type and not req.content_length:
        return {}
    value = sent_json(req, most)
    if not isinstance(value, dict) or (not value and not empty):
        raise falcon.HTTPBadRequest(description=f"Send an object with some of: {', '.join(known)}.")
    strange = [
        BadValue(name[:80], "", f"No field “{name[:80]}”.", f"There are: {', '.join(known)}.")
        for name in value
        if name not in known
    ]
    if strange:
        raise BadQuery(strange[:10])
    return value


def sent(req: Request, kind: type[T], most: int, empty: bool = False) -> T:
    """The JSON object that a request sends, as a value of the API. Arguments and errors are those of `sent_object`.

    Raises:
        BadQuery: if a field is not known, missing, or of another type.
    """
    value = sent_object(req, kind.__struct_encode_fields__, most, empty)
    try:
        return convert(value, kind)
    except ValidationError as problem:
        raise BadQuery([_wrong(str(problem), kind, value)]) from None


_PROBLEM = re.compile(r"(?:Expected `(?P<wanted>[^`]+)`.*?|[^`]*`(?P<field>[^`]+)`)(?: - at `\$\.?(?P<place>.*)`)?")
_KINDS = {
    "str": ("text", "Send a string."),
    "array": ("a list", "Send a list: […, …]."),
    "bool": ("true or false", "Send true or false."),
    "int": ("a whole number", "Send a number."),
    "object": ("an object", "Send an object: {…}."),
    "str | object": ("text or an object", "Send a string, or an object: {…}."),
}


_NO_CHOICE = re.compile(r"Invalid enum value '(?P<value>.*)' - at `\$\.(?P<place>.*)`", re.DOTALL)


_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def _at(place: str, body: Any) -> str:
    """What a body has at a place such as `notes[0].id`: text as it is, all else as JSON; its beginning."""
    for number, name in _STEP.findall(place):
        body = body[int(number) if number else name]
    return (body if isinstance(body, str) else orjson.dumps(body).decode())[:80]


def _wrong(problem: str, kind_of_body: type, body: Json) -> BadValue:
    """What is wrong with a body of a kind, in our words."""
    if chosen := _NO_CHOICE.fullmatch(problem):
        place, value = chosen["place"], chosen["value"][:80]
        fields = get_type_hints(kind_of_body)
        return BadValue(
            place, value, f"“{value}” is no {place}.", f"It is one of: {', '.join(get_args(fields[place]))}."
        )
    found = _PROBLEM.fullmatch(problem)
    assert found is not None, problem
    place, field = found["place"] or "", found["field"]
    if field is None:
        kind, hint = _KINDS[found["wanted"]]
        return BadValue(place, _at(place, body), f"{place} is not {kind}.", hint)
    place = f"{place}.{field}".removeprefix(".")
    if "unknown" in problem:
        return BadValue(place, "", f"No field “{place[:80]}”.", "Leave it out.")
    return BadValue(place, "", f"There is no {place}.", "Add it.")
