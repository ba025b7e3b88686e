"""Articles are taken down: `DELETE /api/articles/{id}` removes one, `POST /api/removals` many, by their ids.

Both are jobs, which do what `dateline delete` does (`service.server.removal`). Of many it is told first what would be
done: how many there are, the titles of some, and if it can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import orjson
from falcon import Request, Response

from indexer.readers.shared import columns
from indexer.readers.tables import csv
from indexer.withheld import embargo, withdrawn
from search.engine import present_among
from search.errors import ArticleMissing, BadQuery, BadValue
from search.files import takedowns
from search.said import said
from search.values.article import ID_PATTERN
from service import params, seeing
from service.api.ingest import IDEMPOTENCY, accepted, idempotency_of, sender_of
from service.api.resources import ArticleResource
from service.archive import Archive
from service.http.posted_body import sent
from service.jobs import Job, JobRequest
from service.params.operation import operation
from service.params.parameter import Parameter, decoded
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.values.admin_values import MOST_IDS, Removal, SentRemoval, Wanted
from service.values.job_values import ON_DISK, Accepted
from service.values.shared_values import Brief, naming

MAX_BYTES = 4_000_000
MOST_NAMED = 10
"""The titles, and the ids of what is not there, that are named of many."""
FLAGS_OF: Mapping[Wanted, str] = {"remove": "", "block": "block", "purge": "block purge", "unblock": "unblock"}
"""The form of the job that does it."""
MEANS: Mapping[Wanted, str] = {
    "remove": said("Nobody finds them any more. They come back when their files are read again."),
    "block": said(
        "Nobody finds them any more, and they are not indexed again. It can be undone: allow them again, and index"
        " their files again."
    ),
    "purge": said(
        "It cannot be undone. Every byte of them is erased from the index and its snapshots, and they are not indexed"
        " again."
    ),
    "unblock": said("They may be indexed again, also after a withdrawal, when their files are read again."),
}
"""What comes of it, and if it can be undone."""


@dataclass(frozen=True, slots=True)
class Removing:
    """How an article is removed: its id is blocked, its bytes are erased."""

    block: bool = False
    purge: bool = False


FLAGS = (
    Parameter("block", "boolean", "Also block its id from now on.", Removing, "block", blank=True),
    Parameter(
        "purge",
        "boolean",
        "Also erase it: the job is done when no file of the index contains a byte of it.",
        Removing,
        "purge",
        blank=True,
    ),
)


class WritableArticle(ArticleResource):
    """`/api/articles/{id}`: read or remove one article."""

    @operation(
        "remove",
        "Remove an article",
        Accepted,
        ON_DISK,
        status=202,
        gives={"Location": "The job"},
        parameters=FLAGS,
        headers=(IDEMPOTENCY,),
        refuses={404: "The id is not valid, or of no article that a client with limited rights may see"},
    )
    def on_delete(self, req: Request, resp: Response, article_id: str) -> None:
        """Queue the removal of an article, after all earlier requests. A missing article is not an error for those who
        see everything; for others it is, as is one that they may not see.

        If it is to be blocked, the process that is writing to the index removes it with the next commit, before its
        job's turn.
        """
        flags = _flags(req)
        idempotency = idempotency_of(req)
        if not ID_PATTERN.fullmatch(article_id):
            raise ArticleMissing(article_id)
        if not seeing.current().is_whole and not present_among(self._archive.engine, (article_id,)):
            raise ArticleMissing(article_id)
        accepted(req, resp, begin(self._archive, self._settings, self._spool, req, (article_id,), flags, idempotency))


class RemovalsResource(Resource):
    """`POST /api/removals`, for administrators."""

    @operation(
        "takeDown",
        "Tell what removing, blocking, erasing or allowing articles again would do, or do it",
        Removal,
        "What would be done; with the job that does it, if it was sent as sure",
        headers=(IDEMPOTENCY,),
        body=SentRemoval,
        example={"ids": ["1961-08-berlin-wall"], "do": "block"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        """Look, or queue it."""
        idempotency = idempotency_of(req)
        wanted = sent(req, SentRemoval, MAX_BYTES)
        ids = ids_of(wanted.ids)
        found = look(self._archive, ids, wanted.do)
        if wanted.sure:
            flags = FLAGS_OF[wanted.do]
            found.job = begin(self._archive, self._settings, self._spool, req, ids, flags, idempotency).id
            resp.location = f"{req.root_path}/api/jobs/{found.job}"
        resp.media = found
        resp.set_header("Cache-Control", "no-store")


def ids_of(given: Sequence[str]) -> tuple[str, ...]:
    """The different ids, in their order. Raises BadQuery if there are none, or too many, or for what cannot be one."""
    some = [one for line in given if (one := line.strip())]
    ids = tuple(dict.fromkeys(some))
    wrong = [(line, one) for line, one in enumerate(map(str.strip, given), 1) if one and not ID_PATTERN.fullmatch(one)]
    if wrong:
        hint = said("Give one id a line, as articles have it: of letters, digits and any of . _ ~ : @ + -")
        raise BadQuery([
            BadValue("ids", one[:80], said("“{value}” in line {line} is not an id.", value=one[:80], line=line), hint)
            for line, one in wrong[:MOST_NAMED]
        ])  # fmt: skip
    if not ids:
        raise BadQuery([BadValue("ids", "", said("There is no id."), said("Give the ids of articles."))])
    if len(some) > MOST_IDS:
        reason = said("There are {count} ids.", count=len(some))
        raise BadQuery([BadValue("ids", "", reason, said("Give up to {most} at once.", most=MOST_IDS))])
    return ids


def ids_in(file: str) -> list[str]:
    """The ids in a file: of JSON Lines and of a table with a column called `id` its values, of any other each line."""
    if file.lstrip("\ufeff \n\r\t").startswith("{"):
        return [_id_of(line) for line in file.removeprefix("\ufeff").splitlines()]
    table = csv.beginning(BytesIO(file.encode()), {}, MAX_BYTES)
    names = list(map(columns.words_of, table.header))
    if "id" not in names:
        return file.splitlines()
    at = names.index("id")
    return ["", *(row[at] if isinstance(row, list) else row for row in table.rows)]  # the line of the names has none


def _id_of(line: str) -> str:
    """The `id` of an object in a line of JSON; the line itself if it has none, which is no id."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return line
    return found["id"] if isinstance(found, dict) and isinstance(found.get("id"), str) else line


