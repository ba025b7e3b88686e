"""The text of a web page, in whatever encoding it is and whatever it declares.

In order of precedence: a byte order mark; UTF-8, if the bytes are valid, because other encodings rarely look like it;
the server's statement; the page's statement; Windows-1252. An invalid byte becomes U+FFFD, as in a browser.
"""

from __future__ import annotations

import codecs
import re

from indexer.safe.stray_bytes import decoded
from search.errors import BadRecord
from search.said import said

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(
    rb"""<(?:meta\s[^<>]{0,300}?\bcharset|\?xml\s[^<>]{0,100}?\bencoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""",
    re.IGNORECASE,
)
"""Declarations of a page itself; those of a script or style sheet that it links to do not count."""
_KNOWN = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|windows-\d{3,4}|cp\d{3,4}|(iso-?)?8859-\d+|iso-8859-\d+|latin-?\d|us-ascii|ascii|koi8-[ru]"
    r"|gb2312|gbk|gb18030|big5(-hkscs)?|shift[-_]jis|sjis|x-sjis|euc-(jp|kr)|iso-2022-jp|ks_c_5601-1987|tis-620|macintosh"
)
_MEANT = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "macintosh": "mac-roman",
}
"""An encoding as pages name it → the superset in which browsers read it."""
_CONTROLS = bytes(byte for byte in range(1, 32) if byte not in b"\t\n\r\f\x1b")


def decode(data: bytes, stated: str | None = None) -> str:
    """The text of a page.

    Args:
        stated: the encoding stated by the server.

    Raises:
        BadRecord: if it is not text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    head = data[:4096]
    zeros = head[0::2].count(0), head[1::2].count(0)
    if min(zeros) < 0.05 * len(head) < 0.2 * len(head) < max(zeros):
        return data.decode("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be", "replace")
    if len(head.translate(None, _CONTROLS)) < 0.98 * len(head):
        raise BadRecord(said("It is not text: it has too many control characters."))
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    in_page = _CHARSET.search(data[:8192])
    for name in (stated, in_page[1].decode("ascii") if in_page else None):
        if known := _encoding(name):
            text = data.decode(known, "replace")
            if known != "utf-8" or _is_mostly_right(text):
                return text
    return decoded(data)


def _is_mostly_right(text: str) -> bool:
    """True if text decoded as UTF-8 has more letters outside ASCII than invalid bytes."""
    wrong = text.count("\ufffd")
    return wrong < sum(not character.isascii() for character in text) - wrong


def _encoding(name: str | None) -> str | None:
    """Python's name of an encoding used by pages; None for any other, or if Python lacks it."""
    name = (name or "").strip().strip("\"'").lower()
    if not _KNOWN.fullmatch(name):
        return None
    try:
        return codecs.lookup(_MEANT.get(name, name)).name
    except LookupError:
        return None
