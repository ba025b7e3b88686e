"""People and rights on a page: an administrator makes rules, fills groups, looks as somebody, ends sessions."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import falcon.testing
import pytest

from desk.people import keys
from desk.people.holder import Scope
from desk.rights import rule
from desk.rights.store import KEY, Rights
from search import Article
from service.archive import Archive
from service.http.session import COOKIE, Sessions
from service.server.app import create_app
from tests.search.indexes import written

HOST = {"Host": "localhost", "Origin": "http://localhost"}


class Person:
    """Somebody who has signed in."""

    def __init__(self, place: Path, archive: Archive, scope: Scope) -> None:
        self.place = place
        self.key, self.secret = keys.add(str(place), [scope], f"{scope} key")
        self.session = Sessions(str(place)).begin(self.key)
        self.client = falcon.testing.TestClient(create_app(archive))

    def get(self, address: str = "/rights") -> falcon.testing.Result:
        return self.client.simulate_get(address, headers=HOST, cookies={COOKIE: self.session.secret})

    def post(self, address: str = "/rights", /, **fields: str) -> falcon.testing.Result:
        body = urlencode({"token": self.session.token, **fields})
        headers = {**HOST, "Content-Type": "application/x-www-form-urlencoded"}
        return self.client.simulate_post(address, headers=headers, cookies={COOKIE: self.session.secret}, body=body)

    @property
    def rules(self) -> list[str]:
        found = re.findall(r'name="rule" value="([^"]*)"><button class="small" aria-label="Delete', self.get().text)
        return list(map(html.unescape, found))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    place = tmp_path / "news.idx"
    written(
        place, *(Article(f"a{n}", "Harbours.", collection="wire" if n < 3 else "", source="Gazette") for n in range(5))
    )
    with Archive(str(place)) as opened:
        yield opened


@pytest.fixture
def admin(archive: Archive) -> Person:
    return Person(Path(archive.place), archive, "admin")


def test_a_rule_is_made_moved_and_deleted(admin: Person) -> None:
    admin.post(do="add", kind="everyone", tier="none", collection="wire", place="first")
    admin.post(do="add", kind="group:", name="desk", tier="export", place="first")
    first, second = admin.rules
    assert first == "The group “desk” sees and may export all articles."
    assert second == "Everyone sees nothing of articles (collection: wire)."

    admin.post(do="down", number="0", rule=first)
    assert admin.rules == [second, first]
    admin.post(do="delete", number="0", rule=second)
    assert admin.rules == [first]


def test_a_rule_that_others_have_moved_is_not_the_one_that_is_deleted(admin: Person) -> None:
    admin.post(do="add", kind="everyone", tier="none", collection="wire", place="first")
    before = admin.rules
    answer = admin.post(do="delete", number="0", rule="Everyone sees nothing of all articles.")

    assert answer.status_code == 400
    assert "The rules have changed meanwhile." in answer.text
    assert admin.rules == before


def test_what_is_wrong_with_a_rule_is_said_with_what_was_typed(admin: Person) -> None:
    answer = admin.post(do="add", kind="everyone", tier="none", **{"from": "soon", "source": "Gaz; <b>"})

    assert answer.status_code == 400
    assert "“soon” in “from” is no date." in html.unescape(answer.text)
    assert 'value="Gaz; &lt;b&gt;"' in answer.text
    assert re.findall(r'name="(\w+)"[^>]*aria-invalid', answer.text) == ["from"]
    assert admin.rules == []


def test_a_rule_takes_what_searches_take(admin: Person) -> None:
    admin.post(do="add", kind="everyone", tier="none", language="Französisch", **{"from": "17. Mai 1998"})

    assert admin.rules == ["Everyone sees nothing of articles (language: Französisch; from 1998-05-17)."]


def test_a_rule_that_fits_no_article_has_a_warning(admin: Person) -> None:
    for language, place in (("Klingon", "last"), ("French", "last")):
        answer = admin.post(do="add", kind="everyone", tier="none", language=language, place=place)
    assert answer.status_code == 303
    admin.post(do="add", kind="everyone", tier="none", source="Gazette", place="first")

    assert len(admin.rules) == 2
    assert re.findall(r"No article fits rule \d now\.", admin.get().text) == ["No article fits rule 2 now."]


def test_a_language_that_was_stored_before_it_had_to_be_known_hides_nothing(admin: Person) -> None:
    stored = rule.read([{"who": "everyone", "what": {"language": ["Klingon"]}, "tier": "none"}], is_new=False)
    with Rights(admin.place) as store:
        store.set(stored, "somebody", "2026-01-01T00:00:00Z")
        assert store.listed() == stored
    assert "No article fits rule 1 now." in admin.get().text


def test_an_administrator_sees_what_somebody_sees(admin: Person, archive: Archive) -> None:
    reader = Person(admin.place, archive, "read")
    admin.post(do="add", kind="everyone", tier="metadata", collection="wire", place="first")
    admin.post(do="add", kind="group:", name="desk", tier="text", collection="wire", place="first")

    def tiers(asked: str) -> list[str]:
        return re.findall(r'<td class="n">(\d+)</td></tr>', admin.get(f"/rights?{asked}").text)

    assert tiers("kind=everyone") == ["0", "3", "0", "2"]
    assert tiers("kind=group:&name=desk") == ["0", "0", "3", "2"]
    assert tiers("kind=key:&name=read%20key") == ["0", "3", "0", "2"]
    admin.post(do="groups", member=KEY + reader.key.id, groups="desk, readers")
    assert tiers("kind=key:&name=read%20key") == ["0", "0", "3", "2"]
    assert tiers("kind=key:&name=admin%20key") == ["0", "0", "0", "5"]
    with Rights(admin.place) as rights:
        assert rights.groups() == {KEY + reader.key.id: {"desk", "readers"}}
    assert admin.get("/rights?kind=key:&name=nobody").status_code == 400


def test_a_session_is_ended_on_the_page(admin: Person, archive: Archive) -> None:
    reader = Person(admin.place, archive, "read")
    ids = {key.id: one.id for one, key in Sessions(str(admin.place)).listed()}
    assert reader.get("/api/me").json["name"] == "read key"

    admin.post(do="close", session=ids[reader.key.id])
    assert reader.get("/api/me").json["name"] == ""


def test_only_an_administrator_has_the_page(admin: Person, archive: Archive) -> None:
    editor = Person(admin.place, archive, "edit")

    assert editor.get().status_code == 403
    assert editor.post(do="add", kind="everyone", tier="none").status_code == 403
    assert editor.client.simulate_get("/rights", headers=HOST).status_code == 401
    assert admin.rules == []
