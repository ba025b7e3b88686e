"""The operations on alerts."""

from __future__ import annotations

from collections.abc import Callable

from desk.alerts.alert import CHANNELS
from desk.named import MAX_NAME
from search.system.json import Json
from service.api.operations.shape import (
    COUNT,
    NULLABLE,
    TEXT,
    answer,
    header,
    list_of,
    nullable,
    other,
    record,
    refused,
    sent,
)
from service.formats import feed
from service.params.parameter import Parameter


def paths(_described: Callable[[Parameter], Json]) -> dict[str, Json]:
    """The operations by path and method."""
    name = {"name": "name", "in": "path", "required": True, "schema": TEXT, "description": "The name of an alert."}
    missing, no_json = refused("No alert has the name"), refused("Not JSON")
    fields: dict[str, Json] = {
        "name": {**TEXT, "maxLength": MAX_NAME},
        "schedule": {**TEXT, "description": "`at once`, `hourly`, `daily 07:00` or `weekly Mon 07:00`."},
        "zone": {**TEXT, "description": "The time zone of that: `Europe/Berlin`. By default UTC."},
        "channel": {**TEXT, "enum": list(CHANNELS)},
        "target": {**TEXT, "description": "The address of a mail or a post."},
    }
    return {
        "/api/alerts": {
            "get": {
                "operationId": "alerts",
                "summary": "The alerts, by name, each with its last delivery",
                "responses": {"200": answer("The alerts", "Alerts")},
            },
            "post": {
                "operationId": "makeAlert",
                "summary": "Make an alert, of a question or of a saved search; what matches now is not told",
                "requestBody": sent(
                    {"name": "Oil in France", "question": "q=oil&country=FR", "schedule": "daily 07:00"},
                    **fields,
                    question={**TEXT, "description": "Its parameters, as a query string, or the URL of its page."},
                    search={**TEXT, "description": "Instead of it, the name of a saved search."},
                ),
                "responses": {
                    "201": {**answer("It is made", "Alert"), "headers": {"Location": header("The alert")}},
                    "404": refused("No saved search has the name"),
                    "409": refused("Another alert has the name, or there is no room"),
                    "415": no_json,
                },
            },
        },
        "/api/alerts/{name}": {
            "get": {
                "operationId": "alert",
                "summary": "An alert with its last deliveries",
                "parameters": [name],
                "responses": {"200": answer("The alert", "Alert"), "404": missing},
            },
            "patch": {
                "operationId": "changeAlert",
                "summary": "Change the name of an alert, when it is told, or how",
                "parameters": [name],
                "requestBody": sent({"schedule": "weekly Mon 07:00", "zone": "Europe/Berlin"}, **fields),
                "responses": {
                    "200": answer("It is changed", "Alert"),
                    "404": missing,
                    "409": refused("Another alert has the name"),
                    "415": no_json,
                },
            },
            "delete": {
                "operationId": "deleteAlert",
                "summary": "Delete an alert, and what it was to tell",
                "parameters": [name],
                "responses": {"200": answer("It is deleted", "Alert"), "404": missing},
            },
        },
        "/alerts/{name}/feed.atom": {
            "get": {
                "operationId": "alertFeed",
                "summary": "What an alert has told, as an Atom feed",
                "parameters": [name],
                "responses": {"200": other("The feed", feed.MEDIA_TYPE), "404": missing},
            }
        },
    }


def schemas() -> dict[str, Json]:
    """The schemas of these operations."""
    delivery = {"$ref": "#/components/schemas/Delivery"}
    return {
        "Alerts": record(alerts=list_of({"$ref": "#/components/schemas/Alert"})),
        "Alert": record(
            name=TEXT,
            question=TEXT,
            schedule=TEXT,
            zone=TEXT,
            channel={**TEXT, "enum": list(CHANNELS)},
            target={**NULLABLE, "description": "For a key of scope `edit` only."},
            made_by=TEXT,
            made=TEXT,
            looked={**TEXT, "description": "When it was last looked for something new."},
            due={**TEXT, "description": "When it will be."},
            problem={**NULLABLE, "description": "Why it cannot be asked at the moment."},
            waiting={**nullable(delivery), "description": "The oldest one that has not arrived."},
            deliveries=list_of(delivery),
            links=record(self=TEXT, feed=TEXT, search=TEXT),
        ),
        "Delivery": record(
            id={**TEXT, "description": "The same however often it is sent."},
            number=COUNT,
            since=TEXT,
            at=TEXT,
            new=COUNT,
            changed=COUNT,
            gone=COUNT,
            purged=COUNT,
            state={**TEXT, "enum": ["waiting", "delivered"]},
            attempts={**COUNT, "description": "Those that have failed."},
            problem={**NULLABLE, "description": "Why the last one did."},
            next_try=NULLABLE,
            delivered=NULLABLE,
        ),
    }
