"""Asks feeds when their time has come, and saves those that have something new.

    FOLDER/news.example.org-1f0c2a9b/20261130T201500Z.xml    a feed, as it was answered
    FOLDER/.fetched.json                                     of each: its ETag, what was seen, when it is due

A feed is saved as it is, if an item is new or another than before; the indexer reads it as any other, and takes an item
that it has already for the same. A run that was stopped goes on where it stopped: what is saved is on disk before it is
noted. A site decides how often: by `Cache-Control`, `Retry-After`, and by failing, after which it is asked ever more
rarely. A feed that is gone (410) is not asked again.
"""

from __future__ import annotations

import email.utils
import io
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from msgspec import DecodeError, Struct, json

from indexer.readers.shared.record import Origin
from indexer.readers.web import feeds
from search.system import disk
from search.text.numbers import whole_number
from search.values.article import Article
from service.fetching.robots import Robots
from service.fetching.web import Answer, NotFetched, Web, origin

STATE = ".fetched.json"
LEAST_S = 300
"""The time between two requests for a feed, at least."""
MOST_S = 24 * 3600
"""The same at most, whatever the site asks for."""
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")
_HEAD_BYTES = 4096

Outcome = Literal["saved", "unchanged", "waiting", "gone", "failed"]


class Known(Struct, omit_defaults=True):
    """What is known of a feed.

    Attributes:
        seen: the hash of its items when it was saved last.
        due: when it is to be asked again, in seconds since 1970.
        failures: in a row.
    """

    etag: str = ""
    modified: str = ""
    seen: str = ""
    due: float = 0.0
    failures: int = 0
    gone: bool = False


class Fetched(Struct):
    """What became of a feed: the file it was saved in, or why it was not."""

    address: str
    outcome: Outcome
    file: str = ""
    reason: str = ""


def listed(text: str) -> list[str]:
    """The addresses of a list: one a line, without blank lines and those that begin with `#`, each once."""
    lines = (line.strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


def fetch(
    addresses: Sequence[str], folder: Path, name: str, pause_s: float = 1.0, now: Callable[[], float] = time.time
) -> Iterator[Fetched]:
    """Ask each feed that is due, and save what is new.

    Args:
        name: what the program says it is.
        pause_s: the time between two requests to one site.
        now: the time in seconds since 1970.
    """
    disk.make_folder(folder)
    state, web = State(folder), Web(name)
    robots = Robots(web, pause_s)
    for address in addresses:
        known = state.known(address)
        if known.gone:
            yield Fetched(address, "gone", reason="It is gone (410). Take it off the list.")
            continue
        if known.due > now():
            yield Fetched(address, "waiting", reason=f"It is due at {_said(known.due)}.")
            continue
        try:
            robots.wait(address)
            told = _ask(web, address, known, folder, now())
        except NotFetched as problem:
            known.failures += 1
            known.due = max(known.due, now() + min(MOST_S, LEAST_S * 2.0 ** min(known.failures - 1, 20)))
            told = Fetched(address, "failed", reason=str(problem))
        state.put(address, known)
        yield told


class State:
    """What is known of the feeds of a folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / STATE
        self._all: dict[str, Known] = {}
        if self._path.exists():
            try:
                self._all = json.decode(self._path.read_bytes(), type=dict[str, Known])
            except DecodeError:
                raise NotFetched(f"“{self._path}” is damaged. Remove it: all feeds are then asked again.") from None

    def known(self, address: str) -> Known:
        """What is known of a feed."""
        return self._all.setdefault(address, Known())

    def put(self, address: str, known: Known) -> None:
        """Store it, durably."""
        self._all[address] = known
        disk.put(self._path, json.encode(self._all))


def _ask(web: Web, address: str, known: Known, folder: Path, now: float) -> Fetched:
    """Ask a feed, save it, and note what is known. Raises NotFetched."""
    asked = {"If-None-Match": known.etag} if known.etag else {}
    asked |= {"If-Modified-Since": known.modified} if known.modified else {}
    answer = web.get(
        address, {"Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1", **asked}
    )
    if answer.status == 410:
        known.gone = True
        return Fetched(address, "gone", reason="It is gone (410). Take it off the list.")
    if answer.status not in (200, 304):
        known.due = now + min(MOST_S, _retry_after(answer.headers, now))
        raise NotFetched(f"{answer.address} answered {answer.status}.")
    known.failures, known.due = 0, now + min(MOST_S, max(LEAST_S, _max_age(answer.headers)))
    if answer.status == 304:
        return Fetched(address, "unchanged")
    seen = _items(answer, address)
    if seen == known.seen:
        _note(known, answer, seen)
        return Fetched(address, "unchanged")
    file = _place(folder, address, now)
    disk.make_folder(file.parent, private=False)
    disk.put(file, answer.body, private=False)
    _note(known, answer, seen)
    return Fetched(address, "saved", str(file))


def _note(known: Known, answer: Answer, seen: str) -> None:
    known.etag, known.modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    known.seen = seen


def _items(answer: Answer, address: str) -> str:
    """A hash of the items of a feed, without what changes by itself, such as the time of its making."""
    if not feeds.looks_like(answer.body[:_HEAD_BYTES], ""):
        raise NotFetched(f"{answer.address} is no feed of RSS or Atom.")
    digest = sha256()
    for item in feeds.read(io.BytesIO(answer.body), Origin("feeds", address, origin(address))):
        said = (item.id, item.title, item.text, item.published) if isinstance(item, Article) else (repr(item),)
        digest.update(json.encode(said))
    return digest.hexdigest()


def _place(folder: Path, address: str, now: float) -> Path:
    """The file of an answer, which is new."""
    host = re.sub(r"[^a-z0-9.-]", "-", (urlsplit(address).hostname or "").lower())
    of_feed = folder / f"{host}-{sha256(address.encode()).hexdigest()[:8]}"
    second = int(now)
    while (file := of_feed / f"{datetime.fromtimestamp(second, UTC):%Y%m%dT%H%M%SZ}.xml").exists():
        second += 1
    return file


def _max_age(headers: Mapping[str, str]) -> float:
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    return float(found[1]) if found else 0.0


def _retry_after(headers: Mapping[str, str], now: float) -> float:
    """Seconds, given as such or as a time."""
    told = headers.get("retry-after", "").strip()
    if (seconds := whole_number(told)) is not None:
        return float(seconds)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(told).timestamp() - now)
    except ValueError:
        return 0.0


def _said(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
