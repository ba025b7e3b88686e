"""The 401/403 table of `service.http.auth`, over every route and method there is."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import falcon.testing
import pytest

import search
from desk.lists.store import Lists
from desk.people import keys
from desk.people.holder import SCOPES
from search import Article
from search.text import dates
from service.archive import Archive
from service.http.auth import FORMS, needed
from service.http.session import COOKIE, Sessions
from service.jobs import JobRequest
from service.server.app import create_app, routes
from service.settings import Settings
from service.spool import Spool
from tests.cases import cases
from tests.service.routes import ROUTES

Client = falcon.testing.TestClient

LET_IN = 0
TABLE = {
    # who shows what:     no key, no such key, read,   index,  edit,   admin
    "open":               (LET_IN, LET_IN,     LET_IN, LET_IN, LET_IN, LET_IN),
    "read":               (LET_IN, 401,        LET_IN, LET_IN, LET_IN, LET_IN),
    "read, key required": (401,    401,        LET_IN, LET_IN, LET_IN, LET_IN),
    "write":              (401,    401,        403,    LET_IN, 403,    LET_IN),
    "admin":              (401,    401,        403,    403,    403,    LET_IN),
    "edit":               (401,    401,        403,    403,    LET_IN, LET_IN),
    "own":                (401,    401,        LET_IN, LET_IN, LET_IN, LET_IN),
    "jobs":               (401,    401,        403,    LET_IN, LET_IN, LET_IN),
}  # fmt: skip
SHOWN = ("none", "wrong", "read", "index", "edit", "admin")
OF_READING = ("open", "read")
"""Where keys that may do more are let in as one that may read."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("auth") / "idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "zebra"))
    return place


@pytest.fixture(scope="module")
def secrets(place: Path) -> dict[str, str]:
    made: dict[str, str] = {scope: keys.add(str(place), [scope])[1] for scope in SCOPES}
    return {**made, "wrong": made["admin"][:-1]}


@pytest.fixture(scope="module")
def archive(place: Path) -> Iterator[Archive]:
    with Archive(str(place)) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(archive: Archive) -> Client:
    return Client(create_app(archive))


@pytest.mark.parametrize("required", [False, True])
def test_every_route_lets_in_who_may(
    archive: Archive, secrets: dict[str, str], required: bool, amount: Callable[..., int]
) -> None:
    client = Client(create_app(archive, Settings(require_key=required)))
    wrong = []
    for route in ROUTES:
        methods = dict(route.methods)
        if "GET" in methods and amount(2) == 2:
            methods["HEAD"] = methods["GET"]
        for method, kind in methods.items():
            if required and kind != "read" and amount(2) == 1:
                continue  # what needs a key anyway
            line = TABLE["read, key required" if kind == "read" and required else kind]
            few = 3 if kind in OF_READING else len(SHOWN)
            for shown, expected in list(zip(SHOWN, line, strict=True))[: amount(len(SHOWN), few=few)]:
                headers = {} if shown == "none" else {"Authorization": f"Bearer {secrets[shown]}"}
                status = client.simulate_request(method, route.filled(), headers=headers).status_code
                if status != expected if expected else status in (401, 403):
                    wrong.append((method, route.address, shown, status))

    assert wrong == []


def test_who_is_not_let_in_is_told_how(client: Client) -> None:
    answer = client.simulate_post("/api/articles")

    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "Authorization: Bearer KEY" in answer.json["detail"]


def test_a_wrong_scope_names_the_right_one(client: Client, secrets: dict[str, str]) -> None:
    answer = client.simulate_post("/api/articles", headers={"Authorization": f"Bearer {secrets['read']}"})

    assert answer.json["detail"] == "This key has the scope read; this needs index. Use another key."


def test_the_description_names_the_scope_that_is_asked_for(client: Client, archive: Archive) -> None:
    paths = client.simulate_get("/openapi.json").json["paths"]
    for address, _ in routes(archive, Settings()):
        for method, told in paths.get(address.replace(":path", ""), {}).items():
            scopes = " or ".join(needed(address, method.upper()))
            assert told.get("description", "").startswith(f"Needs a key of scope {scopes}" * bool(scopes)), address


def test_a_browser_shows_its_key_as_a_password(archive: Archive, secrets: dict[str, str]) -> None:
    basic = {"Authorization": "Basic " + base64.b64encode(f"me:{secrets['read']}".encode()).decode()}
    client = Client(create_app(archive, Settings(require_key=True)))

    assert client.simulate_get("/").headers["www-authenticate"].startswith("Basic")
    assert client.simulate_get("/", headers=basic).status_code == 200


def test_what_a_browser_sends_by_itself_changes_nothing(client: Client, secrets: dict[str, str]) -> None:
    basic = {"Authorization": "Basic " + base64.b64encode(f"me:{secrets['admin']}".encode()).decode()}

    refused = client.simulate_delete("/api/articles/a", headers=basic)
    assert refused.status_code == 401
    assert refused.json["detail"].startswith("Basic authentication is for reading only. This needs a key of scope ")
    assert refused.json["detail"].endswith("Send it: Authorization: Bearer KEY.")
    for path in ("/draft", "/api/draft", "/cite"):
        assert client.simulate_post(path, headers=basic, body="text=a").status_code not in (401, 403)


@cases("header", [
    "", "Bearer", "Bearer ", "Bearer é", "Basic", "Basic !!", "Basic é", "Basic YQ==", "Basic /w==", "Digest x", "dl_x",
    "é",
])  # fmt: skip
def test_nonsense_is_no_key(client: Client, header: str) -> None:
    encoded = header.encode().decode("latin-1")

    assert client.simulate_get("/api/search", headers={"Authorization": encoded}).status_code == 401


def test_files_and_preflights_need_no_key(client: Client) -> None:
    assert client.simulate_get("/static/dateline.css").status_code == 200
    assert client.simulate_options("/api/articles").headers["allow"] == "POST"


@cases("token", ["", "x" * 43])
def test_no_form_of_another_site_changes_anything(place: Path, client: Client, token: str) -> None:
    key, _ = keys.add(str(place), ["admin"])
    cookie = f"{COOKIE}={Sessions(str(place)).begin(key).secret}"
    job = Spool(str(place)).put(f"j{len(token)}", JobRequest("articles", key.id, token), 0, 1).id
    with Lists(place) as lists:
        lists.put("Own", {"a": ""}, "desk", dates.now(), make=True)
    statuses = {}
    for address in FORMS | {"/cite"}:
        path = address.format(article_id="a", name="Own", job_id=job)
        kind = "multipart/form-data; boundary=b" if path == "/upload" else "application/x-www-form-urlencoded"
        part = f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n--b--\r\n'
        body = part if path == "/upload" else f"token={token}&do=delete&name=Own&field=title&action=set&value=X"
        sent = client.simulate_post(path, headers={"Cookie": cookie, "Content-Type": kind}, body=body)
        statuses[address] = sent.status_code

    assert statuses == dict.fromkeys(statuses, 403)


def test_a_request_looks_its_key_up_once(
    client: Client, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    find = keys.Keys.find

    def counted(self: keys.Keys, secret: str) -> keys.Key | None:
        asked.append(secret)
        return find(self, secret)

    monkeypatch.setattr(keys.Keys, "find", counted)
    for scheme in ("Bearer {}", "bearer {}"):
        shown = {"Authorization": scheme.format(secrets["read"])}
        assert client.simulate_get("/api/search", headers=shown).status_code == 200
    assert asked == [secrets["read"]] * 2
