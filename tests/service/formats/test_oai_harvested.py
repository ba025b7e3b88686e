"""OAI-PMH, harvested by an independent program from a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from oaipmh_scythe import IdDoesNotExist, NoRecordsMatch, Scythe
from oaipmh_scythe.models import Header, MetadataFormat, Record

import search
from search import Article
from service.formats.harvest import TOGETHER
from tests.service.serving import hosted

COUNT = 2 * TOGETHER + 5


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scythe]:
    place: Path = tmp_path_factory.mktemp("harvested") / "news.idx"
    with search.writer(place) as writer:
        for number in range(COUNT):
            stamp = f"2026-11-{1 + number % 20:02}T10:00:00Z"
            writer.add(Article(f"a{number}", "A zebra ran.", "Zebra", changed=stamp, added=stamp, source="Wire"))
        writer.add(Article("gone", "Another one."))
    with search.writer(place) as writer:
        writer.delete("gone")
    with hosted(place) as address, Scythe(f"{address}/oai") as opened:
        yield opened


def name(header: Header) -> str:
    return str(header.identifier).rpartition(":")[2]


def test_a_catalogue_harvests_every_record_once(catalogue: Scythe) -> None:
    records = [one for one in catalogue.list_records() if isinstance(one, Record)]

    assert sorted(name(one.header) for one in records if not one.deleted) == sorted(f"a{n}" for n in range(COUNT))
    assert [name(one.header) for one in records if one.deleted] == ["gone"]
    assert records[0].metadata["publisher"] == ["Wire"]


def test_a_catalogue_harvests_what_changed_then(catalogue: Scythe) -> None:
    found = list(catalogue.list_identifiers(from_="2026-11-19", until="2026-11-20"))

    assert len(found) == sum(number % 20 >= 18 for number in range(COUNT))
    with pytest.raises(NoRecordsMatch):
        next(catalogue.list_records(until="1969-01-01"))


def test_a_catalogue_reads_what_the_archive_is(catalogue: Scythe) -> None:
    assert catalogue.identify().protocolVersion == "2.0"
    forms = [one.metadataPrefix for one in catalogue.list_metadata_formats() if isinstance(one, MetadataFormat)]
    assert forms == ["oai_dc"]
    one = next(catalogue.list_identifiers())
    assert isinstance(one, Header)
    assert one.identifier
    record = catalogue.get_record(one.identifier)
    assert isinstance(record, Record)
    assert record.header.identifier == one.identifier
    with pytest.raises(IdDoesNotExist):
        catalogue.get_record("oai:x:y")
