"""Signing in on a page, and correcting an article there: by whom, and by nobody else."""

from __future__ import annotations

import base64
import hmac
import itertools
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import falcon.testing
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import search
from desk.audit.store import entries
from desk.corrections.correction import checked
from desk.corrections.store import Store
from desk.people import keys
from desk.people.holder import Scope
from desk.store.where import FILE, SPOOL
from search import Article
from service.archive import Archive
from service.commands.cli import main
from service.html import form
from service.http import session
from service.jobs import SpoolFull
from service.server.app import create_app
from service.settings import Settings
from tests import waiting
from tests.cases import cases
from tests.desk.damage import damage
from tests.service.desk.editor import FORM, doing_jobs
from tests.tiers import examples

WALL = "/article/wall"


class Browser:
    """A browser: it keeps the cookie."""

    def __init__(self, place: Path, archive: Archive, **chosen: Any) -> None:
        self.place = place
        self.client = falcon.testing.TestClient(create_app(archive, Settings(**chosen)))
        self.cookies: dict[str, str] = {}
        self.known: dict[str, tuple[keys.Key, str]] = {}

    def get(self, path: str, **headers: str) -> falcon.testing.Result:
        return self.client.simulate_get(path, cookies=self.cookies, headers=headers)

    def post(self, path: str, headers: Mapping[str, str] = {}, **fields: str) -> falcon.testing.Result:
        answer = self.client.simulate_post(
            path, body=urlencode(fields), headers={**FORM, **headers}, cookies=self.cookies
        )
        for name, cookie in answer.cookies.items():
            self.cookies[name] = cookie.value
        return answer

    def sign_in(self, scope: Scope = "edit", name: str = "night desk") -> falcon.testing.Result:
        if name in self.known and scope not in self.known[name][0].scopes:
            keys.revoke(str(self.place), self.known.pop(name)[0].id)
        if name not in self.known:
            self.known[name] = keys.add(str(self.place), [scope], name)
        self.key, secret = self.known[name]
        return self.post("/sign-in", key=secret, next=WALL)

    def token(self, path: str = WALL) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.get(path).text)
        assert found is not None
        return found[1]

    def correct(self, **fields: str) -> falcon.testing.Result:
        """Send a form of the article's page, while another thread does the jobs."""
        token = self.token()
        with doing_jobs(self.place):
            return self.post(f"{WALL}/corrections", {}, token=token, **fields)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("wall", "Brandenburg Gate was closed.", "Wall", person=("Brandenburg Gate",)))
    with Archive(str(place)) as archive:
        yield Browser(place, archive)


def test_who_signs_in_and_out_is_in_the_audit_log(browser: Browser) -> None:
    browser.sign_in()
    browser.post("/sign-out", token=browser.token())

    found = [(one.by, one.via, one.did) for one in entries(browser.place) if one.what == "sessions"]
    assert found == [("night desk", "page", "stored"), ("night desk", "page", "removed")]


def test_who_signs_in_goes_on_to_where_he_was(browser: Browser) -> None:
    assert f'href="/sign-in?next={WALL}"' in browser.get(WALL).text
    answer = browser.sign_in()

    assert (answer.status_code, answer.headers["location"]) == (303, WALL)
    assert (answer.text, answer.headers["content-type"]) == (f"Go on to {WALL}\n", "text/plain; charset=utf-8")
    cookie = answer.cookies[session.COOKIE]
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.max_age) == (
        True, "Strict", "/", Settings().session_s,
    )  # fmt: skip
    assert "Signed in as night desk" in browser.get(WALL).text


def test_a_wrong_key_is_told_and_begins_nothing(browser: Browser) -> None:
    answer = browser.post("/sign-in", key="dl_wrong", next=WALL)

    assert (answer.status_code, "Unknown key" in answer.text, answer.cookies) == (401, True, {})
    assert f'value="{WALL}"' in answer.text


@cases("onward", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "", "x"])
def test_signing_in_goes_to_no_other_site(browser: Browser, onward: str) -> None:
    _, secret = keys.add(str(browser.place), ["edit"])

    assert browser.post("/sign-in", key=secret, next=onward).headers["location"] == "/"
    assert form.local(onward) == "/"


