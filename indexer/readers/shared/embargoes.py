"""Records that state their own embargo, in formats without a rule for it.

Any field whose name begins with `embargo` states one (`embargoed`, `embargo_until`, `embargoUntil`…), in JSON, front
matter, tables and Parquet alike. The latest of several times counts. A record with an embargo but no readable time is
rejected with a reason, since nothing may be shown by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping

from indexer.readers.shared.record import Embargoed, Origin, article
from indexer.withheld.embargo import moment
from search.errors import BadRecord
from search.fields import BY_NAME
from search.said import said
from search.values.article import Article

_NAME = "embargo"
_NAMES = frozenset(BY_NAME)
"""Names of fields, none of which states one."""
_NONE = frozenset(("", "false", "no", "none", "null", "0", "n", "off", "lifted"))


def item(
    record: Mapping[str, object], origin: Origin, number: int | None = None, source: Mapping[str, object] | None = None
) -> Article | Embargoed:
    """The article of a record, made by `record.article`, under the embargo that it states, if any.

    Args:
        source: where an embargo would be stated; by default in the record.

    Raises:
        BadRecord: if it is not an article, or the end of its embargo cannot be read.
    """
    until = _until(record if source is None else source)
    made = article(record, origin, number)
    return made if until is None else Embargoed(made, until)


def _until(source: Mapping[str, object]) -> str | None:
    """The end of the embargo that a record states, in ISO 8601; None if it states none."""
    if source.keys() <= _NAMES:
        return None
    stated = {name: value for name, value in source.items() if name.lower().startswith(_NAME) and _says(value)}
    if not stated:
        return None
    times = [time for time in map(_time, stated.values()) if time is not None]
    if not times:
        name, value = next(iter(stated.items()))
        raise BadRecord(
            said(
                "It is under embargo, and “{name}” does not say until when: “{until}”.",
                name=name[:60],
                until=str(value)[:60],
            )
        )
    return max(times, key=moment)


def _says(value: object) -> bool:
    return not (value is None or value is False or str(value).strip().lower() in _NONE)


def _time(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        moment(value.strip())
    except (ValueError, OverflowError):
        return None
    return value.strip()
