"""`/api/alerts`: alerts and what they have told, each found by whom `desk.owned` lets; scope `edit` changes them.

Where an alert is sent, and what was answered there, only those see who may edit.
"""

from __future__ import annotations

from urllib.parse import quote

import falcon
from falcon import Request, Response
from msgspec import to_builtins

from desk.alerts.alert import Alert, Delivery
from search.errors import BadQuery, BadValue
from search.said import said
from service import seeing
from service.desk.alerts.keeping import Making, Told, delete, listed, question_of, told
from service.desk.alerts.message import identity
from service.http.posted_body import sent
from service.http.session import who
from service.params.operation import Place, operation
from service.resource import Resource
from service.values import alert_values
from service.values.shared_values import made_of

MAX_BYTES = 64 * 1024
SHOWN = 20
"""The last deliveries of an alert that are shown with it."""
HIDDEN = said("It could not be delivered. Those who may edit see why.")

_MISSING = {404: "No alert has the name"}
PLACES = {"name": Place("The name of an alert.")}


class AlertsResource(Resource):
    """`GET` and `POST /api/alerts`: all alerts, and making one."""

    @operation("alerts", "The alerts, by name, each with its last delivery", alert_values.Alerts, "The alerts")
    def on_get(self, req: Request, resp: Response) -> None:
        resp.media = alert_values.Alerts(
            [as_value(each, seeing.asker().edits, req.root_path) for each in listed(self._archive)]
        )
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "makeAlert",
        "Make an alert, of a question or of a saved search; what matches now is not told",
        alert_values.Alert,
        "It is made",
        status=201,
        gives={"Location": "The alert"},
        body=alert_values.SentAlert,
        example={"name": "Oil in France", "question": "q=oil&country=FR", "schedule": "daily 07:00"},
        refuses={404: "No saved search has the name", 409: "Another alert has the name, or there is no room"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        given = to_builtins(sent(req, alert_values.SentAlert, MAX_BYTES))
        search, asked = given.pop("search", None), given.pop("question", None)
        if (search is None) == (asked is None):
            reason = "There is no question." if search is None else "There are two questions."
            raise BadQuery([BadValue("question", "", reason, "Send question, or search, the name of a saved one.")])
        asked, shared = question_of(self._archive, search) if search is not None else asked, given.pop("shared", None)
        made = Making(self._archive, self._settings).make(given, asked or "", who(req), shared)
        resp.status, resp.location = falcon.HTTP_201, address(made.name, req.root_path)
        resp.media = as_value(told(self._archive, made.name, SHOWN), True, req.root_path)


class AlertResource(Resource):
    """`/api/alerts/{name}`: one alert."""

    places = PLACES

    @operation("alert", "An alert with its last deliveries", alert_values.Alert, "The alert", refuses=_MISSING)
    def on_get(self, req: Request, resp: Response, name: str) -> None:
        resp.media = as_value(told(self._archive, name, SHOWN), seeing.asker().edits, req.root_path)
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "changeAlert",
        "Change the name of an alert, when it is told, or how, or share it",
        alert_values.Alert,
        "It is changed",
        body=alert_values.ChangedAlert,
        example={"schedule": "weekly Mon 07:00", "zone": "Europe/Berlin"},
        refuses={**_MISSING, 409: "Another alert has the name, or a value is not that which it was to be before"},
    )
    def on_patch(self, req: Request, resp: Response, name: str) -> None:
        given = to_builtins(sent(req, alert_values.ChangedAlert, MAX_BYTES))
        before, shared = given.pop("before", {}), given.pop("shared", None)
        changed = Making(self._archive, self._settings).change(name, given, before, shared)
        resp.media = as_value(told(self._archive, changed, SHOWN), True, req.root_path)

    @operation(
        "deleteAlert", "Delete an alert, and what it was to tell", alert_values.Alert, "It is deleted", refuses=_MISSING
    )
    def on_delete(self, req: Request, resp: Response, name: str) -> None:
        resp.media = as_value(delete(self._archive, name), True, req.root_path)


def is_own(alert: Alert) -> bool:
    """True if an alert belongs to who sends the request."""
    return bool(alert.owner) and alert.owner == seeing.asker().member


def address(name: str, root: str = "") -> str:
    """The address of an alert."""
    return f"{root}/api/alerts/{quote(name, safe='')}"


def feed_address(name: str, root: str = "") -> str:
    """The address of the feed of an alert."""
    return f"{root}/alerts/{quote(name, safe='')}/feed.atom"


def as_value(found: Told, editor: bool, root: str) -> alert_values.Alert:
    """An alert as the API answers with it.

    Args:
        editor: True if it is for somebody who may edit.
    """
    alert = found.alert
    return made_of(
        alert_values.Alert,
        alert,
        question=found.asked,
        mine=is_own(alert),
        target=(alert.target or None) if editor else None,
        problem=alert.problem or None,
        waiting=_delivery(alert, found.waiting, editor) if found.waiting is not None else None,
        deliveries=[_delivery(alert, each, editor) for each in found.deliveries],
        links=alert_values.AlertLinks(
            address(alert.name, root), feed_address(alert.name, root), f"{root}/api/search?{found.asked}"
        ),
    )


def _delivery(alert: Alert, delivery: Delivery, editor: bool) -> alert_values.Delivery:
    problem = delivery.problem if editor or not delivery.problem else HIDDEN
    return made_of(
        alert_values.Delivery,
        delivery,
        id=identity(alert, delivery),
        new=len(delivery.came),
        changed=len(delivery.changed),
        gone=len(delivery.went),
        purged=delivery.erased,
        problem=problem or None,
        next_try=delivery.next_try or None,
        delivered=delivery.delivered or None,
    )
