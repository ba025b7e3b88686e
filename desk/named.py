"""Names of lists, searches and alerts, and notes: how they are stored, and when two names are one."""

from __future__ import annotations

import unicodedata

from search.errors import BadQuery, BadValue
from search.said import said

MAX_NAME = 100
MOST_ARTICLES = 10_000
"""The greatest number of articles on a list."""
MAX_NOTE = 2_000
"""The greatest number of characters of a note, and of what a list is about."""
_JOINERS = "\u200c\u200d"
"""Signs that nobody sees, without which some languages cannot be written."""
_NOT_IN_ADDRESSES = "/\\"


def key_of(name: str) -> str:
    """What names that are one have in common."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def spelled(called: str) -> str:
    """What somebody is called, in one line of signs that names may have."""
    signs = (sign if sign.isprintable() and sign not in _NOT_IN_ADDRESSES else " " for sign in called)
    return " ".join("".join(signs).split())


def called_by_others(name: str, owner: str) -> str:
    """What others call something that is somebody's."""
    return f"{name} ({spelled(owner)})"


def name_of(name: str) -> str:
    """A name as it is stored, of a list or a search. Raises BadQuery if none can have it."""
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    strange = next((sign for sign in name if not sign.isprintable() and sign not in _JOINERS), None)
    if not name:
        reason, hint = said("There is no name."), said("Give it one.")
    elif len(name) > MAX_NAME:
        reason, hint = (
            said("The name has {length} characters; the maximum is {most}.", length=len(name), most=MAX_NAME),
            said("Shorten it."),
        )
    elif strange is not None:
        reason, hint = (
            said("The name has a sign that nobody sees, {sign}.", sign=f"U+{ord(strange):04X}"),
            said("Type the name again."),
        )
    elif not set(name) - {"."}:
        reason, hint = said("“{name}” means something else in an address.", name=name), said("Choose another name.")
    elif (sign := next((sign for sign in name if sign in _NOT_IN_ADDRESSES), None)) is not None:
        reason, hint = (
            said("The name has a “{sign}”, which separates the parts of an address.", sign=sign),
            said("Leave it out."),
        )
    else:
        return name
    raise BadQuery([BadValue("name", name[:MAX_NAME], reason, hint)])


def note_of(text: str, field: str) -> str:
    """A note as it is stored. Raises BadQuery if it is too long, or contains control characters."""
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(text) > MAX_NOTE:
        reason = said(
            "The {value} has {length} characters; the maximum is {max_note}.",
            value="note" if field == "note" else "text",
            length=len(text),
            max_note=MAX_NOTE,
        )
        raise BadQuery([BadValue(field, f"{text[:80]}…", reason, said("Shorten it."))])
    if any((sign < " " and sign not in "\n\t") or sign == "\x7f" for sign in text):
        raise BadQuery([BadValue(field, text[:80], said("It has a control character."), said("Leave it out."))])
    return text
