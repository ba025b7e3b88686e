"""A name that is written from right to left, or turns the direction, leaves what follows it on the page in place."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import falcon.testing
import pytest

import search
from search import Article
from service.archive import Archive
from service.server.app import create_app
from tests.cases import cases
from tests.conftest import PATIENT

Client = falcon.testing.TestClient

TURN = "\u202e"
"""Turns all that follows in the same line, up to the end of an isolate."""
NAME = f"Ann {TURN}eel"
OTHER = f"Bo {TURN}rellim"
TEXT = f"{NAME} met {OTHER} in France about oil. They agreed that the price of oil would rise again in the next years."
ALONE = {"blockquote", "article", "textarea", "pre", "td"}
"""Elements that have nothing but text of the archive, which is isolated since they are blocks."""
VOID = {"input", "meta", "link", "path", "rect", "circle", "line", "br"}
PAGES = (
    "/", f"/?q=oil&person={quote(NAME)}&source.not={quote(OTHER)}", f"/?q={quote(NAME)}+zzz", "/?view=map",
    "/?view=people", "/?view=special&field=person&q=oil", "/?view=over-time", "/?view=over-time&field=source",
    "/article/a?mark=person", "/article/a/versions/b", f"/entity/person/{quote(NAME)}", f"/entity/source/{quote(NAME)}",
    f"/entity/author/{quote(NAME)}", f"/compare?q=oil&q=%22{quote(NAME)}%22&source={quote(NAME)}",
)  # fmt: skip


class _Page(HTMLParser):
    """The texts and attributes of a page from which the direction may leak."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.leaking: list[tuple[str, str]] = []
        self.seen = 0
        self._open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("title", "aria-label", "placeholder") and value and TURN in value:
                self._judge(value, f"{tag} {name}")
        if tag not in VOID:
            self._open.append((tag, str(dict(attrs).get("class"))))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if TURN not in data:
            return
        if self._open[-1][0] in ("title", "script"):
            if self._open[-1][0] == "title":
                self._judge(data, "title")
            return
        self.seen += 1
        whole = {tag for tag, _ in self._open}
        own = {"snippet", "note"} & {kind for _, kind in self._open}
        hit = {"h1", "h2"} & whole and "bdi" not in whole and {"a", "h1"} & whole
        if "bdi" not in whole and not (ALONE & whole or own or hit):
            self.leaking.append((" > ".join(f"{tag}.{kind}" for tag, kind in self._open), data))

    def _judge(self, value: str, where: str) -> None:
        self.seen += 1
        for part in value.split(TURN)[:-1]:
            if part.rfind("\u2068") <= part.rfind("\u2069"):
                self.leaking.append((where, value))
                return


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    place = tmp_path_factory.mktemp("directions") / "idx"
    with search.writer(place) as writer:
        for number, key in enumerate("abc"):
            writer.add(
                Article(
                    key, TEXT if number < 2 else f"{TEXT} Again.", f"About {NAME}", published=f"199{number}-01-01",
                    person=(NAME, OTHER), country=("FR",), source=NAME if number else OTHER, section=NAME,
                    byline=f"By {NAME}", author=(NAME,), group="copies" if number < 2 else None,
                )
            )  # fmt: skip
        writer.add(Article("d", "Nothing else.", published="1995-01-01", person=("Cy",)))
    with Archive(str(place)) as archive:
        yield Client(create_app(archive, PATIENT))


@cases("path", PAGES)
def test_no_name_turns_what_follows_it(client: Client, path: str) -> None:
    answer = client.simulate_get(path)
    page = _Page(answer.text)

    assert answer.status_code == 200
    assert page.seen > 0
    assert page.leaking == []


def test_no_name_of_a_draft_turns_what_follows_it(client: Client) -> None:
    body = f"text={quote('President ' + TEXT)}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    page = _Page(client.simulate_post("/draft", body=body, headers=headers).text)

    assert page.seen > 0
    assert page.leaking == []


def test_other_names_are_as_they_were(client: Client) -> None:
    assert "<bdi>Cy" not in client.simulate_get("/").text
