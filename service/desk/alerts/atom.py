"""`GET /alerts/{name}/feed.atom`: what an alert has told, an entry for each delivery, whatever its channel.

The ids of the feed and of its entries stay the same when the alert gets another name or the service moves.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from xml.etree import ElementTree as ET

from falcon import Request, Response

from desk.alerts.alert import Alert, Delivery
from desk.alerts.store import STORED_DELIVERIES
from search.engine import Engine
from service import params
from service.archive import Archive
from service.desk.alerts.keeping import Told, told
from service.desk.alerts.markup import as_part
from service.desk.alerts.message import compose, summary
from service.desk.alerts.resource import PLACES, feed_address
from service.formats import feed
from service.params.operation import operation
from service.remembered import Remembered
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.wording.messages import current

MOST_ARTICLES = 5_000
"""A feed has the last deliveries with so many articles in all, and at least one; each is complete."""
_FEEDS = 16
"""Feeds that a process remembers: readers ask for them every few minutes, and they are the same until a commit."""
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://dateline.invalid/alert")


class AlertFeedResource(Resource):
    """The deliveries of an alert to subscribe to, newest first."""

    places = PLACES

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._made: Remembered[bytes] = Remembered(_FEEDS)

    @operation(
        "alertFeed",
        "What an alert has told, as an Atom feed",
        (feed.MEDIA_TYPE,),
        "The feed",
        refuses={404: "No alert has the name"},
        unknown="ignore",
    )
    def on_get(self, req: Request, resp: Response, name: str) -> None:
        params.none(params.tracking.without(params.split(req.query_string)))
        found = told(self._archive, name, STORED_DELIVERIES)
        sums = accumulate(each.total for each in found.deliveries)
        shown = [each for each, total in zip(found.deliveries, sums, strict=True) if total <= MOST_ARTICLES]
        entries = shown or found.deliveries[:1]
        site, here = self._settings.site_name, self._settings.base(req.prefix)
        resp.content_type = feed.MEDIA_TYPE
        engine = self._archive.engine
        numbers = tuple((each.number, each.erased) for each in entries)
        key = found.alert.number, found.alert.name, found.asked, numbers, here, current().language
        make = partial(_written, engine, found, entries, site, here)
        resp.data = self._made.get(self._archive.edition, key, make)
        resp.set_header("Cache-Control", "no-store")


def _written(engine: Engine, found: Told, deliveries: Sequence[Delivery], site: str, here: str) -> bytes:
    made = _feed(engine, found.alert, found.asked, deliveries, site, here)
    written: bytes = ET.tostring(made, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _feed(engine: Engine, alert: Alert, asked: str, deliveries: Sequence[Delivery], site: str, here: str) -> ET.Element:
    made = ET.Element(f"{{{feed.ATOM}}}feed")
    feed.add(made, "id", uuid.uuid5(_NAMES, f"{alert.number}\n{alert.made}\n{alert.question}").urn)
    feed.add(made, "title", f"{alert.name} · {site}")
    feed.add(made, "updated", max([alert.made, *(each.at for each in deliveries)]))
    feed.add(feed.add(made, "author"), "name", site)
    feed.add(made, "generator", "Dateline")
    feed.link(made, "self", here + feed_address(alert.name), feed.MEDIA_TYPE)
    feed.link(made, "alternate", f"{here}/?{asked}", "text/html")
    for delivery in deliveries:
        message = compose(engine, alert, delivery, site, here, asked)
        entry = feed.add(made, "entry")
        feed.add(entry, "id", f"urn:uuid:{message.id}")
        feed.add(entry, "title", f"{alert.name}: {summary(delivery)}")
        feed.add(entry, "updated", delivery.at)
        feed.link(entry, "alternate", f"{here}/?{asked}", "text/html")
        feed.add(entry, "content", as_part(message)).set("type", "html")
    return made
