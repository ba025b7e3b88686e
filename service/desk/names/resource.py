"""`/api/authority`: which names are merged, split or blocked, who decided that, and deciding it."""

from __future__ import annotations

from hashlib import sha256

import falcon
import orjson
from falcon import Request, Response

from desk.names import authority_csv, decision
from desk.names.decision import Decision
from search.names.authority import Change, Entry
from search.system.json import Json
from search.text import dates
from service import params, spool
from service.archive import Archive
from service.desk.corrections.resource import who
from service.http.posted_body import sent_object
from service.spool import Spool

MAX_BYTES = 64 * 1024


class AuthorityResource:
    """`GET` and `POST /api/authority`: what has been decided about names, and one more decision."""

    def __init__(self, archive: Archive, spool: Spool, most_waiting: int) -> None:
        self._archive = archive
        self._deciding = Deciding(archive, spool, most_waiting)

    def on_get(self, req: Request, resp: Response) -> None:
        """List the entries in force, and the journal."""
        params.none(params.split(req.query_string))
        engine = self._archive.engine
        authority = engine.authority()
        resp.media = {
            "generation": engine.generation,
            "entries": [as_json(entry) for entry in authority.entries],
            "journal": [change_as_json(number, change) for number, change in enumerate(authority.journal, 1)],
        }

    on_head = on_get

    def on_post(self, req: Request, resp: Response) -> None:
        """Decide about a name."""
        params.none(params.split(req.query_string))
        job = self._deciding.put(decision.read(sent_object(req, Decision.__slots__, MAX_BYTES)), req)
        link = f"{req.root_path}/api/jobs/{job}"
        resp.status = falcon.HTTP_202
        resp.media = {"job": job, "links": {"self": link}}
        resp.location = link


class Deciding:
    """Puts the jobs that apply decisions about names."""

    def __init__(self, archive: Archive, spool: Spool, most_waiting: int) -> None:
        self._archive = archive
        self._spool = spool
        self._most_waiting = most_waiting

    def put(self, made: Decision, req: Request) -> str:
        """Accept a decision. Returns the id of its job.

        Raises:
            BadAuthority: if it contradicts what is in force.
        """
        by, at = who(req), dates.exactly()
        decision.applied(made, self._archive.engine.authority(), at, by)
        told = {name: getattr(made, name) for name in Decision.__slots__} | {"by": by, "at": at}
        target = orjson.dumps(told).decode()
        key = req.context.key
        same = orjson.dumps(told | {"at": dates.apart(at)[0]}).decode()  # sent twice in a second, it is one
        digest = sha256(f"decide\0{same}".encode()).hexdigest()
        request = spool.Request("decide", key.id if key is not None else "", digest, target=target)
        return self._spool.put(self._spool.new_id(), request, len(target), self._most_waiting).id


def as_json(entry: Entry) -> Json:
    """An entry of the authority file, as the columns of its CSV."""
    return {name: getattr(entry, name) for name in authority_csv.COLUMNS}


def change_as_json(number: int, change: Change) -> Json:
    """A change of the journal, with its number."""
    return {
        "number": number,
        "at": change.at,
        "by": change.by,
        "what": change.what,
        "added": [as_json(entry) for entry in change.added],
        "removed": [as_json(entry) for entry in change.removed],
    }
