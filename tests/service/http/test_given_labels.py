"""A topic can be asked for by the label that people have given to it, wherever one asks."""

from __future__ import annotations

from urllib.parse import quote

import falcon.testing
import pytest
from click.testing import CliRunner

import search
from search import Article
from search.names.authority import Authority, merge
from service.archive import Archive
from service.commands.cli import main
from service.server.app import create_app

LABEL = "Fußball der Herren"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("labels") / "news.idx"
    with search.writer(path) as writer:
        writer.set_authority(merge(Authority(), "topic", LABEL, ("soccer",), "", "2026-01-02T03:04:05+00:00"))
        writer.add(Article("goal", "One nil.", topic=("medtop:20001065",), language="en"))
        writer.add(Article("vote", "Ayes.", topic=("medtop:11000000",), language="en"))
    return str(path)


def test_the_api_and_pages_accept_a_given_label(place: str) -> None:
    with Archive(place) as archive:
        client = falcon.testing.TestClient(create_app(archive))
        asked = {
            query: client.simulate_get("/api/search", query_string=f"facets=&{query}").json.get("total")
            for query in (
                f"topic={quote(LABEL)}", f"topic.not={quote(LABEL.lower())}", "topic=fussball+der+herren",
                f"q={quote(f'topic:{chr(34)}{LABEL}{chr(34)}')}",
            )
        }  # fmt: skip
        page = client.simulate_get("/", query_string=f"topic={quote(LABEL)}")
        unknown = client.simulate_get("/api/search", query_string="topic=Fussballherren")

    assert [*asked.values()] == [1, 1, 1, 1]
    assert page.status_code == 200
    assert LABEL in page.text
    assert unknown.status_code == 400


@pytest.mark.parametrize("command", [["search"], ["export"], ["count", "--by", "topic"]])
def test_the_command_accepts_a_given_label(place: str, command: list[str]) -> None:
    verb, *options = command
    text = f'topic:"{LABEL}"'

    filtered = CliRunner().invoke(main, [verb, place, "", "--topic", LABEL, *options])
    written = CliRunner().invoke(main, [verb, place, text, *options])

    assert (filtered.exit_code, written.exit_code) == (0, 0)  # something is found
