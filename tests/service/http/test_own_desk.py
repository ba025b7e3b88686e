"""`dateline serve --desk`: open to the user who serves, on his machine, and to nobody else."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

import search
from desk.people import keys
from search import Article
from service.http.own_desk import DeskRefused, OwnDesk
from service.settings import Settings
from tests.cases import cases
from tests.service.commands.running import refused
from tests.service.serving import Answer, Served, serving

WALL = "/article/wall"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("desk") / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("wall", "Brandenburg Gate was closed.", "Wall", person=("Brandenburg Gate",)))
    return place


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    with serving(place, workers=2, arguments=["--desk"]) as found:
        yield found


def token(page: Answer) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.body.decode())
    assert found is not None
    return found[1]


def post(served: Served, origin: str, **fields: str) -> Answer:
    body = urlencode(fields).encode()
    return served.ask("POST", f"{WALL}/corrections", body, Content_Type=FORM, Origin=origin)


def is_open(answer: Answer) -> bool:
    return b'id="correct"' in answer.body


def test_who_serves_corrects_without_signing_in(served: Served) -> None:
    page = served.ask("GET", WALL)
    assert is_open(page)
    for n in range(4):  # whichever worker answers
        answer = post(served, served.address, token=token(page), field="person", value=f"Ann Lee {n}")
        assert (answer.status, b"person added: Ann Lee %d" % n in answer.body) == (200, True)

    listed = served.ask("GET", "/api/corrections").json["corrections"]
    assert {each["by"] for each in listed} == {subprocess.check_output(["id", "-un"], text=True).strip()}


def test_nobody_signs_out_of_his_own_desk(served: Served) -> None:
    assert b"Sign out" not in served.ask("GET", "/").body
    assert b"You serve this archive yourself" in served.ask("GET", "/sign-in").body


@cases("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"])
def test_what_a_proxy_passes_on_is_not_from_who_serves(served: Served, header: str) -> None:
    assert not is_open(served.ask("GET", WALL, None, **{header: "127.0.0.1"}))


@cases("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.1"])
def test_a_name_that_is_made_to_mean_this_machine_is_refused(served: Served, host: str) -> None:
    assert served.ask("GET", WALL, Host=host).status == 421


@cases("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_a_form_of_another_site_is_refused(served: Served, origin: str) -> None:
    own = token(served.ask("GET", WALL))
    before = served.ask("GET", "/api/corrections").json

    assert post(served, origin, token=own, field="person", value="Eve").status == 403
    assert post(served, served.address, token="x", field="person", value="Eve").status == 403
    assert served.ask("GET", "/api/corrections").json == before


def test_a_program_needs_a_key_all_the_same(served: Served) -> None:
    row = b'{"article": "wall", "field": "person", "action": "add", "value": "Eve"}'

    assert served.ask("POST", "/api/corrections", row, **{"Content-Type": "application/json"}).status == 401
    assert served.ask("DELETE", "/api/corrections/1").status == 401
    assert served.ask("DELETE", "/api/articles/wall").status == 401


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_of_the_machine_is_not_who_serves(served: Served) -> None:
    """Of a machine with several users, the kernel tells who connects."""
    code = (
        "import sys, urllib.request as u; sys.stdout.buffer.write("
        f"u.build_opener(u.ProxyHandler({{}})).open('{served.address}{WALL}').read())"
    )
    read = subprocess.run(["/usr/bin/env", "python3", "-c", code], user=65534, group=65534, extra_groups=[],
                          capture_output=True, check=True, cwd="/").stdout  # fmt: skip

    assert (b"Brandenburg Gate was closed" in read, b'id="correct"' in read) == (True, False)
    assert is_open(served.ask("GET", WALL))


def test_the_desk_closes_when_there_is_a_key(served: Served) -> None:
    own = token(served.ask("GET", WALL))
    key, _ = keys.add(str(served.place), ["read"])
    assert not is_open(served.ask("GET", WALL))
    assert post(served, served.address, token=own, field="person", value="Ann").status == 401
    keys.revoke(str(served.place), key.id)
    assert is_open(served.ask("GET", WALL))


def test_the_command_refuses_where_others_would_come_in(place: Path) -> None:
    said = refused("serve", place, "--desk", "--host", "0.0.0.0")

    assert "--desk is for this machine alone, not for 0.0.0.0. Make a key instead" in said


@cases(
    "settings, said",
    [
        (Settings(public_url="https://news.example.org"), "DATELINE_PUBLIC_URL is set"),
        (Settings(hosts="*"), "DATELINE_HOSTS is set"),
        (Settings(proxies="1"), "DATELINE_PROXIES is set"),
    ],
)
def test_a_service_behind_a_proxy_has_no_desk_without_a_key(place: Path, settings: Settings, said: str) -> None:
    with pytest.raises(DeskRefused, match=said):
        OwnDesk(str(place), "127.0.0.1", settings)


def test_an_index_with_keys_has_none_either(tmp_path: Path) -> None:
    keys.add(str(tmp_path), ["read"])

    with pytest.raises(DeskRefused, match="Sign in with one: /sign-in"):
        OwnDesk(str(tmp_path), "::1", Settings())
