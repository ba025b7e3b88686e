"""How often one may ask, by whom it is asked, and what is refused without a key."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import falcon.testing
import pytest

import search
from desk.people import keys
from search import Article
from service.archive import Archive
from service.http import rates
from service.http.rates import Rates
from service.server.app import create_app
from service.settings import Settings
from tests import waiting
from tests.cases import cases
from tests.service.serving import serving

Client = falcon.testing.TestClient


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with search.writer(tmp_path / "idx") as writer:
        for number in range(12):
            writer.add(Article(f"a{number}", "zebra"))
    return tmp_path / "idx"


@pytest.fixture(autouse=True)
def salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same in every run: callers are hashed, and with some salts two of these share a place."""
    monkeypatch.setattr("service.http.rates.secrets", SimpleNamespace(token_bytes=bytes))


@pytest.fixture
def service(place: Path) -> Iterator[Callable[[Settings], Client]]:
    with ExitStack() as stack:
        yield lambda settings: Client(create_app(stack.enter_context(Archive(str(place))), settings))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which stands."""
    now = [1000.0]
    waiting.put_clocks(monkeypatch, "service.http.rates", monotonic=lambda: now[0], thread_time=lambda: 0.0)
    return now


@pytest.fixture
def processor(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What each look at the processor's time adds to it; the other clock stands."""
    step, used = [0.0], [0.0]

    def thread_time() -> float:
        used[0] += step[0]
        return used[0]

    waiting.put_clocks(monkeypatch, "service.http.rates", thread_time=thread_time)
    return step


def statuses(client: Client, times: int, **headers: str) -> list[int]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return [client.simulate_get("/api/search", headers=sent).status_code for _ in range(times)]


def test_who_asks_too_often_is_told_when_to_ask_again(
    service: Callable[[Settings], Client], clock: list[float]
) -> None:
    client = service(Settings(anonymous_rate=6))

    assert statuses(client, 7) == [200] * 6 + [429]
    refused = client.simulate_get("/api/search")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "10"
    assert "more than 6 requests per minute" in refused.json["detail"]
    clock[0] += 10
    assert statuses(client, 2) == [200, 429]
    clock[0] += 3600
    assert statuses(client, 7) == [200] * 6 + [429]


@pytest.mark.usefixtures("clock")
def test_a_key_has_a_rate_of_its_own_and_a_wrong_one_has_none(
    service: Callable[[Settings], Client], place: Path
) -> None:
    client = service(Settings(anonymous_rate=2, key_rate=4))
    key = f"Bearer {keys.add(str(place), ['read'])[1]}"

    assert statuses(client, 3, Authorization="Bearer wrong") == [401, 401, 429]
    assert statuses(client, 1) == [429]
    assert statuses(client, 5, Authorization=key) == [200] * 4 + [429]


@pytest.mark.usefixtures("clock")
def test_others_are_not_held_up(service: Callable[[Settings], Client]) -> None:
    client = service(Settings(anonymous_rate=1, proxies="1"))

    assert statuses(client, 2, X_Forwarded_For="203.0.113.1") == [200, 429]
    assert statuses(client, 1, X_Forwarded_For="203.0.113.2") == [200]


@pytest.mark.usefixtures("clock")
def test_nobody_chooses_an_address_for_himself(service: Callable[[Settings], Client]) -> None:
    unbelieved = service(Settings(anonymous_rate=1))
    assert [statuses(unbelieved, 1, X_Forwarded_For=f"203.0.113.{n}")[0] for n in (1, 2)] == [200, 429]

    behind = service(Settings(anonymous_rate=1, proxies="1"))
    told = [f"198.51.100.{n}, 203.0.113.9" for n in (1, 2)]
    assert [statuses(behind, 1, X_Forwarded_For=path)[0] for path in told] == [200, 429]

    sixth = [f"2001:db8:1:2::{n:x}" for n in (1, 2)] + ["2001:db8:1:3::1"]
    assert [statuses(behind, 1, X_Forwarded_For=path)[0] for path in sixth] == [200, 429, 200]

    mapped = ["::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"]
    assert [statuses(behind, 1, X_Forwarded_For=path)[0] for path in mapped] == [200, 429, 200]


@pytest.mark.usefixtures("clock")
def test_without_a_setting_other_machines_have_a_rate_and_this_one_has_none(
    service: Callable[[Settings], Client],
) -> None:
    client = service(Settings())
    times = rates.DEFAULT + 1

    assert {client.simulate_get("/api/suggest?q=z").status_code for _ in range(times)} == {200}
    asked = [client.simulate_get("/healthz", remote_addr="203.0.113.7").status_code for _ in range(times)]
    assert set(asked) == {200}
    asked = [client.simulate_get("/api/suggest?q=z", remote_addr="203.0.113.7").status_code for _ in range(times)]
    assert asked == [200] * rates.DEFAULT + [429]


