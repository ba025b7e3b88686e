"""Articles under embargo: stored in the ledger, complete and as read, until their time.

Every run over an archive adds those whose time has come, after its files have shown if that is still so.
`pipeline.release` is a run that does nothing else, for a process that holds the index for writing for a long time.
`next_due` returns the time for the next call.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import orjson

from indexer.ledger import Ledger
from indexer.withheld.withdrawn import newer
from search.system.json import Json
from search.text import dates
from search.values.article import Article, Evidence
from search.values.scan import ScanPage

_ZONE = re.compile(r":\S*?(Z|[+-]\d\d(?::?\d\d)?)$", re.ASCII)


def moment(until: str) -> datetime:
    """The instant of an ISO 8601 time; a day ends with its last second, a time without a zone is local.

    Raises:
        ValueError: if it is invalid.
        OverflowError: if it is beyond the calendar in another zone.
    """
    try:
        found = datetime.fromisoformat(until)
        is_day = len(until) <= len("2020-01-01")
    except ValueError:  # a month, a year, or a time at the edge of a day, as 24:00
        zone = _ZONE.search(until)
        found = datetime.fromisoformat(f"{dates.parse(until).last.isoformat()}T00:00:00{zone[1] if zone else ''}")
        is_day = True
    if is_day:
        found = found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo is not None else found.astimezone()


def hold(ledger: Ledger, article: Article, until: str) -> None:
    """Store an article until a time, in place of an earlier one with its id."""
    when = moment(until).astimezone(UTC).isoformat()
    ledger.execute("INSERT OR REPLACE INTO embargoed VALUES (?, ?, ?)", (article.id, when, encoded(article)))


def held(ledger: Ledger, article_id: str) -> Article | None:
    """The article with an id that is under embargo."""
    row = ledger.execute("SELECT article FROM embargoed WHERE id = ?", (article_id,)).fetchone()
    return decoded(row[0]) if row is not None else None


def ends(ledger: Ledger, article_id: str) -> datetime | None:
    """The end of the embargo of an id."""
    row = ledger.execute("SELECT until FROM embargoed WHERE id = ?", (article_id,)).fetchone()
    return datetime.fromisoformat(row[0]) if row is not None else None


def due(ledger: Ledger, now: datetime) -> list[Article]:
    """The articles whose time has come, the earliest first."""
    rows = ledger.execute(
        "SELECT article FROM embargoed WHERE until <= ? ORDER BY until, id", (now.astimezone(UTC).isoformat(),)
    )
    return [decoded(row[0]) for row in rows]


def drop(ledger: Ledger, article_id: str) -> bool:
    """Remove an article that is under embargo. Returns True if there was one."""
    return ledger.execute("DELETE FROM embargoed WHERE id = ?", (article_id,)).rowcount > 0


def supersede(ledger: Ledger, article_id: str, version: int | None) -> None:
    """Remove an article that is under embargo, unless it is of a higher version than what was added or withdrawn."""
    before = held(ledger, article_id)
    if before is not None and not newer(before.digest, version):
        drop(ledger, article_id)


def remove(place: Path, ids: Iterable[str]) -> frozenset[str]:
    """Remove articles under embargo from the ledger of a directory. Returns the ids of those that were in it."""
    return Ledger.change(place, ids, drop)


def among(folder: Path, ids: Collection[str]) -> frozenset[str]:
    """Those of some articles that are under embargo in the ledger of an index, as `Ledger.glance` finds them."""
    return Ledger.glance(folder, "SELECT id FROM embargoed").intersection(ids)


def of(ledger: Ledger, collection: str) -> list[str]:
    """The ids of the articles of a collection that are under embargo."""
    rows = ledger.execute("SELECT id, article FROM embargoed ORDER BY id")
    return [article_id for article_id, data in rows if orjson.loads(data)["collection"] == collection]


def next_due(ledger: Ledger) -> datetime | None:
    """The time at which the next embargo ends; None if there is none."""
    (until,) = ledger.execute("SELECT min(until) FROM embargoed").fetchone()
    return datetime.fromisoformat(until) if until is not None else None


def has_ended(place: Path) -> bool:
    """True if the ledger of a directory has an article whose embargo has ended."""
    if not Ledger.is_in(place):
        return False
    with Ledger(place) as ledger:
        due = next_due(ledger)
    return due is not None and due <= datetime.now(UTC)


def encoded(article: Article) -> bytes:
    """An article as JSON, without its vectors: it is enriched when its embargo ends."""
    record = {field.name: getattr(article, field.name) for field in fields(article) if field.name != "meaning"}
    record["given"] = sorted(article.given)
    record["evidence"] = dict(article.evidence)
    record["extra"] = dict(article.extra)
    return orjson.dumps(record)


def decoded(data: bytes) -> Article:
    """An article as the ledger stores it."""
    record: Json = orjson.loads(data)
    evidence: Mapping[str, list[Json]] = record.pop("evidence")
    record["given"] = frozenset(record["given"])
    record |= {name: tuple(value) for name, value in record.items() if isinstance(value, list)}
    record["scan"] = tuple(ScanPage(**page) for page in record.get("scan", ()))
    proof = {name: tuple(Evidence(**entry) for entry in entries) for name, entries in evidence.items()}
    return Article(**record, evidence=proof)