def test_a_wrong_person_is_corrected_and_the_correction_undone(browser: Browser) -> None:
    browser.sign_in()
    removed = browser.correct(wrong="person:Brandenburg Gate", note="a gate")
    page = browser.get(WALL).text

    assert (removed.status_code, removed.headers["location"]) == (303, f"{WALL}#done")
    assert "person removed: Brandenburg Gate" in page
    assert ": a gate" in page
    assert "Not this person" not in page
    number = re.search(r'name="undo" value="(\d+)"', page)
    assert number is not None
    browser.correct(undo=number[1])
    assert "Not this person" in browser.get(WALL).text


def test_a_bad_correction_is_explained_beside_the_form_which_keeps_what_was_typed(browser: Browser) -> None:
    browser.sign_in()
    answer = browser.correct(field="date", value='17/05/"1998', note="the <masthead>")

    assert answer.status_code == 400
    assert "Brandenburg Gate was closed." in answer.text
    assert re.search(
        r'id="refused" role="alert"[^>]*>\s*<h2>This was not done</h2>\s*<p>[^<]*is not a date', answer.text
    )
    assert '<option value="date" selected>' in answer.text
    assert 'name="value" value="17/05/&#34;1998"' in answer.text
    assert 'name="note" value="the &lt;masthead&gt;"' in answer.text
    assert browser.get(WALL).text.count("&lt;masthead&gt;") == 0


def test_a_value_that_the_article_has_not_is_named_by_its_label(browser: Browser) -> None:
    browser.sign_in()
    browser.correct(field="country", value="Russia", note="it is")
    answer = browser.correct(wrong="country:FR", note="no <b>")

    assert (answer.status_code, "has no country “France”. It has: Russia." in answer.text) == (400, True)
    assert 'id="wrong-note" name="note" value="no &lt;b&gt;"' in answer.text
    assert 'id="right-note" name="note" value=""' in answer.text


def test_corrections_are_shown_by_label(browser: Browser) -> None:
    browser.sign_in()
    browser.correct(field="country", value="ussr")
    browser.correct(field="topic", value="football")
    page = browser.get(WALL).text

    assert "country added: Soviet Union (1922–1991)" in page
    assert "topic added: soccer" in page
    assert 'value="topic:medtop:20001065"' in page


