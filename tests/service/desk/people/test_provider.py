"""Signing in by OpenID Connect: at a real provider, by whom it names, and by nobody else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import requests

from desk.rights import rule
from desk.rights.store import Rights
from search import Article
from service.archive import Archive
from service.desk.people import page
from service.http import session
from service.settings import BadSetting, Settings, from_environment
from tests.cases import cases
from tests.ports import reserved_port
from tests.search.indexes import written
from tests.service.desk.people.providers import Browser, Provider, asked, came_back, onward, providing, tampered
from tests.service.serving import listening
from tests.waiting import HANG_S

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

HERE = "https://news.example.org/archive"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as found:
        found.names("ann", groups=["desk", "a,b"], realm_access={"roles": ["chiefs"]}, email="ann@example.org")
        found.names("carl", groups="readers", email="carl@example.org", email_verified=True)
        yield found


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    place = tmp_path_factory.mktemp("provider") / "news.idx"
    written(place, Article("a", "Harbours.", collection="wire"), Article("b", "Harbours."))
    with Rights(place) as rights:
        rights.set(
            rule.read([
                {"who": "group:desk", "what": {}, "tier": "export"},
                {"who": "everyone", "what": {"collection": ["wire"]}, "tier": "none"},
            ]),
            "tester",
            "2026-01-01T00:00:00Z",
        )  # fmt: skip
    with Archive(str(place)) as opened:
        yield opened


@pytest.fixture(scope="module")
def settings(provider: Provider) -> Settings:
    return Settings(public_url=HERE, group_scopes="desk=edit,chiefs=admin", **provider.register(HERE))


@pytest.fixture
def browser(archive: Archive, settings: Settings) -> Browser:
    return Browser(archive, settings)


def test_who_signs_in_sees_what_the_rules_give_and_comes_back_to_where_he_was(browser: Browser) -> None:
    assert browser.get("/api/search?q=harbours").json["total"] == 1
    answer = browser.sign_in("ann", "/?q=harbours%26page=2")

    assert onward(answer) == "/archive/?q=harbours&page=2"
    assert browser.me == {"name": "ann", "groups": ["desk"], "scopes": ["edit"]}
    assert browser.get("/api/search?q=harbours").json["total"] == 2
    assert "Signed in as ann" in browser.get("/").text


def test_who_signs_out_is_led_to_the_provider_and_is_a_stranger(browser: Browser, settings: Settings) -> None:
    browser.sign_in("ann")
    before = dict(browser.cookies)
    token = browser.get("/lists").text.split('name="token" value="')[1].split('"')[0]
    there = onward(browser.post("/sign-out", token=token, next="/"))

    assert there.startswith(f"{settings.oidc_issuer}/oauth2/end_session?")
    assert asked(there) == {"client_id": settings.oidc_client_id, "post_logout_redirect_uri": f"{HERE}/"}
    browser.cookies = before
    assert browser.me["name"] == ""


def test_the_cookie_of_the_session_is_strict_and_that_of_the_way_is_lax(browser: Browser) -> None:
    left = browser.get("/sign-in/provider").cookies[page.COOKIE]
    assert (left.same_site, left.http_only, left.secure, left.path) == ("Lax", True, True, "/archive/sign-in/done")
    cookie = browser.sign_in("ann").cookies[session.COOKIE]
    assert (cookie.same_site, cookie.http_only, cookie.secure, cookie.path) == ("Strict", True, True, "/archive")


def test_the_provider_is_asked_with_a_proof_and_no_secret(browser: Browser, settings: Settings) -> None:
    sent = asked(browser.leave())

    assert (sent["response_type"], sent["code_challenge_method"]) == ("code", "S256")
    assert sent["redirect_uri"] == f"{HERE}/sign-in/done"
    assert {"state", "nonce", "code_challenge"} < set(sent)
    secret = browser.cookies[page.COOKIE].partition(".")[0]
    assert not {secret, settings.oidc_client_secret} & set(sent.values())


@cases("without", ["code_challenge", "nonce"])
def test_the_provider_gives_no_code_without_a_proof_and_a_nonce(without: str, browser: Browser) -> None:
    there, _, query = browser.leave().partition("?")
    sent = {name: value for name, value in asked(f"?{query}").items() if name != without}
    answer = requests.post(f"{there}?{urlencode(sent)}", data={"sub": "ann"}, allow_redirects=False, timeout=HANG_S)

    assert "code=" not in answer.headers.get("Location", "")
    assert answer.status_code == 400 or "error=" in answer.headers["Location"]


@cases("verifier", ["x" * 43, ""])
def test_the_provider_gives_no_token_without_the_verifier(verifier: str, browser: Browser, settings: Settings) -> None:
    code = asked(came_back(browser.leave(), sub="ann"))["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{HERE}/sign-in/done"}
    keys = (settings.oidc_client_id, settings.oidc_client_secret)
    answer = requests.post(
        f"{settings.oidc_issuer}/oauth2/token", data=sent | {"code_verifier": verifier}, auth=keys, timeout=HANG_S
    )

    assert (answer.status_code, "id_token" in answer.json()) == (400, False)


@cases("address", ["//evil.example", "/\\evil.example", "https://evil.example", "x"])
def test_signing_in_leads_to_no_other_site(browser: Browser, address: str) -> None:
    assert onward(browser.sign_in("ann", address)) == "/archive/"


@cases(
    "claims, problem",
    [
        ({"iss": "https://evil.example"}, "not one that it has made for this service"),
        ({"aud": "another"}, "not one that it has made for this service"),
        ({"nonce": "another"}, "not one that it has made for this service"),
        ({"exp": 1}, "Do the clocks of both servers agree?"),
        ({"iat": 9_999_999_999}, "Do the clocks of both servers agree?"),
        ({"preferred_username": ""}, "does not say who you are"),
        ({"preferred_username": "a,b"}, "does not say who you are"),
        ({"preferred_username": ["a"]}, "does not say who you are"),
    ],
)
def test_a_token_that_is_not_right_signs_nobody_in(
    browser: Browser, provider: Provider, claims: dict[str, object], problem: str
) -> None:
    provider.names("eve", **claims)
    answer = browser.sign_in("eve")

    assert (answer.status_code, problem in answer.text, session.COOKIE in answer.cookies) == (502, True, False)


def test_a_token_with_another_signature_signs_nobody_in(archive: Archive, provider: Provider) -> None:
    def between(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        """Pass a request on to the provider, which takes this for its own address."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        headers = {"Host": environ["HTTP_HOST"], "Content-Type": environ.get("CONTENT_TYPE", "")}
        if "HTTP_AUTHORIZATION" in environ:
            headers["Authorization"] = environ["HTTP_AUTHORIZATION"]
        address = f"{provider.issuer}{path}?{environ['QUERY_STRING']}"
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        answer = requests.request(method, address, headers=headers, data=body, allow_redirects=False, timeout=HANG_S)
        content = tampered(answer.content) if path == "/oauth2/token" and tampering else answer.content
        kept = {name: value for name, value in answer.headers.items() if name in ("Content-Type", "Location")}
        start(f"{answer.status_code} {answer.reason}", list(kept.items()))
        return [content]

    with listening(between) as address:
        chosen = Settings(public_url=HERE, **Provider(address).register(HERE))
        for tampering, problem in ((False, ""), (True, "not one that it has made for this service")):
            answer = Browser(archive, chosen).sign_in("ann")
            assert (problem in answer.text, session.COOKIE in answer.cookies) == (True, not tampering)


