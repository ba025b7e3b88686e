"""The forms that a page sends: read, and only from a page of this site, and of the session that sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import falcon
from falcon import HTTP_303, Request, Response, uri
from falcon.media.multipart import MultipartFormHandler

from search.errors import BadQuery, BadValue
from search.said import said
from search.system import temporary
from search.system.closeable import Closeable
from service.http import session
from service.http.posted_body import CHUNK_BYTES, Reading, read_all, too_large

MEDIA_TYPE = "application/x-www-form-urlencoded"
UPLOAD = "multipart/form-data"
MAX_BYTES = 64 * 1024
_IN_MEMORY = 1024 * 1024
"""The size from which files are on disk."""
MAX_FIELDS = 200
"""A page of 100 hits has a field for each."""


def sent(req: Request) -> dict[str, str]:
    """The fields of a posted form, of several with one name the last; see `pairs`."""
    return dict(pairs(req))


def pairs(req: Request) -> list[tuple[str, str]]:
    """The fields of a posted form, in order; `next` says where to go on, and back to if it is refused.

    Raises:
        falcon.HTTPError: if it is no form, or too large, or another site sent it.
    """
    check(req)
    data = read_all(req, MAX_BYTES)
    try:
        found = parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise falcon.HTTPBadRequest(description=said("The form cannot be read. Open the page again.")) from None
    req.context.next = dict(found).get("next")
    return found


def uploaded(req: Request, most_bytes: int) -> dict[str, bytes]:
    """The fields of a posted form that may have files, of several with one name the last.

    Args:
        most_bytes: the size of all together.

    Raises:
        falcon.HTTPError: if it is no such form, or too large, or another site sent it.
    """
    check(req, UPLOAD)
    handler = MultipartFormHandler()
    handler.parse_options.max_body_part_buffer_size = most_bytes
    data = read_all(req, most_bytes)
    form = handler.deserialize(BytesIO(data), req.content_type, len(data))
    return {part.name: part.get_data() for part in form if part.name is not None}


class Sent(NamedTuple):
    """A file that a form sends.

    Attributes:
        name: as the browser says it, which may be anything.
        size: in bytes.
    """

    name: str
    size: int


class Files(Closeable):
    """The fields and files of a posted form; files are in one temporary file, in their order.

    Args:
        most_bytes: the size of all together.
        most_files: their number.
        may: called with the fields before the first file, and at the end; raises if the form is refused.

    Raises:
        falcon.HTTPError: if it is no such form, or too large, or another site sent it.
    """

    def __init__(
        self, req: Request, most_bytes: int, most_files: int, may: Callable[[Mapping[str, str]], None]
    ) -> None:
        check(req, UPLOAD)
        if req.content_length is None:
            raise falcon.HTTPLengthRequired(description="Send the form with a Content-Length.")
        if req.content_length > most_bytes:
            raise too_large(most_bytes)
        self.fields: dict[str, str] = {}
        self.sent: list[Sent] = []
        self._file = temporary.spooled(_IN_MEMORY)
        try:
            self._read(req, req.content_length, most_files, may)
        except BaseException:
            self.close()
            raise

    def _read(self, req: Request, length: int, most_files: int, may: Callable[[Mapping[str, str]], None]) -> None:
        handler = MultipartFormHandler()
        handler.parse_options.max_body_part_count = most_files + MAX_FIELDS
        try:
            for part in handler.deserialize(Reading(req.bounded_stream), req.content_type, length):
                name = part.filename
                if name is None:
                    self.fields[str(part.name)] = part.get_data().decode("utf-8")
                    continue
                if not self.sent:
                    may(self.fields)
                size = 0
                while piece := part.stream.read(CHUNK_BYTES):
                    size += self._file.write(piece)
                if name or size:
                    self.sent.append(Sent(name.encode("utf-8", "replace").decode("utf-8"), size))
        except UnicodeDecodeError:
            raise falcon.HTTPBadRequest(description=said("The form cannot be read. Open the page again.")) from None
        may(self.fields)
        if len(self.sent) > most_files:
            raise falcon.HTTPContentTooLarge(
                description=said("There are more than {most} files. Send them in a ZIP.", most=most_files)
            )

    def pieces(self) -> Iterator[tuple[Sent, Iterator[bytes]]]:
        """Each file with its bytes, which are to be read before the next one."""
        self._file.seek(0)
        for one in self.sent:
            yield one, self._of(one.size)

    def _of(self, size: int) -> Iterator[bytes]:
        while size and (piece := self._file.read(min(size, CHUNK_BYTES))):
            size -= len(piece)
            yield piece

    def close(self) -> None:
        """Remove the files."""
        self._file.close()


def check(req: Request, media_type: str = MEDIA_TYPE) -> None:
    """Check that a request sends a form, from a page of this site.

    Raises:
        falcon.HTTPForbidden: if another site sent it, which could otherwise sign a browser in with a key of its own.
        falcon.HTTPUnsupportedMediaType: if it is no form.
    """
    origin = req.get_header("Origin")
    if origin is not None and not _is_here(req, origin):
        raise falcon.HTTPForbidden(
            description=said("Another site sent this form. Open the page here, and send it from there.")
        )
    kind = (req.content_type or "").partition(";")[0].strip().lower()
    if kind != media_type:
        raise falcon.HTTPUnsupportedMediaType(
            description=said(
                "Content-Type is “{kind}”. Send the form, as {media_type}.", kind=kind, media_type=media_type
            )
        )


def check_session(req: Request, fields: Mapping[str, str]) -> None:
    """Raises falcon.HTTPForbidden if a form is not from a page of the session of its request."""
    current = req.context.get("session")
    if current is None or not session.is_its_own(current, fields.get("token", "")):
        raise falcon.HTTPForbidden(
            description=said("This form is from before you signed in. Check it, and send it again.")
        )


def unknown(do: str) -> BadQuery:
    """The error of a form that says to do something that its page does not."""
    what = do[:80]
    return BadQuery([BadValue("do", what, said("This form does “{what}”.", what=what), said("Open the page again."))])


def onward(req: Request, resp: Response, address: str) -> None:
    """Answer a form with the address of this site to go on to."""
    resp.status, resp.location = HTTP_303, f"{req.root_path}{address}"
    resp.content_type, resp.text = "text/plain; charset=utf-8", f"Go on to {resp.location}\n"


def again(req: Request, resp: Response, after_s: int) -> None:
    """Have the browser ask for this page again: by its address, since one that ends in #… would only be scrolled to."""
    resp.set_header("Refresh", f"{after_s}; url={uri.encode_check_escaped(req.relative_uri)}")