def test_a_correction_that_waits_is_told_beside_the_form(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in()
    token = browser.token()

    def full(*_arguments: object) -> None:
        raise SpoolFull("Too much is waiting.")

    monkeypatch.setattr("service.spool.Spool.put", full)
    answer = browser.post(f"{WALL}/corrections", token=token, field="person", value="Zoe Xu")

    assert answer.status_code == 503
    assert "<p>It is kept, and will be applied later.</p><p>Too much is waiting.</p>" in answer.text
    assert "person added: Zoe Xu" in answer.text


def test_a_form_from_before_signing_in_again_is_shown_again_and_not_done(browser: Browser) -> None:
    browser.sign_in()
    token = browser.token()
    browser.sign_in()
    answer = browser.post(f"{WALL}/corrections", token=token, field="person", value="Zoe Xu")

    assert (answer.status_code, 'value="Zoe Xu"' in answer.text) == (403, True)
    assert "person added" not in browser.get(WALL).text


def test_what_a_form_did_is_said_once_on_the_page_that_follows(browser: Browser) -> None:
    browser.sign_in()
    browser.correct(field="date", value="17 May 2004")
    said = browser.get(WALL)

    assert browser.cookies["dateline-done"] == "corrected"
    assert (
        '<p class="note done" id="done" role="status" tabindex="-1">Corrected. It can be undone below.</p>' in said.text
    )
    assert "17 May 2004" in said.text
    assert said.cookies["dateline-done"].value == ""
    assert "ETag" not in said.headers
    browser.cookies["dateline-done"] = "<b>"
    assert 'id="done"' not in browser.get(WALL).text


def test_a_correction_returns_to_the_article_as_it_was_found(browser: Browser) -> None:
    browser.sign_in()
    asked = f"{WALL}?q=gate&mark=person"
    assert f'action="{WALL}/corrections?q=gate&amp;mark=person#refused"' in browser.get(asked).text
    token = browser.token()
    answer = browser.post(f"{WALL}/corrections?q=gate&mark=person", token=token, undo="7")

    assert (answer.status_code, "← Back to the results" in answer.text, 'href="/?q=gate"' in answer.text) == (
        404, True, True,
    )  # fmt: skip


@cases(
    "path, referer, back",
    [
        ("/sign-out", f"http://falconframework.org{WALL}?q=gate", f"{WALL}?q=gate"),
        ("/sign-out", "https://evil.example/x", "/"),
        ("/sign-out", "http://[", "/"),
        (f"{WALL}/corrections", "", WALL),
    ],
)
def test_a_refused_form_leads_back(browser: Browser, path: str, referer: str, back: str) -> None:
    browser.sign_in("edit" if path == "/sign-out" else "read")
    answer = browser.post(path, {"Accept": "text/html", "Referer": referer}, token="x")

    assert answer.status_code == 403
    assert f'<a href="{back}">Back to where you were</a>' in answer.text
    assert "couldn’t be read" not in answer.text


def test_a_page_that_needs_a_key_leads_to_sign_in_and_back(browser: Browser) -> None:
    with Archive(str(browser.place)) as archive:
        closed = Browser(browser.place, archive, require_key=True)
        page = closed.get(f"{WALL}?q=gate", Accept="text/html")
        program = closed.get("/feed.atom")

    assert (page.status_code, "Bearer" in page.text) == (401, False)
    assert f'<a href="/sign-in?next={WALL}%3Fq%3Dgate">Sign in</a>' in page.text
    assert "Authorization: Bearer KEY" in program.text


def test_a_form_is_refused_with_a_page_whatever_is_wrong(browser: Browser) -> None:
    (browser.place / FILE).write_bytes(b"{")
    answer = browser.post("/sign-in", {"Accept": "text/html"}, key="dl_x")

    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert '<a href="/">Back to where you were</a>' in answer.text


def test_whose_session_is_over_is_led_to_sign_in_and_back(browser: Browser) -> None:
    answer = browser.post(f"{WALL}/corrections", {"Accept": "text/html"}, token="x")

    assert (answer.status_code, "Bearer" in answer.text) == (401, False)
    assert f'<a href="/sign-in?next={WALL}">Sign in</a>' in answer.text


def test_no_other_site_sends_a_form(browser: Browser) -> None:
    browser.sign_in()
    token = browser.token()
    _, secret = keys.add(str(browser.place), ["edit"])
    for path, origin in itertools.product(
        ("/sign-in", "/sign-out", f"{WALL}/corrections", "/draft"),
        ("https://evil.example", "null", "http://falconframework.org.evil.example"),
    ):
        answer = browser.post(path, {"Origin": origin}, token=token, key=secret, text="Brandenburg Gate", undo="1")

        assert (answer.status_code, answer.cookies) == (403, {}), (path, origin)
        assert "Another site sent this form" in answer.text, (path, origin)
        assert "Signed in as night desk" in browser.get("/sign-in").text, (path, origin)


@cases("path", ["/", WALL, "/compare?q=gate&q=wall", "/entity/person/Brandenburg%20Gate", "/draft",
                                  "/docs", "/sign-in", f"{WALL}/versions/wall", "/?q=-"])  # fmt: skip
def test_every_page_says_who_is_signed_in_and_offers_the_way_out(browser: Browser, path: str) -> None:
    before = browser.get(path).text
    browser.sign_in("read", "<reader>")
    of_a_reader = browser.get(path).text
    browser.sign_in(name="<night>")
    page = browser.get(path).text

    assert ("Sign in" in before, "Sign out" in before) == (True, False)
    assert len(of_a_reader) - len(before) < 250 or path in (WALL, "/sign-in", "/?q=-")  # those have forms of his own
    assert "Signed in as &lt;night&gt;</span>" in page
    assert '<form id="out" action="/sign-out" method="post" hidden>' in page
    assert 'href="/sign-in' not in page
    referer = {"Referer": f"http://falconframework.org{path}"}
    assert browser.post("/sign-out", referer, token=browser.token(path)).headers["location"] == path


def test_who_may_read_only_is_told_what_correcting_needs(browser: Browser) -> None:
    browser.sign_in("read")
    page = browser.get(WALL).text

    assert "Correcting it needs an editor’s key; yours has read." in page
    assert "Sign in to correct it" not in page
    assert "sign in with one of scope edit" in browser.get("/sign-in").text


def test_the_cookie_changes_nothing_by_itself(browser: Browser) -> None:
    browser.sign_in("admin")
    json = {"article": "wall", "field": "person", "action": "add", "value": "Ann"}
    sent = browser.client.simulate_post("/api/corrections", json=json, cookies=browser.cookies)
    deleted = browser.client.simulate_delete("/api/articles/wall", cookies=browser.cookies)

    assert (sent.status_code, deleted.status_code) == (401, 401)


@cases("scope", ["read", "index"])
def test_who_may_not_edit_sees_no_form_and_sends_none(browser: Browser, scope: Scope) -> None:
    browser.sign_in(scope)

    assert 'id="correct"' not in browser.get(WALL).text
    token = browser.token("/sign-in")
    answer = browser.post(f"{WALL}/corrections", token=token, field="title", action="set", value="X")
    assert (answer.status_code, "this needs edit" in answer.text) == (403, True)


def test_a_revoked_key_ends_its_sessions(browser: Browser) -> None:
    browser.sign_in()
    token = browser.token()
    keys.revoke(str(browser.place), browser.key.id)

    assert 'id="correct"' not in browser.get(WALL).text
    assert browser.post(f"{WALL}/corrections", token=token, field="title", action="set", value="X").status_code == 401


def test_no_other_cookie_counts(browser: Browser) -> None:
    browser.sign_in()
    secret = browser.cookies[session.COOKIE]
    with closing(sqlite3.connect(browser.place / SPOOL)) as spool:
        ((hashed,),) = spool.execute("SELECT hash FROM sessions")
    made = hmac.digest(browser.key.hash.encode(), f"session {browser.key.id} 9999999999".encode(), "sha256")
    cookies = {
        "stored hash": hashed, "key's hash": browser.key.hash, "cut": secret[:-1], "empty": "",
        "of before": f"{browser.key.id}.9999999999.{base64.urlsafe_b64encode(made).decode().rstrip('=')}",
    }  # fmt: skip
    assert 'id="correct"' in browser.get(WALL).text
    for how, cookie in cookies.items():
        answer = browser.client.simulate_get(WALL, headers={"Cookie": f"{session.COOKIE}={cookie}"})
        assert 'id="correct"' not in answer.text, how


def test_of_several_cookies_one_may_be_of_a_session(browser: Browser) -> None:
    browser.sign_in()
    own = browser.cookies[session.COOKIE]
    planted = session.Sessions(str(browser.place)).begin(browser.key).secret
    for cookies, signed_in in (((own, "of another path"), True), (("x", own), True), ((own, planted), False)):
        sent = "; ".join(f"{session.COOKIE}={cookie}" for cookie in cookies)
        page = browser.client.simulate_get(WALL, headers={"Cookie": sent}).text
        assert ('id="correct"' in page) == signed_in, cookies


def test_damaged_sessions_end_and_others_begin(browser: Browser) -> None:
    browser.sign_in()
    damage(browser.place, "UPDATE sessions SET ends = ends + 1", SPOOL)

    assert browser.get(WALL).status_code == 200
    assert 'id="correct"' not in browser.get(WALL).text
    browser.sign_in()
    assert 'id="correct"' in browser.get(WALL).text


def test_the_server_ends_a_session_after_a_fortnight(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in()
    ((one, key),) = session.Sessions(str(browser.place)).listed()
    assert (key.id, one.ends - one.began) == (browser.key.id, Settings().session_s)
    waiting.put_clocks(monkeypatch, "service.http.session", time=lambda: float(one.ends))

    assert 'id="correct"' not in browser.get(WALL).text


def test_signing_out_ends_the_session_wherever_its_cookie_is(browser: Browser) -> None:
    browser.sign_in()
    stolen = dict(browser.cookies)
    answer = browser.post("/sign-out", token=browser.token(), next=WALL)

    assert (answer.status_code, answer.headers["location"]) == (303, WALL)
    assert 'id="correct"' not in browser.get(WALL).text
    assert 'id="correct"' not in browser.client.simulate_get(WALL, cookies=stolen).text


def test_signing_in_again_ends_the_session_of_before(browser: Browser) -> None:
    browser.sign_in()
    before = dict(browser.cookies)
    browser.sign_in()

    assert 'id="correct"' not in browser.client.simulate_get(WALL, cookies=before).text
    assert 'id="correct"' in browser.get(WALL).text


def test_sessions_are_listed_and_closed_by_the_command(browser: Browser) -> None:
    browser.sign_in()
    listed = CliRunner().invoke(main, ["keys", str(browser.place), "sessions", "--json"])
    (one,) = json.loads(listed.stdout)
    assert (one["key"], one["name"]) == (browser.key.id, "night desk")
    assert browser.cookies[session.COOKIE] not in listed.output

    assert CliRunner().invoke(main, ["keys", str(browser.place), "close", one["id"]]).exit_code == 0
    assert 'id="correct"' not in browser.get(WALL).text
    assert CliRunner().invoke(main, ["keys", str(browser.place), "sessions"]).exit_code == 1
    assert "No session" in CliRunner().invoke(main, ["keys", str(browser.place), "close", one["id"]]).stderr


def test_no_backup_has_what_opens_a_session(browser: Browser, tmp_path: Path) -> None:
    browser.sign_in()
    assert CliRunner().invoke(main, ["snapshot", str(browser.place), str(tmp_path / "monday")]).exit_code == 0

    files = [path for path in (tmp_path / "monday").rglob("*") if path.is_file()]
    assert [path for path in files if "spool" in path.name] == []
    secret = browser.cookies[session.COOKIE].encode()
    assert all(secret not in path.read_bytes() for path in [*files, *browser.place.rglob("*.sqlite")])


def test_whose_session_is_over_signs_out_without_a_word(browser: Browser) -> None:
    browser.sign_in()
    token = browser.token()
    keys.revoke(str(browser.place), browser.key.id)

    assert browser.post("/sign-out", token=token, next=WALL).headers["location"] == WALL


def test_a_page_that_was_cached_for_somebody_else_is_not_shown(browser: Browser) -> None:
    plain = browser.get(WALL).headers["etag"]
    browser.sign_in()
    own = browser.get(WALL, **{"If-None-Match": plain})

    assert own.status_code == 200
    assert browser.get(WALL, **{"If-None-Match": own.headers["etag"]}).status_code == 304
    browser.correct(field="title", action="set", value="Another")
    assert browser.get(WALL, **{"If-None-Match": own.headers["etag"]}).status_code == 200


def test_a_session_reads_where_reading_needs_a_key(browser: Browser) -> None:
    with Archive(str(browser.place)) as archive:
        closed = Browser(browser.place, archive, require_key=True)
        assert (closed.get(WALL).status_code, closed.get("/sign-in").status_code) == (401, 200)
        closed.sign_in("read")

        assert (closed.get(WALL).status_code, closed.get("/api/search").status_code) == (200, 200)


def test_https_keeps_the_cookie_to_itself(browser: Browser) -> None:
    _, secret = keys.add(str(browser.place), ["edit"])
    body = urlencode({"key": secret})
    answer = browser.client.simulate_post("/sign-in", body=body, headers=FORM, protocol="https")

    assert answer.cookies[session.COOKIE].secure


@cases(
    "body, kind, status",
    [(b"{}", "application/json", 415), (b"key=%ff", FORM["Content-Type"], 400), (b"a=" + b"x" * 70_000, "", 413),
     (b"&".join(b"a%d=1" % n for n in range(300)), FORM["Content-Type"], 400)],
)  # fmt: skip
def test_a_form_of_another_shape_is_refused(browser: Browser, body: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind or FORM["Content-Type"]}

    assert browser.client.simulate_post("/sign-in", body=body, headers=headers).status_code == status


typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "person:Brandenburg Gate", "country:", ":", "person", "country", "title", "date", "1998", "1", "<u>&'\"",
        "FR", "7" * 20,
    ],
)  # fmt: skip