@cases("used, answered", [(0.0, 51), (0.55 * rates.COST_S, 9)])
def test_pictures_count_as_tenths_and_so_does_their_processor_time(
    used: float, answered: int, service: Callable[[Settings], Client], processor: list[float]
) -> None:
    client = service(Settings(anonymous_rate=6))
    processor[0] = used

    asked = [client.simulate_get(f"/iiif/scan/a1/{n}/full/400,/0/default.jpg").status_code for n in range(60)]
    assert asked == [404] * answered + [429] * (60 - answered)


def test_processor_time_counts_as_further_requests(
    service: Callable[[Settings], Client], clock: list[float], processor: list[float]
) -> None:
    client = service(Settings(anonymous_rate=60))

    processor[0] = 10 * rates.COST_S
    assert statuses(client, 7) == [200] * 6 + [429]
    answer = client.simulate_get("/api/search")
    assert answer.headers["retry-after"] == "7"  # six requests and sixty turns, at one a second
    assert "50 ms of CPU time count as one more" in answer.json["detail"]
    clock[0] += 7
    processor[0] = 0.0
    assert statuses(client, 2) == [200, 429]


def test_a_streamed_export_is_charged_for_what_it_takes(
    service: Callable[[Settings], Client], processor: list[float]
) -> None:
    client = service(Settings(anonymous_rate=60))

    processor[0] = 30 * rates.COST_S
    assert client.simulate_get("/api/export?format=jsonl").text.count("\n") == 12
    assert statuses(client, 1) == [429]


@pytest.mark.usefixtures("clock")
@cases(
    "method, path, expected",
    [("GET", "/nothing", 404), ("GET", "/static/nothing", 404), ("GET", "/static/dateline.css", 200),
     ("POST", "/static/dateline.css", 405), ("PATCH", "/api/search", 405), ("POST", "/api/articles", 401),
     ("GET", "/api/search?contry=FR", 400), ("OPTIONS", "/", 200)],
)  # fmt: skip
def test_whatever_is_asked_for_counts(
    service: Callable[[Settings], Client], method: str, path: str, expected: int
) -> None:
    client = service(Settings(anonymous_rate=3))

    asked = [client.simulate_request(method, path).status_code for _ in range(4)]
    assert asked == [expected] * 3 + [429]
    assert client.simulate_request(method, path).headers["retry-after"] == "20"
    assert client.simulate_get("/healthz").status_code == 200


@pytest.mark.usefixtures("clock")
def test_a_body_that_is_too_large_counts(service: Callable[[Settings], Client]) -> None:
    client = service(Settings(anonymous_rate=2, max_body_mb=1))

    large = {"Content-Length": "9999999"}
    assert [client.simulate_post("/api/articles", headers=large).status_code for _ in range(3)] == [413, 413, 429]


@pytest.mark.check
def test_what_is_no_http_counts_at_a_real_server(place: Path) -> None:
    malformed = b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"
    with serving(place, anonymous_rate="8") as served:
        port = int(served.address.rpartition(":")[2])
        answers = []
        for _ in range(12):
            with socket.create_connection(("127.0.0.1", port), waiting.HANG_S) as connection:
                connection.sendall(malformed)
                answers.append(connection.makefile("rb").read())
        assert [answer[9:12] for answer in answers[:2]] == [b"400"] * 2
        assert answers[-1].startswith(b"HTTP/1.1 429 ")
        assert b"\r\nRetry-After: " in answers[-1]
        assert served.ask("GET", "/api/search").status == 429  # it is the same caller
        assert served.ask("GET", "/healthz").status == 200


def test_processes_count_together() -> None:
    shared = Rates()
    child = os.fork()
    if not child:
        os._exit(0 if shared.wait_s("someone", 2) == 0 else 1)
    assert os.waitpid(child, 0)[1] == 0

    assert [shared.wait_s("someone", 2) > 0 for _ in range(2)] == [False, True]


def test_an_export_without_a_key_has_an_end(service: Callable[[Settings], Client], place: Path) -> None:
    client = service(Settings(anonymous_export=11))
    key = keys.add(str(place), ["read"])[1]

    refused = client.simulate_get("/api/export?format=jsonl&q=zebra")
    assert refused.status_code == 403
    assert "has 12 matches; without a key an export has up to 11" in refused.json["detail"]
    whole = client.simulate_get("/api/export?format=jsonl&q=zebra", headers={"Authorization": f"Bearer {key}"})
    assert len(whole.text.splitlines()) >= 12
    assert client.simulate_get("/api/export?format=jsonl&q=nothing").status_code == 200
