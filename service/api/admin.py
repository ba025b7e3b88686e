"""`/api/admin`: an index and its service, as administrators see them, and what is done to the index as a whole;
`/api/snapshots`: making and checking one.
"""

from __future__ import annotations

import shlex
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

import falcon
from falcon import Request, Response

import service
from desk.alerts.alert import Alert
from desk.alerts.store import AlertMissing, Alerts, with_problems
from desk.store import opening
from search import backends
from search.errors import BadQuery, BadValue
from search.files import backup_list
from search.said import said
from search.system import disk
from search.text import dates
from search.text.numbers import whole_number
from service.api.ingest import accepted
from service.archive import Archive
from service.desk.alerts.owners import WHY
from service.http.posted_body import sent
from service.jobs import Job, JobRequest, Upkeep
from service.params.operation import Place, operation
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.values.admin_values import (
    AdministeredAlert,
    Administration,
    FailingAlert,
    SentSnapshot,
    SentUpkeep,
    Snapshot,
)
from service.values.job_values import ON_DISK, Accepted

MAX_BYTES = 10_000
MOST_REMOVED = 1_000
MOST_ALERTS = 1_000
CHECK = "check"


class AdminResource(Resource):
    """`GET` and `POST /api/admin`, for administrators."""

    @operation("administration", "The index and its service: disk, jobs, alerts that fail, snapshots", Administration)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Tell how they are."""
        resp.media = state(self._archive, self._settings, self._spool)
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "keepUp",
        "Check every byte of the index, renew its facts, or convert it to the format of this version",
        Accepted,
        ON_DISK,
        status=202,
        gives={"Location": "The job"},
        body=SentUpkeep,
        refuses={409: "The same waits or is being done, nothing has to be converted, or the index is in a cluster"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        """Queue it."""
        wanted = sent(req, SentUpkeep, MAX_BYTES)
        accepted(req, resp, keep_up(self._archive, self._settings, self._spool, req, wanted.do))


class AdministeredAlertResource(Resource):
    """`DELETE /api/admin/alerts/{number}`, for administrators."""

    places: ClassVar = {"number": Place("The number of an alert, which `GET /api/admin` tells.")}

    @operation(
        "endAlert",
        "Delete an alert, whosever it is",
        AdministeredAlert,
        "It is deleted, with what it was to tell",
        refuses={404: "No alert has the number"},
    )
    def on_delete(self, _req: Request, resp: Response, number: str) -> None:
        """Delete it."""
        _ = self._archive.engine  # there is an index
        resp.media = end_alert(self._archive, number)


class SnapshotsResource(Resource):
    """`POST /api/snapshots`, for administrators."""

    @operation(
        "snapshot",
        "Make a snapshot in the folder of DATELINE_SNAPSHOTS and check it, or check one that is there",
        Accepted,
        ON_DISK,
        status=202,
        gives={"Location": "The job"},
        body=SentSnapshot,
        example={},
        optional=True,
        refuses={409: "DATELINE_SNAPSHOTS names no folder, or the index is in a cluster"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        """Queue it."""
        wanted = sent(req, SentSnapshot, MAX_BYTES, empty=True)
        accepted(req, resp, begin(self._archive, self._settings, self._spool, req, wanted.check))


def keep_up(archive: Archive, settings: Settings, jobs: Spool, req: Request, do: Upkeep) -> Job:
    """Queue what is done to an index as a whole.

    Raises:
        falcon.HTTPConflict: if it is queued already, has nothing to do, or cannot be done in a cluster.
    """
    _ = archive.engine  # there is an index
    if do != "enrich" and archive.folder is None:
        raise falcon.HTTPConflict(description=said("The index is in a cluster, where a command does this."))
    if do == "upgrade" and backends.outdated(archive.place) is None:
        raise falcon.HTTPConflict(description=said("Nothing has to be converted."))
    if jobs.is_waiting(do):
        raise falcon.HTTPConflict(description=said("This waits already, or is being done: the table of jobs says so."))
    digest = sha256(do.encode()).hexdigest()
    return jobs.put(jobs.new_id(), JobRequest(do, req.context.key.id, digest), 0, settings.spool_bytes)


def begin(archive: Archive, settings: Settings, jobs: Spool, req: Request, check: str = "") -> Job:
    """Queue a snapshot, or the check of one.

    Raises:
        falcon.HTTPConflict: if none are made here.
        BadQuery: if there is none with this name.
    """
    _ = archive.engine  # there is an index
    if not settings.snapshots or archive.folder is None:
        raise falcon.HTTPConflict(
            description=said("DATELINE_SNAPSHOTS names no folder for snapshots here, or the index is in a cluster.")
        )
    if check:
        found = [one for one in _own(archive, settings) if one.name == check and one.exists()]
        if not found:
            hint = said("The page of the administrator lists them.")
            raise BadQuery([BadValue(CHECK, check[:80], said("There is no such snapshot."), hint)])
        to = found[0]
    else:
        to = Path(settings.snapshots).absolute() / f"{archive.folder.name}-{dates.exactly().replace(':', '')}"
    form = CHECK if check else ""
    digest = sha256(f"snapshot\0{to}\0{form}".encode()).hexdigest()
    request = JobRequest("snapshot", req.context.key.id, digest, form, target=str(to))
    return jobs.put(jobs.new_id(), request, 0, settings.spool_bytes)


def state(archive: Archive, settings: Settings, jobs: Spool) -> Administration:
    """The index and its service, as they are now."""
    engine, place, folder = archive.engine, archive.place, archive.folder
    stats, removals, old = engine.stats(), engine.removals(), backends.outdated(place)
    alerts = [_alert(alert, problem) for alert, problem in with_problems(place)]
    own = _own(archive, settings)
    return Administration(
        version=service.__version__,
        outdated=str(said("Format {format}; {current} is the current one.", format=old.format, current=old.current))
        if old
        else "",
        desk=opening.former_revision(place) or opening.REVISIONS[-1],
        articles=stats.articles,
        segments=stats.segments,
        generation=stats.generation,
        bytes=stats.bytes,
        free=disk.free_bytes(folder) if folder is not None else None,
        jobs=jobs.counts(),
        failing=[FailingAlert(one.name, one.problem) for one in alerts if one.problem],
        alerts=alerts[:MOST_ALERTS],
        alert_count=len(alerts),
        makes_snapshots=bool(settings.snapshots) and folder is not None,
        snapshots=[Snapshot(one.name, one.exists(), one in own, _restoring(archive, one)) for one in _all(archive)],
        blocked=sorted(removals.blocked),
        removed=dict(sorted(removals.removed.items(), key=lambda one: one[1], reverse=True)[:MOST_REMOVED]),
    )


def _alert(alert: Alert, problem: str) -> AdministeredAlert:
    """An alert as those see it who may end it; of a private one, what is wrong would tell what it asks, or whom it
    tells.
    """
    if alert.private and problem not in ("", WHY):
        hidden = said("It could not be delivered. Its owner sees why.")
        problem = said("It cannot be asked.") if alert.problem else hidden
    return AdministeredAlert(alert.number, alert.full, alert.made_by if alert.owner else "", not problem, problem)


def end_alert(archive: Archive, number: str) -> AdministeredAlert:
    """Delete an alert, whosever it is. Raises AlertMissing."""
    known = whole_number(number, 9)
    if known is None or not Alerts.is_in(archive.place):
        raise AlertMissing(number)
    with Alerts(archive.place) as alerts:
        return _alert(alerts.end(known), "")


def _restoring(archive: Archive, snapshot: Path) -> str:
    """The command that has a snapshot replace the index."""
    return shlex.join(["dateline", "restore", str(snapshot), str(archive.folder), "--replace"])


def _all(archive: Archive) -> tuple[Path, ...]:
    return backup_list.read(archive.folder) if archive.folder is not None else ()


def _own(archive: Archive, settings: Settings) -> list[Path]:
    """The snapshots that were made in the folder for them."""
    if not settings.snapshots:
        return []
    return [one for one in _all(archive) if one.parent == Path(settings.snapshots).absolute()]
