"""Files that a page sends, without a script: what becomes of them, and what is refused of hostile ones."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import falcon.testing
import pytest

import search
from desk.people import keys
from search import Article
from service.archive import Archive
from service.server.app import create_app
from service.server.indexing import Indexing
from service.settings import Settings
from tests.service.desk.editor import FORM

Result = falcon.testing.Result
LINES = '{"id": "a", "text": "A zebra."}\nbroken\n{"id": "b", "title": "No text"}\n[]\n{"id": "c", "text": "A lynx."}\n'


class Uploader:
    """Somebody who has signed in with a key of scope `index`."""

    def __init__(self, place: Path, archive: Archive) -> None:
        self.place = place
        self.client = falcon.testing.TestClient(create_app(archive, Settings(max_body_mb=1)))
        secret = keys.add(str(place), ["index"])[1]
        answer = self.client.simulate_post("/sign-in", body=urlencode({"key": secret}), headers=FORM)
        self.headers = {"Cookie": f"dateline={answer.cookies['dateline'].value}"}
        self.fields = dict(re.findall(r'name="(token|once)" value="([^"]*)"', self.get("/upload")))

    def get(self, path: str) -> str:
        return str(self.client.simulate_get(path, headers=self.headers).text)

    def send(self, *files: tuple[str, bytes], **fields: str) -> Result:
        """Send a form; `location` has the page to go on to."""
        parts = [(f'name="{name}"', value.encode()) for name, value in {**self.fields, **fields}.items()]
        parts += [(f'name="file"; filename="{name}"', data) for name, data in files]
        body = b"".join(b"--x\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (n.encode(), d) for n, d in parts)
        headers = {**self.headers, "Content-Type": "multipart/form-data; boundary=x"}
        return self.client.simulate_post("/upload", body=body + b"--x--\r\n", headers=headers)

    def do(self, page: str, do: str, **fields: str) -> Result:
        body = urlencode({"token": self.fields["token"], "do": do, **fields})
        return self.client.simulate_post(page, body=body, headers={**self.headers, **FORM})

    def indexed(self, page: str) -> str:
        """The text of the page of a job, once all are done."""
        Indexing(str(self.place), 1, lambda: False).once()
        return unescape(re.sub(r"<[^>]*>", "", self.get(page)))

    def ids(self) -> set[str]:
        with search.open(self.place) as engine:
            return {article.id for article in engine.export(search.Query())}


@pytest.fixture
def uploader(tmp_path: Path) -> Iterator[Uploader]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("old", "An old zebra."))
    with Archive(str(place)) as archive:
        yield Uploader(place, archive)


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def test_a_zip_is_read_with_its_reasons_and_undone(uploader: Uploader) -> None:
    page = uploader.send(("news.zip", zipped(**{"in/a.jsonl": LINES}))).headers["location"]
    shown = uploader.indexed(page)

    assert uploader.ids() == {"old", "a", "c"}
    assert "3 rejected records" in shown
    assert "news.zip/in/a.jsonl" in shown
    assert "It is not a JSON object: it is a list." in shown
    assert "news.zip" in uploader.get("/upload")
    uploader.do(page, "undo")
    assert "undone" in uploader.indexed(page)
    assert uploader.ids() == {"old"}


def test_a_folder_is_read_as_one(uploader: Uploader) -> None:
    mets = ("in/x.txt", b"The text of x."), ("in/x.json", b'{"title": "A title"}'), ("../out.txt", b"Outside.")
    shown = uploader.indexed(uploader.send(*mets).headers["location"])

    with search.open(uploader.place) as engine:
        assert [a.title for a in engine.export(search.Query()) if a.id != "old"] == ["A title"]
    assert "Its name leads out of the archive." in shown


def test_a_table_waits_until_its_columns_are_chosen(uploader: Uploader) -> None:
    table = "Kopf;Inhalt;date\n" + "".join(f"<b>Titel {n};Ein Zebra {n}.;1961-08-13\n" for n in range(20))
    page = uploader.send(("t.csv", table.encode())).headers["location"]
    assert "No column is known as the text. Choose it." in uploader.indexed(page)

    uploader.do(page, "look", text="Inhalt", title="Kopf")
    shown = uploader.get(page)
    assert ("Ein Zebra 9." in shown, "Ein Zebra 10." in shown, "<b>Titel" in shown) == (True, False, False)
    assert uploader.ids() == {"old"}
    uploader.do(page, "index", text="Inhalt", title="Kopf")
    uploader.indexed(page)
    assert len(uploader.ids()) == 21


def test_what_is_ignored_of_a_record_is_told_before_it_is_read(uploader: Uploader) -> None:
    table = "title,text,date\nA,A zebra.,01-03-1950\nB,A quagga.,04-05-1950\n"
    page = uploader.send(("t.csv", table.encode())).headers["location"]
    headers = {"Authorization": f"Bearer {keys.add(str(uploader.place), ['admin'])[1]}"}
    here = f"/api/jobs/{page.rpartition('/')[2]}"
    reasons = [row["reason"] for row in uploader.client.simulate_get(here, headers=headers).json["table"]["read"]]

    assert [reason[:36] for reason in reasons] == ["Its date of publication was ignored:"] * 2
    assert uploader.get(page).count("Its date of publication was ignored:") == 2


@pytest.mark.parametrize("table", ["", ";" * 5000, "a;b\n" + '"' * 100_000, "text\n" + "\0" * 5000, "sep=;\n"])
def test_a_table_of_any_shape_is_shown(uploader: Uploader, table: str) -> None:
    answer = uploader.send(("t.csv", table.encode()), ("", b""))

    assert uploader.client.simulate_get(answer.headers["location"], headers=uploader.headers).status_code == 200


def test_a_file_reads_no_other_of_the_spool(uploader: Uploader) -> None:
    (uploader.place / "secret.txt").write_text("The secret.")
    (uploader.place / "spool" / "x.json").write_text('{"title": "The secret"}')
    uploader.indexed(uploader.send(("in/x.txt", b"A text.")).headers["location"])

    with search.open(uploader.place) as engine:
        assert "The secret" not in {article.title for article in engine.export(search.Query())}


def test_a_form_that_is_sent_twice_is_one_upload(uploader: Uploader) -> None:
    first, second = (uploader.send(("a.txt", b"A text."), once="n1").headers["location"] for _ in range(2))

    assert first == second


def test_what_is_refused_is_told_on_the_page(uploader: Uploader) -> None:
    refused = uploader.send(("a.txt", b"A text."), collection="a/b")

    assert (refused.status_code, "is not a valid collection" in refused.text) == (400, True)
    assert "No file was sent." in uploader.send(("", b"")).text
    assert uploader.send(("a.txt", b"x" * 2**20)).status_code == 413
    assert uploader.send(("a.txt", b"A text."), token="wrong").status_code == 403
    assert list((uploader.place / "spool").glob("*.body")) == []


def test_a_file_is_sent_over_the_api(uploader: Uploader) -> None:
    headers = {"Authorization": f"Bearer {keys.add(str(uploader.place), ['index'])[1]}", "Content-Type": "text/csv"}
    path = "/api/articles?name=t.csv&map=text=Inhalt&map=title=Kopf"
    accepted = uploader.client.simulate_post(path, body="Kopf;Inhalt\nA;Ein Zebra.\n", headers=headers)
    Indexing(str(uploader.place), 1, lambda: False).once()
    job = uploader.client.simulate_get(accepted.json["links"]["self"], headers=headers).json

    assert (job["state"], job["name"], job["added"], job["skipped"]) == ("done", "t.csv", 1, [])
    wrong = uploader.client.simulate_post("/api/articles?map=x", body="a", headers=headers)
    assert wrong.json["errors"][0]["parameter"] == "map"


def test_a_table_sent_over_the_api_shows_what_would_be_read(uploader: Uploader) -> None:
    headers = {"Authorization": f"Bearer {keys.add(str(uploader.place), ['index'])[1]}", "Content-Type": "text/csv"}
    other = {"Authorization": f"Bearer {keys.add(str(uploader.place), ['index'])[1]}"}
    rows = "".join(f"Titel {n};Ein Zebra {n}.\n" for n in range(20))
    accepted = uploader.client.simulate_post(
        "/api/articles?name=t.csv&paused=true", body=f"Kopf;Inhalt\n{rows}", headers=headers
    )
    assert accepted.status_code == 202, accepted.text
    here = accepted.json["links"]["self"]

    before = uploader.client.simulate_get(here, headers=headers).json["table"]
    assert (before["columns"], before["read"]) == (["Kopf", "Inhalt"], [])
    assert "No column is known as the text." in before["problem"]
    assert "table" not in uploader.client.simulate_get(here, headers=other).json

    def do(**wanted: object) -> int:
        return uploader.client.simulate_post(
            here, json=wanted, headers=headers | {"Content-Type": "application/json"}
        ).status_code

    assert do(do="map", map={"nowhere": "Inhalt"}) == 400
    strange = uploader.client.simulate_post(
        here, json={"do": "x"}, headers={**headers, "Content-Type": "application/json"}
    )
    (error,) = strange.json["errors"]
    assert (error["parameter"], error["hint"]) == ("do", "It is one of: pause, map, resume, undo.")
    assert do(do="map", map={"text": "Nichtda"}) == 400
    assert do(do="map", map={"text": "Inhalt", "title": "Kopf"}) == 202
    after = uploader.client.simulate_get(here, headers=headers).json["table"]
    assert (after["problem"], len(after["rows"]), len(after["read"])) == ("", 10, 10)
    assert after["read"][9] == {
        "title": "Titel 9",
        "published": None,
        "source": None,
        "text": "Ein Zebra 9.",
        "reason": "",
    }
    assert do(do="resume") == 202
    Indexing(str(uploader.place), 1, lambda: False).once()
    assert uploader.client.simulate_get(here, headers=headers).json["added"] == 20
    assert do(do="map", map={"text": "Kopf"}) == 409
