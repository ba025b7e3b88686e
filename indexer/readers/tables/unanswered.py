"""Why the answer of a news service has no articles: it states an error, or that nothing was found.

Only for objects in which no list has texts (see `answers`). Cost: linear in the objects.
"""

from __future__ import annotations

import re

from indexer.readers.shared.columns import listed, may_be_text, states_no_text
from indexer.readers.shared.mapped import renamed
from indexer.readers.shared.record import one_line
from indexer.readers.tables.answers import facts, lists_in, objects_in
from indexer.readers.tables.stated import Reading
from search.errors import BadRecord, NoArticle
from search.fields import BY_NAME
from search.said import said

_ERRORS = ("error", "errors", "fault", "exception")
"""Names of what is an error unless it is empty."""
_STATUSES = ("status", "stat", "code", "statusCode", "status_code")
_FAILED = re.compile(r"error|fail(ed|ure)?|[45]\d\d", re.IGNORECASE)
"""A status that is an error: a word, or one of HTTP."""
_MESSAGES = ("message", "detail", "description", "faultstring", "error_description", "info", "reason", "title", "code")
"""Names of what is said of an error, the most telling first."""
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।")
"""Signs that end a sentence."""
_LONGEST = 200
"""Characters of a message that are quoted."""


def reason(value: object, reading: Reading) -> BadRecord | None:
    """Why an object without texts has no articles; None if it does not say so.

    Returns:
        A NoArticle if it is an empty answer and nothing in it may be a text.
    """
    if not isinstance(value, dict) or states_no_text(renamed(value, reading.names)) or facts(value, reading).is_whole():
        return None
    fields = reading.stated(value).fields
    others = [name for name in fields if name not in BY_NAME and name not in (*_ERRORS, *_MESSAGES)]
    has_candidate = any(may_be_text(fields[name]) for name in others)
    names = listed(list(fields))
    advice = said("If it is an article, say which field is its text: --map text=NAME. It has: {names}.", names=names)
    if (error := _error(value)) is not None:
        told = said("It is an error of the service: {error} Fetch it again.", error=error)
        return BadRecord(f"{told} {advice}" if has_candidate else told)
    if (empty := _empty(value)) is None:
        return None
    if has_candidate:
        return BadRecord(f"{said('It has no text, and its list “{empty}” is empty.', empty=empty)} {advice}")
    return NoArticle(said("It has no articles: its list “{empty}” is empty.", empty=empty))


def _empty(value: dict[str, object]) -> str | None:
    """The name of the first empty list, unless an object in another may have a text."""
    empty: str | None = None
    for _, path, elements in lists_in(value):
        if not elements:
            empty = empty or str(path)
        elif any(isinstance(one, dict) and any(map(may_be_text, one.values())) for one in elements):
            return None
    return empty


def _error(value: dict[str, object]) -> str | None:
    """The quotation, ending a sentence, of the first error in an object and those in it; None if there is none."""
    for _, _, inner in objects_in(value):
        stated = [name for name in _ERRORS if inner.get(name)]
        stated += [name for name in _STATUSES if _FAILED.fullmatch(_scalar(inner.get(name)))]
        if stated:
            message = _message(inner[stated[0]] if stated[0] in _ERRORS else "") or _message(inner)
            return _quoted(one_line(message or _scalar(inner[stated[0]]) or stated[0])[:_LONGEST])
    return None


def _quoted(message: str) -> str:
    """A message in quotes, and a full stop unless it has one."""
    return f"“{message}”" if message.endswith(_ENDS) else f"“{message}”."


def _message(stated: object) -> str:
    """The first message in what is stated of an error; "" if it has none."""
    while isinstance(stated, list | dict):
        if isinstance(stated, list):
            stated = next(iter(stated), "")
        else:
            found = [stated[name] for name in (*_MESSAGES, *_ERRORS) if stated.get(name)]
            stated = next((one for one in found if isinstance(one, str)), found[0] if found else "")
    return _scalar(stated)


def _scalar(value: object) -> str:
    """A string or an integer, as a string; "" for any other value."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