def test_what_a_browser_brings_from_another_sign_in_signs_nobody_in(browser: Browser) -> None:
    first = came_back(browser.leave(), sub="ann")
    own = browser.cookies[page.COOKIE]
    browser.leave()
    for cookie, address in ((browser.cookies[page.COOKIE], first), ("", first), (own, first.replace("state=", "s="))):
        browser.cookies[page.COOKIE] = cookie
        answer = browser.get(address)
        assert (answer.status_code, "begun elsewhere" in answer.text) == (401, True)
    assert browser.me["name"] == ""

    browser.cookies[page.COOKIE] = own
    assert onward(browser.get(first)) == "/archive/"
    browser.cookies[page.COOKIE] = own
    again = browser.get(first)
    assert (again.status_code, "has refused the code" in again.text) == (502, True)


def test_who_is_refused_there_is_told(browser: Browser) -> None:
    denied = browser.get(came_back(browser.leave(), action="deny"))
    assert (denied.status_code, "has not signed you in." in denied.text) == (401, True)

    state = asked(browser.leave())["state"]
    reason = urlencode({"state": state, "error": "access_denied", "error_description": "<b>Not today"})
    assert "has not signed you in: &lt;b&gt;Not today" in browser.get(f"/sign-in/done?{reason}").text


def test_a_provider_that_is_down_is_told_at_once(archive: Archive) -> None:
    with reserved_port() as port:
        settings = Settings(oidc_issuer=f"http://127.0.0.1:{port}", oidc_client_id="news")
        answer = Browser(archive, settings).get("/sign-in/provider")

    assert (answer.status_code, "does not answer as it should" in answer.text) == (502, True)
    assert 'name="key"' in answer.text


