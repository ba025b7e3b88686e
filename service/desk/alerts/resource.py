"""`/api/alerts`: alerts and what they have told. Whoever may read sees them; a key of scope `edit` changes them.

Where an alert is sent, and what was answered there, only those see who may edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import falcon
from falcon import Request, Response

from desk.alerts.alert import Alert, Delivery
from search.errors import BadQuery, BadValue
from search.system.json import Json
from service import params
from service.archive import Archive
from service.desk.alerts.keeping import FIELDS, Making, Told, delete, listed, question_of, told
from service.desk.alerts.message import identity
from service.desk.corrections.resource import who
from service.http.posted_body import sent_object
from service.settings import Settings

MAX_BYTES = 64 * 1024
SHOWN = 20
"""The last deliveries of an alert that are shown with it."""
HIDDEN = "It could not be delivered. Who may edit sees why."


class AlertsResource:
    """`GET` and `POST /api/alerts`: all alerts, and making one."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings

    def on_get(self, req: Request, resp: Response) -> None:
        """Return all alerts, by name, each with its last delivery."""
        params.none(params.split(req.query_string))
        resp.media = {"alerts": [as_json(each, edits(req), req.root_path) for each in listed(self._archive)]}
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get

    def on_post(self, req: Request, resp: Response) -> None:
        """Make an alert of a question, or of a saved search."""
        params.none(params.split(req.query_string))
        given = _texts(sent_object(req, (*FIELDS, "question", "search"), MAX_BYTES))
        search, asked = given.pop("search", None), given.pop("question", None)
        if (search is None) == (asked is None):
            reason = "There is no question." if search is None else "There are two questions."
            raise BadQuery([BadValue("question", "", reason, "Send question, or search, the name of a saved one.")])
        asked = question_of(self._archive, search) if search is not None else asked
        made = Making(self._archive, self._settings).make(given, asked or "", who(req))
        resp.status, resp.location = falcon.HTTP_201, address(made.name, req.root_path)
        resp.media = as_json(told(self._archive, made.name, SHOWN), True, req.root_path)


class AlertResource:
    """`/api/alerts/{name}`: one alert."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings

    def on_get(self, req: Request, resp: Response, name: str) -> None:
        """Return an alert with its last deliveries."""
        params.none(params.split(req.query_string))
        resp.media = as_json(told(self._archive, name, SHOWN), edits(req), req.root_path)
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get

    def on_patch(self, req: Request, resp: Response, name: str) -> None:
        """Change the name of an alert, when it is told, or how."""
        params.none(params.split(req.query_string))
        given = _texts(sent_object(req, FIELDS, MAX_BYTES))
        changed = Making(self._archive, self._settings).change(name, given)
        resp.media = as_json(told(self._archive, changed.name, SHOWN), True, req.root_path)

    def on_delete(self, req: Request, resp: Response, name: str) -> None:
        """Delete an alert."""
        params.none(params.split(req.query_string))
        resp.media = as_json(Told(delete(self._archive, name), None, ()), True, req.root_path)


def edits(req: Request) -> bool:
    """True if who asks may edit, and so see where alerts are sent."""
    key = req.context.get("key")
    return key is not None and bool(key.permits("edit"))


def address(name: str, root: str = "") -> str:
    """The address of an alert."""
    return f"{root}/api/alerts/{quote(name, safe='')}"


def feed_address(name: str, root: str = "") -> str:
    """The address of the feed of an alert."""
    return f"{root}/alerts/{quote(name, safe='')}/feed.atom"


def as_json(found: Told, editor: bool, root: str) -> Json:
    """An alert as JSON.

    Args:
        editor: whether it is for somebody who may edit.
    """
    alert = found.alert
    return {
        "name": alert.name,
        "question": alert.question,
        "schedule": alert.schedule,
        "zone": alert.zone,
        "channel": alert.channel,
        "target": (alert.target or None) if editor else None,
        "made_by": alert.made_by,
        "made": alert.made,
        "looked": alert.looked,
        "due": alert.due,
        "problem": alert.problem or None,
        "waiting": _delivery(alert, found.waiting, editor) if found.waiting is not None else None,
        "deliveries": [_delivery(alert, each, editor) for each in found.deliveries],
        "links": {
            "self": address(alert.name, root),
            "feed": feed_address(alert.name, root),
            "search": f"{root}/api/search?{alert.question}",
        },
    }


def _delivery(alert: Alert, delivery: Delivery, editor: bool) -> Json:
    problem = delivery.problem if editor or not delivery.problem else HIDDEN
    return {
        "id": identity(alert, delivery),
        "number": delivery.number,
        "since": delivery.since,
        "at": delivery.at,
        "new": len(delivery.came),
        "changed": len(delivery.changed),
        "gone": len(delivery.went),
        "purged": delivery.erased,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "problem": problem or None,
        "next_try": delivery.next_try or None,
        "delivered": delivery.delivered or None,
    }


def _texts(sent: Mapping[str, Any]) -> dict[str, str]:
    strange = next((name for name, value in sent.items() if not isinstance(value, str)), None)
    if strange is not None:
        raise BadQuery([BadValue(strange, "", f"{strange} is not text.", "Send a string.")])
    return dict(sent)
