"""`/api/authority`: which names are merged, split or blocked, who decided that, and deciding it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import falcon
import orjson
from falcon import Request, Response

from desk.names import decision
from desk.names.decision import Decision
from desk.replaced import ChangedMeanwhile
from search.errors import BadAuthority
from search.names.authority import Entry
from search.text import dates
from service.archive import Archive
from service.http.posted_body import sent_object
from service.http.session import who
from service.jobs import JobRequest
from service.params.operation import operation
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.values import authority_values
from service.values.job_values import ON_DISK, Accepted, JobLinks
from service.values.shared_values import made_of

MAX_BYTES = 64 * 1024


class AuthorityResource(Resource):
    """`GET` and `POST /api/authority`: what has been decided about names, and one more decision."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._deciding = Deciding(archive, spool, settings.spool_bytes)

    @operation(
        "authority",
        "Which names are merged, split or blocked, and who decided that when",
        authority_values.Authority,
        "The entries in force, and the journal",
    )
    def on_get(self, req: Request, resp: Response) -> None:
        engine = self._archive.engine
        authority = engine.authority()
        resp.media = authority_values.Authority(
            engine.generation,
            _entries(authority.entries),
            [
                made_of(
                    authority_values.AuthorityChange,
                    change,
                    number=number,
                    added=_entries(change.added),
                    removed=_entries(change.removed),
                )
                for number, change in enumerate(authority.journal, 1)
            ],
        )

    @operation(
        "decide",
        "Merge, split or block a name, show it again, set its Wikidata item, or undo a decision",
        Accepted,
        ON_DISK,
        status=202,
        gives={"Location": "The job"},
        body=authority_values.SentDecision,
        example={"action": "merge", "kind": "person", "name": "Muammar Gaddafi", "aliases": ["Moammar Gadhafi"]},
        refuses={
            400: "It is not valid, or contradicts what is in force",
            409: "The Wikidata item is not that which it was to be before",
        },
    )
    def on_post(self, req: Request, resp: Response) -> None:
        job = self._deciding.put(
            decision.read(sent_object(req, authority_values.SentDecision.__struct_fields__, MAX_BYTES)), req
        )
        link = f"{req.root_path}/api/jobs/{job}"
        resp.status = falcon.HTTP_202
        resp.media = Accepted(job, JobLinks(link))
        resp.location = link


class Deciding:
    """Puts the jobs that apply decisions about names."""

    def __init__(self, archive: Archive, spool: Spool, most_waiting: int) -> None:
        self._archive = archive
        self._spool = spool
        self._most_waiting = most_waiting

    def put(self, made: Decision, req: Request) -> str:
        """Accept a decision. Returns the id of its job, which tells if it contradicts one that waits before it.

        Raises:
            BadAuthority: if it contradicts what is in force.
            ChangedMeanwhile: if the name has another Wikidata item than the one that is to be replaced.
        """
        by, at = who(req), dates.exactly()
        others_wait = self._spool.is_waiting("decide")  # asked first: what has ended by now is in force below
        try:
            decision.applied(made, self._archive.engine.authority(), at, by)
        except (BadAuthority, ChangedMeanwhile):
            if not others_wait:
                raise
        told = {name: getattr(made, name) for name in Decision.__slots__} | {"by": by, "at": at}
        target = orjson.dumps(told).decode()
        key = req.context.key
        digest = sha256(f"decide\0{target}".encode()).hexdigest()
        request = JobRequest("decide", key.id if key is not None else "", digest, target=target)
        return self._spool.put(self._spool.new_id(), request, len(target), self._most_waiting).id


def _entries(entries: Iterable[Entry]) -> list[authority_values.AuthorityEntry]:
    return [made_of(authority_values.AuthorityEntry, entry) for entry in entries]
