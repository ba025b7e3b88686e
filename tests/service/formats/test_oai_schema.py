"""OAI-PMH as its own schema describes it: that of the protocol, which the sources of `pyoai` (BSD) have."""

from __future__ import annotations

import subprocess
import sys
import tarfile

import falcon.testing
import pytest
from lxml import etree

from service.formats.dublin_core import DC, OAI_DC
from service.formats.oai import OAI
from tests import waiting
from tests.cases import cases
from tests.service.formats.test_oai import LIST, client, place

__all__ = ["client", "place"]

pytestmark = [pytest.mark.wheel, pytest.mark.check]
ELEMENTS = (
    "title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format", "identifier",
    "source", "language", "relation", "coverage", "rights",
)  # fmt: skip
"""Of simple Dublin Core, by the protocol: in any order, any number of times."""
XSD = "http://www.w3.org/2001/XMLSchema"
SIMPLE = f"""<schema xmlns="{XSD}" targetNamespace="{DC}">
{"".join(f'<element name="{name}" type="string"/>' for name in ELEMENTS)}
</schema>"""
RECORD = f"""<schema xmlns="{XSD}" xmlns:dc="{DC}" targetNamespace="{OAI_DC}">
<import namespace="{DC}" schemaLocation="simple.xsd"/>
<element name="dc"><complexType><choice minOccurs="0" maxOccurs="unbounded">
{"".join(f'<element ref="dc:{name}"/>' for name in ELEMENTS)}
</choice></complexType></element>
</schema>"""
BOTH = f"""<schema xmlns="{XSD}">
<import namespace="{OAI}" schemaLocation="OAI-PMH.xsd"/><import namespace="{OAI_DC}" schemaLocation="record.xsd"/>
</schema>"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    folder = tmp_path_factory.mktemp("schema")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "pyoai", "pyoai==2.5.0"]
    subprocess.run(command, cwd=folder, check=True, timeout=waiting.HANG_S)
    with tarfile.open(folder / "pyoai-2.5.0.tar.gz") as packed:
        found = packed.extractfile("pyoai-2.5.0/src/oaipmh/tests/OAI-PMH.xsd")
        assert found is not None
        strict = found.read().replace(b'processContents="skip"', b'processContents="strict"')  # as the protocol has it
        (folder / "OAI-PMH.xsd").write_bytes(strict)
    for name, text in (("simple", SIMPLE), ("record", RECORD), ("both", BOTH)):
        (folder / f"{name}.xsd").write_text(text, "utf-8")
    return etree.XMLSchema(etree.parse(folder / "both.xsd"))


@cases(
    "asked",
    [
        {"verb": "Identify"},
        {"verb": "ListMetadataFormats"},
        {"verb": "ListSets"},
        {"verb": "GetRecord", "identifier": "oai:news.example.org:whole", "metadataPrefix": "oai_dc"},
        {"verb": "GetRecord", "identifier": "oai:news.example.org:gone", "metadataPrefix": "oai_dc"},
        {**LIST, "until": "2026-11-05"},
        {**LIST, "from": "2999-01-01"},
        {"verb": "ListEverything"},
        {"verb": "Identify", "from": "\x00<2026"},
        {"verb": "ListRecords", "resumptionToken": "x"},
        {},
    ],
)
def test_an_answer_is_valid(client: falcon.testing.TestClient, schema: etree.XMLSchema, asked: dict[str, str]) -> None:
    assert schema.validate(etree.fromstring(client.simulate_get("/oai", params=asked).content)), schema.error_log


@cases("verb", ["ListIdentifiers", "ListRecords"])
def test_each_page_of_a_list_is_valid(client: falcon.testing.TestClient, schema: etree.XMLSchema, verb: str) -> None:
    asked, pages = {"verb": verb, "metadataPrefix": "oai_dc"}, 0
    while asked:
        answer = etree.fromstring(client.simulate_get("/oai", params=asked).content)
        assert schema.validate(answer), schema.error_log
        token = answer.findtext(f".//{{{OAI}}}resumptionToken")
        asked, pages = ({"verb": verb, "resumptionToken": token} if token else {}), pages + 1

    assert pages == 4


def test_what_the_protocol_does_not_have_is_invalid(client: falcon.testing.TestClient, schema: etree.XMLSchema) -> None:
    asked = {"verb": "GetRecord", "identifier": "oai:news.example.org:whole", "metadataPrefix": "oai_dc"}
    text = client.simulate_get("/oai", params=asked).text
    for before, after in (("dc:title", "dc:titel"), ("<datestamp>", "<datestamp>on "), ("verb=", "verbs=")):
        assert not schema.validate(etree.fromstring(text.replace(before, after).encode()))