def back(req: Request) -> str:
    """The page of this site that a form was sent from: as it says itself, or the browser, or else the one above it."""
    if (told := req.context.get("next")) is not None:
        return local(told)
    address = req.get_header("Referer") or ""
    if _is_here(req, address):
        sender = urlsplit(address)
        path = sender.path.removeprefix(req.root_path)
        return local(f"{path}?{sender.query}" if sender.query else path)
    return local(req.path.rpartition("/")[0] or "/")


def _is_here(req: Request, address: str) -> bool:
    """True if an address is of this site, scheme and port included.

    This site is the public URL, if there is one, and what the request itself was sent to: also that, but not by another
    scheme than the public URL has.
    """
    origin, public = _origin(address), _origin(req.context.get("base") or "")
    own = _origin(f"{req.scheme}://{req.netloc}")
    is_lower = public is not None and own is not None and public[1] == own[1] and public[0] != own[0]
    return origin is not None and (origin == public or (origin == own and not is_lower))


def _origin(address: str) -> tuple[str, str, int | None] | None:
    """The scheme, the host and the port of an address, which a browser leaves out where it is that of the scheme."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or {"http": 80, "https": 443}.get(parts.scheme)


def local(address: str) -> str:
    """An address of this site to go on to; its first page if that is none."""
    if (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and address.isprintable()
        and " " not in address
    ):
        return address
    return "/"
