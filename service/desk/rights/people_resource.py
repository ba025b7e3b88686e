"""`/api/people`: who is in which groups; `/api/sessions`: who is signed in. Both are for administrators."""

from __future__ import annotations

from datetime import UTC, datetime

from falcon import Request, Response

from desk.people.holder import Holder
from desk.people.sessions import Record, SessionMissing
from service.desk.rights import people
from service.http.posted_body import sent
from service.http.session import Sessions, member_of
from service.params.operation import Place, operation
from service.resource import Resource
from service.values import rights_values

MAX_BYTES = 64 * 1024
_PERSON = {"person": Place("`key:` and the id of a key, or `user:` and the name of a person.")}
_SESSION = {"session_id": Place("The id of a session.")}


class PeopleResource(Resource):
    """`GET /api/people`."""

    @operation("people", "Keys and people, and their groups", rights_values.People, "The keys, then the people")
    def on_get(self, _req: Request, resp: Response) -> None:
        """List them."""
        _ = self._archive.engine  # there is an index
        resp.media = rights_values.People(
            [one.as_value() for one in people.members(self._archive.place, self._settings)]
        )
        resp.set_header("Cache-Control", "no-store")


class PersonResource(Resource):
    """`PUT /api/people/{person}`."""

    places = _PERSON

    @operation(
        "setGroups",
        "Have a key or a person be in these groups, and in no others",
        rights_values.Member,
        "The groups are stored",
        body=rights_values.Groups,
        example={"groups": ["desk"]},
        refuses={404: "No key has this id"},
    )
    def on_put(self, req: Request, resp: Response, person: str) -> None:
        """Replace the groups."""
        given = sent(req, rights_values.Groups, MAX_BYTES)
        _ = self._archive.engine
        resp.media = people.put(self._archive.place, person, given.groups, self._settings).as_value()


class SessionsResource(Resource):
    """`GET /api/sessions`."""

    @operation("sessions", "Who is signed in on a page", rights_values.Sessions, "The sessions, oldest first")
    def on_get(self, _req: Request, resp: Response) -> None:
        """List the sessions."""
        found = Sessions(self._archive.place, self._settings).listed()
        resp.media = rights_values.Sessions([_session(one, holder) for one, holder in found])
        resp.set_header("Cache-Control", "no-store")


class SessionResource(Resource):
    """`DELETE /api/sessions/{session_id}`."""

    places = _SESSION

    @operation(
        "closeSession",
        "Sign somebody out",
        rights_values.Session,
        "The session has ended",
        refuses={404: "No session has this id"},
    )
    def on_delete(self, _req: Request, resp: Response, session_id: str) -> None:
        """End a session: it is refused from the next request on."""
        sessions = Sessions(self._archive.place, self._settings)
        found = next((_session(one, holder) for one, holder in sessions.listed() if one.id == session_id), None)
        if found is None:
            raise SessionMissing(session_id)
        sessions.close(session_id)
        resp.media = found


def _session(record: Record, holder: Holder) -> rights_values.Session:
    began, ends = (datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds") for at in (record.began, record.ends))
    return rights_values.Session(record.id, member_of(holder), holder.called, began, ends)