def test_a_provider_with_another_name_is_not_the_one(archive: Archive, settings: Settings) -> None:
    other = replace(settings, oidc_issuer=settings.oidc_issuer.replace("127.0.0.1", "localhost") + "/")

    assert "calls itself" in Browser(archive, other).get("/sign-in/provider").text


@cases(
    "chosen, person, me",
    [
        ({"oidc_groups_claim": "realm_access.roles"}, "ann", ("ann", ["chiefs"], ["admin"])),
        ({"oidc_name_claim": "email"}, "carl", ("carl@example.org", ["readers"], ["read"])),
        ({"oidc_name_claim": "email"}, "ann", ("", [], [])),
        ({"oidc_name_claim": "sub"}, "carl", ("carl", ["readers"], ["read"])),
        ({"oidc_client_secret": "wrong"}, "ann", ("", [], [])),
    ],
)
def test_settings_say_which_claims_are_read(
    archive: Archive, settings: Settings, chosen: dict[str, Any], person: str, me: tuple[str, list[str], list[str]]
) -> None:
    browser = Browser(archive, replace(settings, **chosen))
    browser.sign_in(person)

    assert tuple(browser.me.values()) == me


def test_without_the_setting_nobody_signs_in_at_a_provider(archive: Archive) -> None:
    browser = Browser(archive, Settings())

    assert [browser.get(path).status_code for path in ("/sign-in/provider", "/sign-in/done?code=a&state=b")] == [
        404,
        404,
    ]
    assert "/sign-in/provider" not in browser.get("/sign-in").text


def test_a_service_without_the_setting_imports_nothing_for_it() -> None:
    program = "import sys, service.server.app; sys.exit(bool({'authlib', 'joserfc', 'requests'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", program], timeout=HANG_S).returncode == 0


@cases(
    "chosen, problem",
    [
        ({"issuer": "http://sso.example.org"}, "begins with https://"),
        ({"issuer": "http://127.evil.example"}, "begins with https://"),
        ({"issuer": "sso.example.org"}, "begins with https://"),
        ({"issuer": "https://sso.example.org", "client_id": ""}, "OIDC_CLIENT_ID is missing"),
        ({"issuer": "https://sso.example.org", "scopes": "profile"}, "openid must be among them"),
        ({"issuer": "https://sso.example.org", "client_secret_file": "/nowhere"}, "OIDC_CLIENT_SECRET_FILE"),
    ],
)
def test_settings_that_cannot_work_are_told_at_the_start(chosen: dict[str, str], problem: str) -> None:
    given = {f"DATELINE_OIDC_{name.upper()}": value for name, value in {"client_id": "news", **chosen}.items()}
    with pytest.raises(BadSetting, match=problem):
        from_environment(given)


def test_the_secret_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")

    assert Settings(oidc_client_secret_file=str(tmp_path / "secret")).oidc_secret == "s3cret"
