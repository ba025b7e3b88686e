"""The question of a page as code: it is run here as a reader would, against a real server."""

from __future__ import annotations

import ast
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import falcon.testing
import pytest
from dateline_client.calls import parameters

import search
from desk.people import keys
from search import Article
from service import params
from service.html.code import argument, code
from tests import derived_client, waiting
from tests.cases import cases
from tests.conftest import PATIENT
from tests.service.serving import Site, hosted

HOSTILE = """it's "quoted" \\ $(id) `id` %41 ; & \u2028 Zürich"""
PAGES = (
    "/?q=zebra&country=DE&country=FR&from=1970&size=25",
    "/?q=zebra&view=special&field=person",
    "/?q=zebra&view=people&min=1",
    "/?q=zebra&view=concordance&context=left",
    "/?q=zebra&view=map",
    "/?q=zebra&view=over-time&field=person",
    "/compare?q=zebra&q=quokka&from=1900",
    "/article/a1?q=zebra",
    "/entity/person/Bo%20Ek",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("code") / "news.idx"
    with search.writer(place) as writer:
        for number in range(3):
            text = "A zebra met Bo Ek in Zürich."
            writer.add(Article(f"a{number}", text, published=f"197{number}", person=("Bo Ek",), country=("DE",)))
    with hosted(place, replace(PATIENT, require_key=True)) as address:
        yield Site(address, place)


@pytest.fixture(scope="module")
def key(served: Site) -> str:
    return keys.add(str(served.place), ["read"])[1]


def ran(command: list[str], key: str, sent: str = "") -> str:
    client = str(Path(derived_client.PACKAGE).parent)
    environment = {**os.environ, "PYTHONPATH": client, "DATELINE_KEY": key, "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, env=environment, input=sent, capture_output=True, encoding="utf-8", timeout=waiting.HANG_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_r(program: str, key: str) -> Any:
    """What the service answered to a program in R."""
    printed = ran(["Rscript", "-e", f"{program}\ncat('\\n\\t', resp_body_string(last_response()), sep = '')"], key)
    return json.loads(printed.rpartition("\n\t")[2])


def shown(page: str) -> dict[str, str]:
    found = re.findall(r'<pre [^>]*data-copy="(\w+)"[^>]*>(.*?)</pre>', page.partition('id="code"')[2], re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


def untimed(found: Any) -> Any:
    return {name: value for name, value in found.items() if name != "took_ms"} if isinstance(found, Mapping) else found


EACH_APART = """
import contextlib, io, json, sys
printed = []
for program in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(program, {"__name__": "__main__"})
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


def in_python(programs: list[str], key: str) -> list[str]:
    """What each program prints: one Python runs them all, as starting it takes longer than they do."""
    printed = ran([sys.executable, "-c", EACH_APART], key, json.dumps(programs))
    return [str(one) for one in json.loads(printed)]


@pytest.fixture(scope="module")
def printed(served: Site, key: str) -> Mapping[str, str]:
    """What the Python of each page prints."""
    pages = [served.ask("GET", address, Authorization=f"Bearer {key}").body.decode() for address in PAGES]
    return dict(zip(PAGES, in_python([shown(page)["Python"] for page in pages], key), strict=True))


@cases("address", PAGES)
def test_the_code_of_a_page_asks_what_its_address_of_the_api_asks(
    served: Site, key: str, printed: Mapping[str, str], address: str
) -> None:
    page = served.ask("GET", address, Authorization=f"Bearer {key}").body.decode()
    programs = shown(page)
    asked = html.unescape(re.findall(r'<footer>\s*<p><a href="([^"]*)"', page)[0])
    answer = served.ask("GET", asked, Authorization=f"Bearer {key}").json

    assert untimed(json.loads(ran(["sh", "-c", programs["curl"]], key))) == untimed(answer), programs["curl"]
    if asked.startswith("/api/concordance"):
        assert len(printed[address].splitlines()) == answer["total"]
    elif asked.startswith("/api/search"):
        assert printed[address].splitlines()[0] == str(answer["total"])
    else:
        assert untimed(ast.literal_eval(printed[address])) == untimed(answer)
    assert list(programs) == ["Python", "curl", "R"]


@pytest.mark.check
@pytest.mark.costs("R starts for each page")
@cases("address", PAGES)
def test_r_asks_what_the_address_of_the_api_asks(served: Site, key: str, address: str) -> None:
    page = served.ask("GET", address, Authorization=f"Bearer {key}").body.decode()
    asked = html.unescape(re.findall(r'<footer>\s*<p><a href="([^"]*)"', page)[0])

    assert untimed(in_r(shown(page)["R"], key)) == untimed(served.ask("GET", asked, Authorization=f"Bearer {key}").json)


def test_r_takes_no_text_of_a_question_as_code(served: Site, key: str) -> None:
    written = code(f"/api/search?{params.joined([('q', HOSTILE)])}", served.address)

    assert in_r(next(one.text for one in written if one.name == "R"), key)["query"]["text"] == HOSTILE


def test_no_text_of_a_question_is_code(served: Site, key: str) -> None:
    programs = {one.name: one.text for one in code(f"/api/search?{params.joined([('q', HOSTILE)])}", served.address)}

    answer = json.loads(ran(["sh", "-c", programs["curl"]], key))
    assert answer["query"]["text"] == HOSTILE
    assert ran([sys.executable, "-c", programs["Python"]], key).splitlines()[0] == str(answer["total"])
    assert json.dumps(HOSTILE, ensure_ascii=False) in programs["R"]


def test_without_a_key_an_open_archive_answers() -> None:
    text = {one.name: one.text for one in code("/api/search?q=moon", "http://127.0.0.1:1")}["curl"]

    assert '--header "Authorization:${DATELINE_KEY:+ Bearer $DATELINE_KEY}"' in text


def test_every_parameter_has_an_argument_that_means_it() -> None:
    asked = (params.PARAMETERS, params.special.PARAMETERS, params.pairs.PARAMETERS, params.compare.PARAMETERS)
    others = (params.concordance.PARAMETERS, params.facet.PARAMETERS)
    names = {one.name for table in (*asked, *others) for one in table}

    for name in names:
        assert parameters({argument(name): "x"}) == [(name, "x")]


def test_a_page_that_asks_nothing_has_none(client: falcon.testing.TestClient) -> None:
    assert 'id="code"' not in client.simulate_get("/draft").text
    assert 'id="code"' in client.simulate_get("/?q=moon").text
