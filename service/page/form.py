"""The forms that a page sends: read, and only from a page of the session that sends them."""

from __future__ import annotations

from urllib.parse import parse_qsl

import falcon
from falcon import Request

from service import session
from service.posted_body import read_all

MEDIA_TYPE = "application/x-www-form-urlencoded"
MAX_BYTES = 64 * 1024
MAX_FIELDS = 100


def sent(req: Request) -> dict[str, str]:
    """The fields of a posted form. Raises falcon.HTTPError if it is none, or too large."""
    check(req)
    data = read_all(req, MAX_BYTES)
    try:
        pairs = parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise falcon.HTTPBadRequest(description="The form cannot be read. Open the page again.") from None
    return dict(pairs)


def check(req: Request) -> None:
    """Raises falcon.HTTPUnsupportedMediaType if a request does not send a form."""
    kind = (req.content_type or "").partition(";")[0].strip().lower()
    if kind != MEDIA_TYPE:
        raise falcon.HTTPUnsupportedMediaType(description=f"Content-Type is “{kind}”. Send the form, as {MEDIA_TYPE}.")


def of_session(req: Request) -> dict[str, str]:
    """The fields of a form. Raises falcon.HTTPForbidden if it is not from a page of the session of the request."""
    fields = sent(req)
    current = req.context.get("session")
    if current is None or not session.is_its_own(req, current, fields.pop("token", "")):
        raise falcon.HTTPForbidden(description="This form is not from a page that you are signed in on. Sign in again.")
    return fields


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
