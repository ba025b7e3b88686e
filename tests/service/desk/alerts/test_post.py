"""Alerts as posts: signed, to a listed address, and to no other whatever is typed or answered."""

from __future__ import annotations

import base64
import hmac
import json
import socket
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from search.errors import BadQuery
from service.desk.alerts import post
from service.desk.alerts.channel import NotDelivered
from service.desk.alerts.message import Message
from service.desk.alerts.post import Post
from service.settings import BadSetting, Settings
from tests.cases import cases
from tests.service.desk.alerts.receivers import Posted, receiver
from tests.service.desk.alerts.test_mail import message
from tests.service.desk.alerts.test_message import ALERT

KEY = b"thirty-two bytes of a secret key"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


def poster(*listed: str) -> Post:
    return Post(Settings(alert_urls=",".join(listed), alert_secret=SECRET))


def to(target: str) -> Message:
    return message(replace(ALERT, channel="post", target=target))


def sent(posted: Posted, path: str = "/hook") -> None:
    poster(f"{posted.address}/").deliver(to(f"{posted.address}{path}"))


def answering(status: int, **headers: str) -> Any:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)

    return answer


def test_a_post_is_json_that_its_receiver_can_check() -> None:
    with receiver() as posted:
        sent(posted, "/hook?to=desk")
    ((path, headers, body),) = posted.requests
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, sha256).digest()).decode()

    assert path == "/hook?to=desk"
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["id"] == headers["webhook-id"]
    assert json.loads(body)["new"][0]["title"] == "Öl geht aus"


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of its specification."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = post.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_post_that_is_sent_again_has_the_same_id() -> None:
    with receiver() as posted:
        sent(posted)
        sent(posted)
    first, again = (headers["webhook-id"] for _, headers, _ in posted.requests)

    assert first == again


@cases("status", [200, 201, 202, 204])
def test_2xx_is_success(status: int) -> None:
    with receiver() as posted:
        posted.answer = answering(status)
        sent(posted)

    assert len(posted.requests) == 1


@cases("status", [400, 401, 404, 410, 429, 500, 503])
def test_anything_else_is_said(status: int) -> None:
    with receiver() as posted:
        posted.answer = answering(status)
        with pytest.raises(NotDelivered, match=f"The receiver answered {status}"):
            sent(posted)


@cases("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with receiver() as inside, receiver() as posted:
        posted.answer = answering(status, Location=f"{inside.address}/secret")
        with pytest.raises(NotDelivered, match="to ask elsewhere, which is not done"):
            sent(posted)

    assert inside.requests == []


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as proxy, receiver() as posted:
        monkeypatch.setenv("http_proxy", proxy.address)
        monkeypatch.setenv("all_proxy", proxy.address)
        sent(posted)

    assert (len(posted.requests), proxy.requests) == (1, [])


def test_a_receiver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "WITHIN_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(NotDelivered, match="it did not answer in time"):
            poster(address).deliver(to(address))


@cases("answer", [b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n", b"x" * 100_000])
def test_what_is_no_answer_of_the_web_is_said(answer: bytes) -> None:
    def answered(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(answer)
        request.close_connection = True

    with receiver() as posted:
        posted.answer = answered
        with pytest.raises(NotDelivered, match="could not be asked"):
            sent(posted)


LISTED = "https://ok.example/hooks/"


@cases(
    "target",
    [LISTED, "https://ok.example/hooks/a", "https://ok.example:443/hooks/a/b?c=d", "https://OK.example/hooks/%C3%A9"],
)
def test_an_address_below_a_listed_one_is_accepted(target: str) -> None:
    assert poster(LISTED).address(target).host == "ok.example"


@cases(
    "target",
    [
        "", "x", "//ok.example/hooks/", "https://ok.example", "https://ok.example/", "https://ok.example/hooks",
        "https://ok.example/hooksevil/", "https://ok.example.evil/hooks/", "https://evil/https://ok.example/hooks/",
        "https://ok.example@evil/hooks/", "https://ok.example:443@evil/hooks/", "https://user:pw@ok.example/hooks/",
        "https://ok.example:8443/hooks/", "http://ok.example/hooks/", "ftp://ok.example/hooks/", "https://evil\\@ok.example/hooks/",
        "https://ok.example/hooks/../admin", "https://ok.example/hooks/%2e%2e/admin", "https://ok.example/hooks/%252e%252e/a",
        "https://ok.example/hooks/%ff",
        "https://ok.example/hooks/..;/admin", "https://ok.example/hooks/..%2fadmin", "https://ok.example/hooks//evil",
        "https://ok.example/hooks/..\\admin", "https://ok.example/hooks/#x", "https://ok.example/hooks/ x",
        "https://ok.example/hooks/\r\nX: y", "https://ok.example/hooks/\u202e", "https://ok.example/hooks/é",
        "https://ok.example./hooks/", "https://[::1]/hooks/", "https://127.0.0.1/hooks/", "https://ok.example:0/hooks/",
        "https://ok.example:99999/hooks/", "https://ok.example:x/hooks/", "https://ok.example%00.evil/hooks/",
        "https://ok。example/hooks/", "file:///etc/passwd", f"https://ok.example/hooks/{'x' * 2000}",
    ],
)  # fmt: skip
def test_no_other_address_is(target: str) -> None:
    with pytest.raises(BadQuery) as refused:
        poster(LISTED).address(target)
    with pytest.raises(NotDelivered):
        poster(LISTED).deliver(to(target))

    assert refused.value.errors[0].name == "target"


def test_a_listed_address_without_a_slash_is_that_one_only() -> None:
    one = poster("https://ok.example/hook?key=1")

    assert one.address("https://ok.example/hook?key=1").path == "/hook"
    for other in ("https://ok.example/hook", "https://ok.example/hook?key=12", "https://ok.example/hook/a"):
        with pytest.raises(BadQuery, match="not posted to this address"):
            one.address(other)


def test_nothing_is_posted_where_nothing_is_listed() -> None:
    with pytest.raises(BadQuery, match="DATELINE_ALERT_URLS"):
        Post(Settings()).address("https://ok.example/hooks/")


@cases(
    "urls, secret, named",
    [
        (LISTED, "", "DATELINE_ALERT_SECRET is not set"),
        (LISTED, "secret", "DATELINE_ALERT_SECRET is not"),
        (LISTED, "whsec_c2hvcnQ=", "DATELINE_ALERT_SECRET is not"),
        (LISTED, SECRET.removeprefix("whsec_"), "DATELINE_ALERT_SECRET is not"),
        ("ok.example/hooks/", SECRET, "DATELINE_ALERT_URLS has “ok.example"),
        ("https://a@b/", SECRET, "DATELINE_ALERT_URLS has “https://a@b/"),
    ],
)
def test_a_setting_that_is_not_valid_is_named(urls: str, secret: str, named: str) -> None:
    with pytest.raises(BadSetting, match=named) as refused:
        Post(Settings(alert_urls=urls, alert_secret=secret))

    assert SECRET not in str(refused.value)