@examples(60, few=10, suppress=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["field", "value", "note", "wrong", "undo", "other"]), typed))
def test_no_form_breaks_the_page(browser: Browser, monkeypatch: pytest.MonkeyPatch, fields: dict[str, str]) -> None:
    monkeypatch.setattr("service.desk.corrections.page.WAITS_S", 0.0)
    if session.COOKIE not in browser.cookies:
        browser.sign_in()
    answer = browser.post(f"{WALL}/corrections", {}, token=browser.token(), **fields)

    assert answer.status_code in (303, 400, 404)
    assert "<u>" not in answer.text


@examples(100, few=10, suppress=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["/sign-in", "/sign-out", f"{WALL}/corrections", "/draft"]), st.binary(max_size=60))
def test_no_bytes_break_a_form(browser: Browser, path: str, body: bytes) -> None:
    answer = browser.client.simulate_post(path, body=body, headers=FORM, cookies=browser.cookies)

    assert answer.status_code < 500


def test_corrections_that_came_from_another_index_are_shown_by_their_times(browser: Browser) -> None:
    browser.sign_in()
    with Store(browser.place) as store:
        for at, title in (("2026-11-02T00:00:00Z", "Later"), ("2026-11-01T00:00:00Z", "Earlier")):
            store.merge([checked("wall", "title", "set", title, "night desk", at)])

    assert re.findall("title set: (Later|Earlier)", browser.get(WALL).text) == ["Later", "Earlier"]