def look(archive: Archive, ids: Sequence[str], do: Wanted) -> Removal:
    """What would be done to articles."""
    engine, folder = archive.engine, archive.folder
    with engine.batch():
        there, blocked = present_among(engine, ids), engine.removals().blocked.intersection(ids)
        titles = [engine.article(one) for one in [one for one in ids if one in there][:MOST_NAMED]]
    embargoed, gone = (
        each(folder, ids) if folder is not None else frozenset() for each in (embargo.among, withdrawn.among)
    )
    known = there | blocked | embargoed | gone
    return Removal(
        ids=len(ids),
        there=len(there),
        embargoed=len(embargoed),
        withheld=len(blocked | gone),
        titles=[naming(Brief, one) for one in titles],
        unknown=len(ids) - len(known),
        not_there=[one for one in ids if one not in known][:MOST_NAMED],
        means=MEANS[do],
    )


def begin(
    archive: Archive,
    settings: Settings,
    jobs: Spool,
    req: Request,
    ids: Sequence[str],
    flags: str,
    idempotency: str | None = None,
) -> Job:
    """Queue what is to be done to articles, as `FLAGS_OF` has it."""
    _ = archive.engine  # there is an index
    target = " ".join(ids)
    digest = sha256("\0".join(filter(None, ("delete", target, flags))).encode()).hexdigest()
    request = JobRequest("delete", sender_of(req), digest, flags, target=target, idempotency=idempotency)
    job = jobs.put(jobs.new_id(), request, 0, settings.spool_bytes)
    if "block" in flags.split() and job.state in ("queued", "running") and archive.folder is not None:
        takedowns.ask(archive.folder, ids)
    return job


def _flags(req: Request) -> str:
    """The requested flags of a deletion."""
    errors: list[BadValue] = []
    asked = Removing(**decoded(params.split(req.query_string), FLAGS, errors))
    if errors:
        raise BadQuery(errors)
    return " ".join(flag.name for flag in FLAGS if getattr(asked, flag.attribute))
