"""An archive of which its administrator sees much, under names that a test gives: rules, groups, keys, jobs, lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desk.alerts.alert import Alert
from desk.alerts.store import Alerts
from desk.lists.store import Lists
from desk.people import keys
from desk.rights import rule
from desk.rights.store import KEY, USER, Rights
from desk.searches.store import Searches, Seen
from search.system.acting import Actor, acting
from service.jobs import JobRequest, Upload
from service.server.job_queue import JobQueue

AT = "2026-11-20T08:15:00Z"


def manage(place: Path, names: Sequence[str]) -> str:
    """Have people do everything, each thing under one of the names in turn. Returns the key of an administrator."""
    groups = [name for name in names if rule.is_name(name)][:3]
    titles = [*{name.casefold(): name for name in names if not {"/", "\\"} & {*name}}.values()]
    with acting(Actor(names[0], "page")):
        _, secret = keys.add(str(place), ["admin"], names[0])
        with Rights(place) as rights:
            for name in [*{name.casefold(): name for name in names}.values()][1:4]:  # a key's name is its own
                rights.put(KEY + keys.add(str(place), ["index", "edit"], name)[0].id, groups)
            rights.put(USER + groups[0], groups)
            who = ["everyone", "signed-in", *(f"group:{name}" for name in groups)]
            rights.set(
                rule.read([{"who": one, "what": {"source": [*names[:9]]}, "tier": "text"} for one in who]), names[0], AT
            )
        with Lists(place) as lists, Searches(place) as searches, Alerts(place) as alerts:
            for name in titles[:9]:
                lists.make(name, names[0], AT, name, {"a": name})
                searches.save(name, "q=oil", names[0], AT, (names[0], Seen(AT, 3)))
                alerts.make(Alert(0, name, "q=oil", "at once", "UTC", "feed", "", name, AT, AT, 1, AT), {}, frozenset)
            for one in alerts.listed():
                alerts.note_problem(one, names[0], AT)
        queue = JobQueue(str(place))
        for number, name in enumerate(names[:9]):
            request = JobRequest("articles", "", str(number), "file", names[0], Upload(name).written())
            job = queue.put(queue.new_id(), request, 0, 1, paused=number == 0)
            if number == 1:
                queue.fail(job, name)
    return secret
