"""OAI-PMH: records of all articles, each once, with those that were removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import falcon.testing
import pytest

import search
from search import Article
from service.archive import Archive
from service.formats.harvest import TOGETHER
from service.server.app import create_app
from service.settings import Settings
from tests.cases import cases

NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "d": "http://purl.org/dc/elements/1.1/",
    "c": "http://www.openarchives.org/OAI/2.0/oai_dc/",
}
COUNT = 2 * TOGETHER + 7
HOST = "news.example.org"
HERE = f"https://{HOST}"
LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("oai") / "news.idx"
    with search.writer(place) as writer:
        for number in range(COUNT):
            stamp = f"2026-11-{1 + number % 20:02}T10:00:00Z"
            writer.add(Article(f"a{number}", "A zebra ran.", "Zebra & <co>", changed=stamp, added=stamp))
        writer.add(Article("gone", "Another one."))
        writer.add(
            Article(
                "whole", f"It {'was so ' * 100}", "Wall", published="1961-08-13", source="Wire", language="en",
                byline="Ann Lee", person=("Bo Diaz",), country=("DE",), url="https://wire.example.org/1",
                changed="2026-11-25T10:00:00Z",
            )
        )  # fmt: skip
    with search.writer(place) as writer:
        writer.delete("gone")
    return place


@pytest.fixture(scope="module")
def client(place: Path) -> Iterator[falcon.testing.TestClient]:
    with Archive(str(place)) as archive:
        yield falcon.testing.TestClient(create_app(archive, Settings(public_url=HERE, site_name="The Wire")))


def ask(client: falcon.testing.TestClient, **arguments: str) -> ElementTree.Element:
    given = {name.rstrip("_"): value for name, value in arguments.items()}
    answer = client.simulate_get("/oai", params=given)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def harvested(client: falcon.testing.TestClient, verb: str, **arguments: str) -> list[ElementTree.Element]:
    """The headers of a whole list, and how many answers it took."""
    found, asked = [], {"verb": verb, "metadataPrefix": "oai_dc", **arguments}
    while asked:
        answer = ask(client, **asked)
        found += answer.findall(".//o:header", NAMES)
        token = answer.findtext(".//o:resumptionToken", namespaces=NAMES)
        asked = {"verb": verb, "resumptionToken": token} if token else {}
    return found


def identifiers(headers: list[ElementTree.Element]) -> list[str]:
    return [(one.findtext("o:identifier", namespaces=NAMES) or "").rpartition(":")[2] for one in headers]


@cases("verb", ["ListIdentifiers", "ListRecords"])
def test_every_article_is_listed_once_and_removed_ones_at_the_end(client: falcon.testing.TestClient, verb: str) -> None:
    headers = harvested(client, verb)
    ids = identifiers(headers)

    assert len(ids) == len(set(ids)) == COUNT + 2
    assert [one.get("status") for one in headers] == [*[None] * (COUNT + 1), "deleted"]
    assert ids[-1] == "gone"


def test_a_range_is_of_times_of_change(client: falcon.testing.TestClient) -> None:
    day = identifiers(harvested(client, "ListIdentifiers", from_="2026-11-03", until="2026-11-03"))

    assert sorted(day) == sorted(f"a{number}" for number in range(2, COUNT, 20))


def test_a_record_has_the_elements_of_dublin_core(client: falcon.testing.TestClient) -> None:
    found = ask(client, verb="GetRecord", identifier="oai:news.example.org:whole", metadataPrefix="oai_dc")
    elements = {(one.tag.partition("}")[2], one.text) for one in found.find(".//c:dc", NAMES) or ()}

    assert {
        ("title", "Wall"), ("creator", "Ann Lee"), ("subject", "Bo Diaz"), ("coverage", "Germany"),
        ("publisher", "Wire"), ("date", "1961-08-13"), ("type", "Text"), ("language", "en"),
        ("identifier", f"{HERE}/article/whole"), ("source", "https://wire.example.org/1"),
    } <= elements  # fmt: skip
    described = dict(elements)["description"] or ""
    assert described.endswith("…")
    assert len(described) <= 501


def test_it_says_what_it_is(client: falcon.testing.TestClient) -> None:
    found = ask(client, verb="Identify")
    form = ask(client, verb="ListMetadataFormats")

    assert found.findtext(".//o:repositoryName", namespaces=NAMES) == "The Wire"
    assert found.findtext(".//o:baseURL", namespaces=NAMES) == f"{HERE}/oai"
    assert found.findtext(".//o:deletedRecord", namespaces=NAMES) == "transient"
    assert [one.text for one in form.iterfind(".//o:metadataPrefix", NAMES)] == ["oai_dc"]


@cases(
    "arguments, code",
    [
        ({}, "badVerb"),
        ({"verb": "ListEverything"}, "badVerb"),
        ({"verb": "Identify", "from": "2026"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({**LIST, "from": "2026-13-01"}, "badArgument"),
        (
            {**LIST, "from": "2026-11-02", "until": "2026-11-01"},
            "badArgument",
        ),
        ({**LIST, "from": "2999-01-01"}, "noRecordsMatch"),
        ({**LIST, "set": "a"}, "noSetHierarchy"),
        ({"verb": "ListSets"}, "noSetHierarchy"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "WyIiLCIiLCJ4IiwwXQ"}, "badResumptionToken"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "a1"}, "idDoesNotExist"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:news.example.org:../x"},
            "idDoesNotExist",
        ),
    ],
)
def test_what_is_wrong_is_an_error_of_the_protocol(
    client: falcon.testing.TestClient, arguments: dict[str, str], code: str
) -> None:
    error = ask(client, **arguments).find("o:error", NAMES)

    assert error is not None
    assert error.get("code") == code
    assert error.text
