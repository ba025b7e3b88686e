"""Somebody at the desk of a service, with a key for the API and a browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import falcon.testing
import pytest

from desk.people import keys
from service.archive import Archive
from service.server.app import create_app
from service.server.indexing import Indexing
from service.settings import Settings
from tests.conftest import PATIENT
from tests.waiting import HANG_S

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Result = falcon.testing.Result


@contextmanager
def doing_jobs(place: Path) -> Iterator[None]:
    """Have a thread do the jobs, for which pages wait until they are done, and not for some seconds."""
    ended = threading.Event()
    thread = threading.Thread(target=Indexing(str(place), 1, ended.is_set).run)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("service.desk.corrections.page.WAITS_S", HANG_S)
        patched.setattr("service.desk.names.page._WAITS_S", HANG_S)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


class Editor:
    PAGE = "/"

    def __init__(self, place: Path, archive: Archive, settings: Settings | None = None) -> None:
        self.place = place
        self.archive = archive
        self.client = falcon.testing.TestClient(create_app(archive, settings or PATIENT))
        self.cookies: dict[str, str] = {}
        self.key("night desk")

    def key(self, name: str) -> None:
        self.secret = keys.add(str(self.place), ["edit"], name)[1]
        self.headers = {"Authorization": f"Bearer {self.secret}"}

    def sign_in(self, secret: str = "") -> None:
        answer = self.client.simulate_post("/sign-in", body=urlencode({"key": secret or self.secret}), headers=FORM)
        self.cookies = {name: cookie.value for name, cookie in answer.cookies.items()}

    def token(self, query: str = "") -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.page(query))
        assert found is not None
        return found[1]

    def page(self, query: str = "") -> str:
        return self.client.simulate_get(self.PAGE, query_string=query, cookies=self.cookies).text

    def post(self, **fields: str) -> Result:
        return self.client.simulate_post(self.PAGE, body=urlencode(fields), headers=FORM, cookies=self.cookies)
