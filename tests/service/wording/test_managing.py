"""What administrators and senders of articles see is in their language: a page says nothing twice but names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import falcon.testing
import pytest

from desk.alerts.store import Alerts
from desk.audit.store import DIDS, Audit
from desk.people.holder import SCOPES
from desk.store.tables import METADATA
from search import Article
from search.system.acting import VIAS, Actor, acting
from service import jobs
from service.archive import Archive
from service.server.app import create_app
from service.server.indexing import Indexing
from service.server.job_queue import JobQueue
from service.settings import Settings
from service.wording import managing
from tests.cases import cases
from tests.desk.store.test_contract import fill
from tests.search.indexes import written
from tests.service.desk.rights.test_page import Person
from tests.service.wording.test_messages import Text, english_of, forms, messages

SAME = {english_of(message)[0] for message in messages() if forms(message)[:1] == english_of(message)[:1]}
"""Messages that are the same in both languages."""
NAMES = re.compile(r"§|^[0-9a-f]{8,}$|^job-|^text$|^Oil\b|Dateline|^0\.|admin key")
"""What somebody has called something here."""
LONG = "x" * 300


class Both(Person):
    """An administrator with a browser in each language, who has sent a table, whose page is `table`."""

    table: str

    def __init__(self, place: Path, archive: Archive) -> None:
        super().__init__(place, archive, "admin")
        self.of = {
            one: falcon.testing.TestClient(create_app(archive, Settings(language=one, snapshots=str(place.parent))))
            for one in ("en", "de")
        }
        self.client = self.of["de"]

    def parts(self, language: str, address: str) -> set[str]:
        self.client = self.of[language]
        answer = self.get(address)
        assert answer.status_code == 200, answer.text
        return set(Text(answer.text, language).parts)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """An archive of which everything has happened that an administrator is told."""
    place = tmp_path_factory.mktemp("managing") / "news.idx"
    written(place, Article("a", "Harbours.", source="§"))
    with Archive(str(place)) as archive:
        made, waiting = Both(place, archive), JobQueue(str(place))
        with acting(Actor("§", "page")):
            fill(place)
            for kind in get_args(jobs.Kind):
                waiting.put(f"job-{kind}", jobs.JobRequest(kind, "", "d"), 0, 1)
            (failed,) = (one for one in waiting.newest(9) if one.kind == "snapshot")
            waiting.fail(failed, "It is not text.")
        for via in VIAS:
            with acting(Actor("§", via)), Audit(place) as audit:
                audit.note("delete", ["a"])
        with Alerts(place) as alerts:
            (one,) = alerts.listed()
            alerts.note_problem(one, "It is not text.", one.due)
        made.post(do="add", kind="everyone", tier="none", source="§", place="first", to="1950")
        made.post(do="add", kind="group:", name="§", tier="metadata", language="fr", place="first")
        made.post(do="groups", person="§", groups="§")
        answer = made.client.simulate_post(
            "/api/articles?collection=c&name=§.csv&paused=true",
            headers={"Authorization": f"Bearer {made.secret}", "Content-Type": "text/csv"},
            body="§title;text;§\n§a;§b;§c\n§a;;§c\n",
        )
        made.table = f"/upload/{answer.json['job']}"
        yield made


@cases("path", ["/admin", "/rights", "/rights?kind=group:&name=§", "/upload", "/upload/job-articles", "table"])
def test_a_page_says_nothing_in_both_languages(path: str, both: Both) -> None:
    path = both.table if path == "table" else path
    same = both.parts("en", path) & both.parts("de", path)

    assert [one for one in same - SAME if re.search("[A-Za-z]{2}", one) and not NAMES.search(one)] == []


@cases(
    "path, fields",
    [
        ("/rights", {"do": "add", "kind": "group:", "name": "a,b", "tier": "king", "from": "soon"}),
        ("/rights", {"do": "add", "kind": "everyone", "tier": "none", "language": "Klingon"}),
        ("/rights", {"do": "add", "kind": "everyone", "tier": "none", "from": "1950", "to": "1940"}),
        ("/rights", {"do": "add", "kind": "everyone", "tier": "none", "source": LONG}),
        ("/rights", {"do": "delete", "number": "9", "rule": "none"}),
        ("/rights", {"do": "groups", "person": "", "groups": "a"}),
        ("/rights", {"do": "groups", "member": "key:none", "groups": "a"}),
        ("/rights", {"do": "groups", "person": "a", "groups": LONG}),
        ("/rights", {"do": "dance"}),
        ("/admin", {"do": "key", "name": "a"}),
        ("/admin", {"do": "key", "name": "a\nb", "scope-read": "1"}),
        ("/admin", {"do": "revoke", "key": "none"}),
        ("/admin", {"do": "check", "name": "none"}),
        ("/admin", {"do": "dance"}),
        ("/upload/job-delete", {"do": "pause"}),
        ("/upload/none", {"do": "pause"}),
        *(("/lists", {"do": "make", "name": name}) for name in ("", "..", "a/b", LONG, "a\u200bb")),
    ],
)
def test_what_a_form_is_refused_for_is_in_the_language_of_the_page(
    path: str, fields: dict[str, str], both: Both
) -> None:
    both.client = both.of["de"]
    answer = both.post(path, **fields)
    (refused,) = re.findall(r'<div class="note" id="refused".*?</div>', answer.text, re.DOTALL) or [answer.text]

    assert answer.status_code in (400, 404, 409), answer.text
    assert 'lang="en"' not in refused


def test_a_rejected_record_has_its_reason_in_the_language_of_the_page(tmp_path: Path) -> None:
    written(tmp_path / "news.idx", Article("a", "Harbours."))
    with Archive(str(tmp_path / "news.idx")) as archive:
        sender = Both(tmp_path / "news.idx", archive)
        headers = {"Authorization": f"Bearer {sender.secret}", "Content-Type": "application/x-ndjson"}
        bad = '{broken\n{"id": "x", "title": "No text"}\n["<b>"]\nnull'
        job = sender.client.simulate_post("/api/articles", headers=headers, body=bad).json["job"]
        Indexing(archive.place, 1, lambda: False).once()
        rejected = sender.get(f"/upload/{job}").text.partition('id="rejected"')[2].partition("</section>")[0]

    assert rejected.count('<th scope="row">') == 4
    assert 'lang="en"' not in rejected


def test_everything_that_is_told_has_words() -> None:
    told = [
        (managing.STATES, get_args(jobs.State)),
        (managing.KINDS, get_args(jobs.Kind)),
        (managing.SCOPES, SCOPES),
        (managing.DIDS, DIDS),
        (managing.VIAS, VIAS),
        (managing.THINGS, [table.name for table in METADATA.sorted_tables if table.info.get("audit") is not None]),
    ]

    assert [set(words) for words, _ in told] == [set(names) for _, names in told]
