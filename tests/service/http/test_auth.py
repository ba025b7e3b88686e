"""The 401/403 table of `service.http.auth`, over every route and method there is."""

from __future__ import annotations

import base64
from collections.abc import Iterator
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

Client = falcon.testing.TestClient

OPEN = {
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/docs",
    "/feeds",
    "/opensearch.xml",
    "/robots.txt",
    "/sign-in",
    "/sign-in/provider",
    "/sign-in/done",
    "/sign-out",
}
SIGNING = {("POST", "/sign-in"), ("POST", "/sign-out")}
READ = {
    "/", "/article/{article_id}", "/article/{article_id}/versions/{other}", "/article/{article_id}/scan/{number}",
    "/api/search", "/api/export", "/api/articles/{article_id}", "/feed.atom", "/oai", "/metrics",
    "/api/articles/{article_id}/similar", "/api/articles/{article_id}/event", "/article/{article_id}/event",
    "/api/facets/{field}", "/api/suggest", "/api/trend",
    "/api/special", "/api/pairs", "/api/concordance", "/api/batch",
    "/api/batch/{job_id}", "/api/compare", "/compare", "/batch", "/batch/{job_id}", "/advanced",
    "/sitemap.xml", "/sitemap/{name}", "/api/count",
    "/api/entities/{field}/{value:path}", "/entity/{field}/{value:path}",
    "/title/{value:path}", "/issue/{day}/{value:path}",
    "/iiif/title/{value:path}", "/iiif/{issue}/manifest", "/iiif/{issue}/search",
    "/iiif/{issue}/search/{version}",
    "/iiif/scan/{article_id}/{number}", "/iiif/scan/{article_id}/{number}/info.json",
    "/iiif/scan/{article_id}/{number}/{region}/{size}/{rotation}/{file}",
    "/api/me",
    "/draft", "/api/draft", "/api/corrections", "/cite", "/cite/{citation_id}", "/api/citations/{citation_id}",
    "/lists", "/lists/{name}", "/api/lists", "/api/lists/{name}",
    "/names", "/api/authority", "/searches", "/api/searches", "/api/searches/{name}",
    "/alerts", "/alerts/{name}/feed.atom", "/api/alerts", "/api/alerts/{name}",
}  # fmt: skip
WRITE = {
    ("POST", "/api/articles"), ("DELETE", "/api/articles/{article_id}"),
    ("GET", "/api/jobs"), ("POST", "/api/jobs/{job_id}"),
    ("GET", "/upload"), ("POST", "/upload"), ("GET", "/upload/{job_id}"), ("POST", "/upload/{job_id}"),
}  # fmt: skip
JOBS = {("GET", "/api/jobs/{job_id}")}
EDIT = {
    ("POST", "/names"), ("POST", "/api/authority"),
    ("POST", "/alerts"), ("POST", "/api/alerts"), ("PATCH", "/api/alerts/{name}"), ("DELETE", "/api/alerts/{name}"),
    ("POST", "/api/corrections"), ("DELETE", "/api/corrections/{number}"),
    ("POST", "/article/{article_id}/corrections"),
    ("GET", "/api/citations"), ("POST", "/api/citations"),
}  # fmt: skip
OWN = {
    ("POST", "/searches"), ("POST", "/api/searches"),
    ("PATCH", "/api/searches/{name}"), ("DELETE", "/api/searches/{name}"),
    ("POST", "/lists"), ("POST", "/lists/{name}"), ("POST", "/api/lists"), ("POST", "/api/lists/{name}"),
    ("PATCH", "/api/lists/{name}"), ("DELETE", "/api/lists/{name}"),
    ("PUT", "/api/lists/{name}/articles/{article_id}"), ("DELETE", "/api/lists/{name}/articles/{article_id}"),
}  # fmt: skip

ADMIN = {
    ("GET", "/api/audit"),
    ("GET", "/api/admin"),
    ("POST", "/api/admin"),
    ("GET", "/admin"),
    ("POST", "/admin"),
    ("POST", "/api/snapshots"),
    ("GET", "/api/keys"),
    ("POST", "/api/keys"),
    ("DELETE", "/api/keys/{name}"),
    ("GET", "/api/rights"),
    ("PUT", "/api/rights"),
    ("GET", "/rights"),
    ("POST", "/rights"),
    ("GET", "/api/people"), ("PUT", "/api/people/{person:path}"),
    ("GET", "/api/sessions"), ("DELETE", "/api/sessions/{session_id}"),
}  # fmt: skip
STORED_NOT = {("POST", "/draft"), ("POST", "/api/draft"), ("POST", "/cite"), ("POST", "/api/batch"), ("POST", "/batch")}

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


def methods() -> list[tuple[str, str]]:
    verbs = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
    return [
        (verb, address)
        for address, resource in routes(Archive("x"), Settings())
        for verb in verbs
        if hasattr(resource, f"on_{verb.lower()}")
    ]


def kind(method: str, address: str, required: bool) -> str:
    """The line of the table; a route without an entry fails."""
    if address in OPEN:
        assert method in ("GET", "HEAD") or (method, address) in SIGNING
        return "open"
    if ("GET" if method == "HEAD" else method, address) in WRITE:
        return "write"
    for name, listed in (("edit", EDIT), ("own", OWN), ("jobs", JOBS), ("admin", ADMIN)):
        if ("GET" if method == "HEAD" else method, address) in listed:
            return name
    assert address in READ
    assert method in ("GET", "HEAD") or (method, address) in STORED_NOT, f"{method} {address} stands in no table"
    return "read, key required" if required else "read"


@pytest.mark.parametrize("required", [False, True])
def test_every_route_lets_in_who_may(archive: Archive, secrets: dict[str, str], required: bool) -> None:
    client = Client(create_app(archive, Settings(require_key=required)))
    wrong = []
    for method, address in methods():
        path = address.replace(":path", "").format(
            article_id="a",
            other="a",
            job_id="x",
            field="person",
            day="1899-02-03",
            issue="1899-02-03 a",
            version="2",
            region="full",
            size="max",
            rotation="0",
            file="default.jpg",
            value="a",
            number="1",
            citation_id="x",
            name="a",
            person="user:a",
            session_id="x",
        )
        for shown, expected in zip(SHOWN, TABLE[kind(method, address, required)], strict=True):
            headers = {} if shown == "none" else {"Authorization": f"Bearer {secrets[shown]}"}
            status = client.simulate_request(method, path, headers=headers).status_code
            if status != expected if expected else status in (401, 403):
                wrong.append((method, address, shown, status))

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
