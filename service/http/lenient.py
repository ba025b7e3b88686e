"""Requests whose `Range` and `If-Modified-Since` are ignored if they cannot be read, as HTTP wants it.

Falcon refuses such a request. A client that asks for a part in a way that we do not know is to get the whole instead
(RFC 9110, 14.2), and one with a date that is none what everybody gets (13.1.3). `If-Range` asks for a part only of what
the client has already: it gets the whole, which is always right.
"""

from __future__ import annotations

import re
import sys
from datetime import datetime

from falcon import HTTPInvalidHeader, Request

_BYTES = re.compile(r"\s*bytes=\s*(?:([0-9]+)-([0-9]*)|-([0-9]+))\s*", re.ASCII | re.IGNORECASE)
_DIGITS = 18
"""The digits of a place in a file; what has more is beyond the end of each."""


class LenientRequest(Request):
    """A request as Falcon reads it, but for headers that are to be ignored if they are invalid."""

    @property
    def range(self) -> tuple[int, int] | None:
        """The first and the last byte that are requested, as Falcon has them; None for all of them.

        The last is -1 if the part goes to the end, and the first is negative if it counts from there. Of several parts,
        which a server may decline to send, all bytes are sent.
        """
        found = None if self.get_header("If-Range") else _BYTES.fullmatch(self.get_header("Range") or "")
        if found is None:
            return None
        first, last, ending = (_number(digits) for digits in found.groups())
        if ending is not None:
            return (-ending, -1) if ending else (sys.maxsize, -1)  # the last 0 bytes are nowhere
        if first is None or (last is not None and last < first):
            return None
        return first, -1 if last is None else last

    @property
    def range_unit(self) -> str | None:
        """`bytes`, the only one in which parts are sent; None if all is."""
        return None if self.range is None else "bytes"

    @property
    def if_modified_since(self) -> datetime | None:
        """The time of what the client has; None if it does not say, or not in a date."""
        try:
            return super().if_modified_since
        except HTTPInvalidHeader:
            return None


def _number(digits: str | None) -> int | None:
    if not digits:
        return None
    return int(digits) if len(digits.lstrip("0")) <= _DIGITS else sys.maxsize
