"""Feeds read from real servers: what is new is saved, as often as the site allows, and nothing else is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import search
from search import Query
from service.fetching.feeds import LEAST_S, MOST_S, STATE, Fetched, State, fetch, listed
from service.fetching.web import NotFetched, Web, is_public, origin
from tests.cases import cases
from tests.service.commands.running import dateline

NAME = "Dateline/0 (+desk@news.example.org)"
START = 1_800_000_000.0


def rss(*items: str, made: str = "") -> bytes:
    text = "".join(
        f"<item><title>{one}</title><guid>https://wire.example.org/{one}</guid>"
        f"<description>{one} ran.</description></item>"
        for one in items
    )
    date = f"<lastBuildDate>{made}</lastBuildDate>"
    return f'<rss version="2.0"><channel><title>Wire</title>{date}{text}</channel></rss>'.encode()


@dataclass
class Site:
    """A server: what it answers, and what it was asked."""

    address: str = ""
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        self.answers[path] = status, {name.replace("_", "-"): value for name, value in headers.items()}, body
        return self.address + path

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def new_site() -> Iterator[Callable[[], Site]]:
    servers = []

    def begin() -> Site:
        site = Site()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                status, headers, body = site.answers.get(self.path, (404, {}, b""))
                if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_said: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        site.address = f"http://127.0.0.1:{server.server_port}"
        return site

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(new_site: Callable[[], Site]) -> Site:
    return new_site()


def run(folder: Path, *addresses: str, at: float = START) -> list[Fetched]:
    return list(fetch(addresses, folder, NAME, pause_s=0, now=lambda: at))


def outcomes(folder: Path, *addresses: str, at: float = START) -> list[str]:
    return [one.outcome for one in run(folder, *addresses, at=at)]


def test_a_feed_is_saved_as_it_is_and_indexed(site: Site, tmp_path: Path) -> None:
    address = site.put("/feed", rss("zebra", "quokka"))
    (found,) = run(tmp_path / "feeds", address)

    assert Path(found.file).read_bytes() == rss("zebra", "quokka")
    assert dateline("index", tmp_path / "news.idx", tmp_path / "feeds").returncode == 0
    with search.open(tmp_path / "news.idx") as engine:
        assert engine.search(Query("zebra")).total == 1


def test_only_what_is_new_is_saved(site: Site, tmp_path: Path) -> None:
    address = site.put("/feed", rss("zebra", made="today"))
    assert outcomes(tmp_path, address) == ["saved"]
    site.put("/feed", rss("zebra", made="tomorrow"))
    assert outcomes(tmp_path, address, at=START + LEAST_S) == ["unchanged"]
    site.put("/feed", rss("zebra", "quokka", made="tomorrow"))

    assert outcomes(tmp_path, address, at=START + 2 * LEAST_S) == ["saved"]
    assert len(list(tmp_path.rglob("*.xml"))) == 2


def test_it_says_who_it_is_and_what_it_has(site: Site, tmp_path: Path) -> None:
    address = site.put("/feed", rss("zebra"), ETag='"1"', Last_Modified="Mon, 30 Nov 2026 10:00:00 GMT")
    run(tmp_path, address)
    assert outcomes(tmp_path, address, at=START + LEAST_S) == ["unchanged"]

    headers = site.asked[-1][1]
    assert headers["user-agent"] == NAME
    assert headers["if-none-match"] == '"1"'
    assert headers["if-modified-since"] == "Mon, 30 Nov 2026 10:00:00 GMT"


def test_a_feed_is_asked_no_more_often_than_its_site_allows(site: Site, tmp_path: Path) -> None:
    address = site.put("/feed", rss("zebra"), Cache_Control="public, max-age=3600")
    run(tmp_path, address)

    assert outcomes(tmp_path, address, at=START + 3599) == ["waiting"]
    assert outcomes(tmp_path, address, at=START + 3600) == ["unchanged"]
    assert len(site.paths) == 2


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (503, {"Retry_After": "7200"}, 7200),
        (429, {"Retry_After": "Fri, 15 Jan 2027 09:00:00 GMT"}, 3600),
        (500, {}, LEAST_S),
        (404, {"Retry_After": "99999999"}, MOST_S),
        (403, {"Retry_After": "soon"}, LEAST_S),
    ],
)
def test_a_site_that_fails_is_asked_when_it_says(
    site: Site, tmp_path: Path, status: int, headers: dict[str, str], wait: int
) -> None:
    address = site.put("/feed", b"", status, **headers)
    run(tmp_path, address)

    assert State(tmp_path).known(address).due == START + wait


def test_failures_are_followed_by_ever_longer_waits(site: Site, tmp_path: Path) -> None:
    address, at, waits = site.put("/feed", b"", 500), START, []
    for _ in range(12):
        assert outcomes(tmp_path, address, at=at) == ["failed"]
        waits.append(State(tmp_path).known(address).due - at)
        at += MOST_S
    assert waits == [min(MOST_S, LEAST_S * 2**number) for number in range(12)]

    site.put("/feed", rss("zebra"))
    assert outcomes(tmp_path, address, at=at) == ["saved"]
    assert State(tmp_path).known(address).due == at + LEAST_S


def test_a_feed_that_is_gone_is_not_asked_again(site: Site, tmp_path: Path) -> None:
    address = site.put("/feed", b"", 410)

    assert outcomes(tmp_path, address) == outcomes(tmp_path, address, at=START + 10 * MOST_S) == ["gone"]
    assert site.paths == ["/feed"]


def test_robots_are_respected(site: Site, tmp_path: Path) -> None:
    site.put("/robots.txt", b"User-agent: dateline\nDisallow: /closed\n\nUser-agent: *\nDisallow: /\n")
    closed, opened = site.put("/closed", rss("zebra")), site.put("/open", rss("quokka"))

    assert outcomes(tmp_path, closed, opened) == ["failed", "saved"]
    assert site.paths == ["/open"]


def test_a_site_whose_rules_cannot_be_read_is_not_asked(site: Site, tmp_path: Path) -> None:
    site.put("/robots.txt", b"", 503)

    assert outcomes(tmp_path, site.put("/feed", rss("zebra"))) == ["failed"]
    assert site.paths == []


def test_no_answer_leads_to_a_machine_inside(site: Site, tmp_path: Path, new_site: Callable[[], Site]) -> None:
    inside = new_site()
    inside.put("/secret", rss("zebra"))
    named = site.address.replace("127.0.0.1", "localhost")
    site.put("/feed", b"", 302, Location=f"{inside.address}/secret")
    (found,) = run(tmp_path, f"{named}/feed")

    assert found.outcome == "failed"
    assert "was not named" in found.reason
    assert inside.asked == []


def test_a_feed_that_moved_on_its_site_is_found(site: Site, tmp_path: Path) -> None:
    site.put("/new", rss("zebra"))

    assert outcomes(tmp_path, site.put("/feed", b"", 301, Location="/new")) == ["saved"]
    assert outcomes(tmp_path, site.put("/round", b"", 302, Location="/round")) == ["failed"]
    assert outcomes(tmp_path, site.put("/file", b"", 302, Location="file:///etc/passwd")) == ["failed"]


def test_what_is_no_feed_or_too_long_or_cut_is_not_saved(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, cut = site.put("/page", b"<html>No.</html>"), site.put("/cut", rss("zebra"), Content_Length="100000")
    assert [one.outcome for one in run(tmp_path, page, cut)] == ["failed", "failed"]
    monkeypatch.setattr(Web.get, "__defaults__", (None, 100))

    (found,) = run(tmp_path, site.put("/long", rss("zebra", "quokka")))
    assert "more than 100 bytes" in found.reason
    assert list(tmp_path.rglob("*.xml")) == []


def test_a_run_that_was_stopped_goes_on(site: Site, tmp_path: Path) -> None:
    addresses = [site.put(f"/{number}", rss(f"zebra{number}")) for number in range(3)]
    assert next(fetch(addresses, tmp_path, NAME, pause_s=0, now=lambda: START)).outcome == "saved"

    assert outcomes(tmp_path, *addresses, at=START + 1) == ["waiting", "saved", "saved"]


def test_a_damaged_state_is_named(tmp_path: Path) -> None:
    (tmp_path / STATE).write_text("{")

    with pytest.raises(NotFetched, match="is damaged"):
        run(tmp_path, "http://127.0.0.1:9/feed")


@cases(
    "address, public",
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("169.254.169.254", False), ("::1", False), ("fe80::1%eth0", False), ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("100.64.0.1", False), ("fd00::1", False), ("localhost", False),
    ],
)  # fmt: skip
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize(
    "address", ["ftp://e.org/", "//e.org", "http://", "http://a:b@e.org/", "http://e.org/\r\nX: y", "http://ü.org/",
                "http://e.org:99999/"],
)  # fmt: skip
def test_an_address_that_may_mean_something_else_is_refused(address: str) -> None:
    with pytest.raises(NotFetched):
        origin(address)


def test_a_list_has_each_address_once() -> None:
    assert listed("# feeds\nhttps://e.org/a\n\n  https://e.org/b  \nhttps://e.org/a\n") == [
        "https://e.org/a",
        "https://e.org/b",
    ]


def test_the_command_says_what_became_of_each(site: Site, tmp_path: Path) -> None:
    feeds = tmp_path / "feeds.txt"
    feeds.write_text(f"{site.put('/feed', rss('zebra'))}\n{site.address}/nowhere\n")
    command = ["fetch", feeds, tmp_path / "archive", "--pause", "0", "--contact", "desk@news.example.org"]
    first, second = dateline(*command, "--json"), dateline(*command)

    assert (first.returncode, second.returncode) == (0, 0)
    assert second.stderr.count(f"{site.address}/nowhere") == 1
    assert json.loads(first.stdout)["saved"] == 1
    assert site.asked[-1][1]["user-agent"].endswith("(+desk@news.example.org)")
