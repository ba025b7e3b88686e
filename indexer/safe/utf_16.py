"""Whether a file is in UTF-16, by its byte order mark or by its first bytes.

Without a mark it is, if those bytes cannot be text in an encoding that has ASCII in single bytes, while they are text
in UTF-16 by one order of bytes and not by the other. Nothing else is certain: many pairs of letters are a Chinese
character in UTF-16.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

HEAD = 4096
"""Bytes that are looked at."""
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NEEDED = 8
"""Characters without which nothing is certain."""
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")
_PRINTED = bytes(byte for byte in range(127) if byte not in _CONTROLS)
_LEAST_CONTROLS = 0.03
_LEAST_OTHERS = 0.25
"""The shares of control characters, and of all that ASCII does not print, that no text in another encoding has."""
_KANA = 0x30
"""The first byte of Japanese letters, which is a zero in ASCII."""
_NO_TEXT = frozenset(("Cc", "Cn", "Co", "Cs"))
_SPACES = "\t\n\v\f\r\x1b"
_USUAL = re.compile(
    "[\t\n\r -~\xa0-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2100-\u22ff\u2460-\u27bf\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef\U0001f300-\U0001faff\ufeff]"
)
"""Letters, signs and characters of languages that newspapers are printed in."""
_LEAST_USUAL = 0.9
_MOST_ZEROS = 0.5
"""The share of characters whose second byte is zero, as that of all letters is by the wrong order."""


def encoding(head: bytes) -> str | None:
    """The encoding of a file by its first bytes, `utf-16` if they have a mark; None if it is not certainly UTF-16."""
    if head.startswith(MARKS):
        return "utf-16"
    head = head[: min(len(head), HEAD) // 2 * 2]
    if len(head) < 2 * _NEEDED or not (_is_no_other(head) or _is_kana(head)):
        return None
    fitting = [name for name in ("utf-16-le", "utf-16-be") if _is_text(head, name)]
    return fitting[0] if len(fitting) == 1 else None


def _is_no_other(head: bytes) -> bool:
    """True if it is not text in an encoding with ASCII in it, not even one with some stray bytes."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    others = len(head.translate(None, _PRINTED))
    return controls > max(1, len(head) * _LEAST_CONTROLS) and others > len(head) * _LEAST_OTHERS


def _is_kana(head: bytes) -> bool:
    """True if most bytes at one of two places are the first of kana, and few at the other."""
    few, most = sorted(head[at::2].count(_KANA) for at in (0, 1))
    return most > len(head) * _LEAST_OTHERS and few < len(head) / 20


def _is_text(head: bytes, name: str) -> bool:
    """True if it is text in an encoding: no character is unassigned, and nearly all are usual."""
    try:
        text = codecs.getincrementaldecoder(name)("strict").decode(head)
    except UnicodeDecodeError:
        return False
    characters = set(text)
    if any(unicodedata.category(one) in _NO_TEXT and one not in _SPACES for one in characters):
        return False
    if len(_USUAL.findall(text)) < len(text) * _LEAST_USUAL:
        return False
    zeros = sum(one <= "\uffff" and not ord(one) & 0xFF for one in text)
    return zeros <= len(text) * _MOST_ZEROS
