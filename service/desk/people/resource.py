"""`/api/keys`: the keys of an index."""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar

from falcon import HTTP_201, Request, Response

from desk.named import MAX_NAME
from desk.people import keys
from desk.people.holder import SCOPES, Scope
from desk.people.keys import Key
from desk.rights.store import USER
from search.errors import BadQuery, BadValue
from search.said import said
from service.administrators import administrators
from service.archive import Archive
from service.http.posted_body import sent_object
from service.params.operation import Place, operation
from service.resource import Resource
from service.settings import Settings
from service.values import admin_values

MAX_BYTES = 10_000


class KeysResource(Resource):
    """`GET` and `POST /api/keys`, for administrators."""

    @operation("keys", "The keys, without their secrets", admin_values.Keys)
    def on_get(self, _req: Request, resp: Response) -> None:
        """List them."""
        _ = self._archive.engine  # there is an index
        resp.media = admin_values.Keys([as_value(key) for key in keys.listed(self._archive.place)])
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "makeKey",
        "Make a key",
        admin_values.MadeKey,
        "It, with its secret, which is not shown again",
        status=201,
        body=admin_values.SentKey,
        example={"scopes": ["read"], "name": "reading room"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        """Make one."""
        sent = sent_object(req, ("scopes", "name"), MAX_BYTES)
        key, secret = make(self._archive, sent.get("scopes"), sent.get("name", ""))
        resp.status = HTTP_201
        resp.media = admin_values.MadeKey(as_value(key), secret)
        resp.set_header("Cache-Control", "no-store")


class KeyResource(Resource):
    """`DELETE /api/keys/{name}`, for administrators; the name is its id."""

    places: ClassVar = {"name": Place("The id of a key.")}

    @operation(
        "revokeKey",
        "Revoke a key",
        admin_values.Key,
        "It is refused from now on",
        refuses={404: "No such key", 409: "Nobody could administer the index without it"},
    )
    def on_delete(self, _req: Request, resp: Response, name: str) -> None:
        """Revoke it."""
        resp.media = as_value(revoke(self._archive, self._settings, name))


def revoke(archive: Archive, settings: Settings, key_id: str) -> Key:
    """Revoke a key. Raises KeyMissing; LastAdministrator if nobody, with another key or by his groups, may then."""
    _ = archive.engine  # there is an index
    people = any(one.startswith(USER) for one in administrators(archive.place, settings))
    return keys.revoke(archive.place, key_id, last=people)


def make(archive: Archive, scopes: object, name: object) -> tuple[Key, str]:
    """Make a key. Raises BadQuery if a scope or the name is not valid."""
    _ = archive.engine
    chosen: list[Scope] = [one for one in SCOPES if isinstance(scopes, list) and one in scopes]
    if not isinstance(scopes, list) or not scopes or any(one not in SCOPES for one in scopes):
        hint = said("One or more of: {names}.", names=", ".join(SCOPES))
        raise BadQuery([BadValue("scopes", "", said("These are no scopes of a key."), hint)])
    if not isinstance(name, str) or len(name) > MAX_NAME or not name.isprintable() or name.isspace():
        hint = said("Give up to {most} characters in one line.", most=MAX_NAME)
        raise BadQuery([BadValue("name", str(name)[:80], said("It is no name of a key."), hint)])
    return keys.add(archive.place, chosen, name.strip())


def as_value(key: Key) -> admin_values.Key:
    """A key as it is shown."""
    found = asdict(key)
    return admin_values.Key(**{name: found[name] for name in admin_values.Key.__struct_fields__})
