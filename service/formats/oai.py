"""`/oai`: the articles as records of OAI-PMH 2.0 in Dublin Core, for library catalogues and other harvesters.

    GET /oai?verb=ListRecords&metadataPrefix=oai_dc&from=2026-11-01

A record's datestamp is the time at which the article last changed in the index. Records come newest first, those that
were removed in the last days at the end; a resumption token continues in the same state of the archive for as long as
that is retained (see `harvest`). There are no sets.
Source: https://www.openarchives.org/OAI/2.0/openarchivesprotocol.htm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from falcon import Request, Response

from search.engine import Engine
from search.errors import ArticleGone, ArticleMissing
from search.values.article import ID_PATTERN
from service import params
from service.formats import harvest
from service.formats.dublin_core import OAI_DC, XSI, describe
from service.formats.feed import clean
from service.formats.harvest import EARLIEST, Listed, Refused
from service.params.operation import operation
from service.params.parameter import Parameter
from service.resource import Resource

OAI = "http://www.openarchives.org/OAI/2.0/"
MEDIA_TYPE = "text/xml; charset=utf-8"
PREFIX = "oai_dc"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LISTING = {"from", "until", "set", "metadataPrefix", "resumptionToken"}
ARGUMENTS: Mapping[str, set[str]] = {
    "Identify": set(),
    "ListMetadataFormats": {"identifier"},
    "ListSets": {"resumptionToken"},
    "ListIdentifiers": _LISTING,
    "ListRecords": _LISTING,
    "GetRecord": {"identifier", "metadataPrefix"},
}
"""The arguments of each verb."""


@dataclass(frozen=True, slots=True)
class Harvesting:
    """The arguments, for the description."""

    verb: str = ""
    identifier: str | None = None
    metadata_prefix: str | None = None
    set: str | None = None
    since: str | None = None
    until: str | None = None
    token: str | None = None


PARAMETERS = (
    Parameter("verb", "string", "What is asked.", Harvesting, "verb", choices=tuple(ARGUMENTS)),
    Parameter("identifier", "string", "Of a record.", Harvesting, "identifier"),
    Parameter("metadataPrefix", "string", "The format of records: oai_dc.", Harvesting, "metadata_prefix"),
    Parameter("set", "string", "There are none.", Harvesting, "set"),
    Parameter("from", "string", "Records changed then or later: a day, or a second in UTC.", Harvesting, "since"),
    Parameter("until", "string", "Records changed then or earlier.", Harvesting, "until"),
    Parameter("resumptionToken", "string", "From the answer before.", Harvesting, "token"),
)


class OaiResource(Resource):
    """`GET /oai`: a provider of records."""

    @operation(
        "oai", "Records of all articles by OAI-PMH 2.0", (MEDIA_TYPE,), "An answer of the protocol",
        parameters=PARAMETERS,
    )  # fmt: skip
    def on_get(self, req: Request, resp: Response) -> None:
        here = self._settings.base(req.prefix)
        given = params.split(req.query_string)
        root = ET.Element("OAI-PMH", {"xmlns": OAI, f"{{{XSI}}}schemaLocation": f"{OAI} {OAI}OAI-PMH.xsd"})
        _add(root, "responseDate", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        asked = _add(root, "request", f"{here}/oai")
        try:
            verb, arguments = _arguments(given)
            for name, value in (("verb", verb), *arguments.items()):
                asked.set(name, clean(value))
            provider = _Provider(self._archive.engine, here, self._settings.site_name)
            root.append(provider.answer(verb, arguments))
        except Refused as problem:
            if problem.code in ("badVerb", "badArgument"):
                asked.attrib.clear()
            _add(root, "error", str(problem)).set("code", problem.code)
        resp.content_type = MEDIA_TYPE
        resp.set_header("Cache-Control", "no-store")
        resp.data = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8")


def _arguments(given: Sequence[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """The verb and its arguments."""
    verbs = [value for name, value in given if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in ARGUMENTS:
        raise Refused("badVerb", f"Give one verb: {', '.join(ARGUMENTS)}.")
    verb, others = verbs[0], [(name, value) for name, value in given if name != "verb"]
    for name, count in Counter(name for name, _ in others).items():
        if name not in ARGUMENTS[verb]:
            raise Refused("badArgument", f"{verb} has no argument “{name[:80]}”.")
        if count > 1:
            raise Refused("badArgument", f"{name} is given {count} times.")
    arguments = dict(others)
    if "resumptionToken" in arguments and len(arguments) > 1:
        raise Refused("badArgument", "A resumptionToken is the only argument.")
    lists = verb in ("ListIdentifiers", "ListRecords")
    needs = ("identifier", "metadataPrefix") if verb == "GetRecord" else ("metadataPrefix",) if lists else ()
    for name in needs if "resumptionToken" not in arguments else ():
        if name not in arguments:
            raise Refused("badArgument", f"{verb} needs {name}.")
    return verb, arguments


class _Provider:
    """Answers requests about one archive."""

    def __init__(self, engine: Engine, here: str, site: str) -> None:
        self._engine = engine
        self._here = here
        self._site = site
        self._beginning = f"oai:{urlsplit(here).hostname or 'localhost'}:"

    def answer(self, verb: str, arguments: Mapping[str, str]) -> ET.Element:
        """The element of an answer. Raises Refused."""
        if arguments.get("metadataPrefix", PREFIX) != PREFIX:
            raise Refused("cannotDisseminateFormat", f"The format of records is {PREFIX}.")
        verbs: Mapping[str, Callable[[ET.Element, Mapping[str, str]], None]] = {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "ListSets": self._sets,
            "ListIdentifiers": self._list,
            "ListRecords": self._list,
            "GetRecord": self._record,
        }
        found = ET.Element(verb)
        verbs[verb](found, arguments)
        return found

    def _identify(self, found: ET.Element, _arguments: Mapping[str, str]) -> None:
        _add(found, "repositoryName", self._site)
        _add(found, "baseURL", f"{self._here}/oai")
        _add(found, "protocolVersion", "2.0")
        _add(found, "adminEmail", f"postmaster@{urlsplit(self._here).hostname or 'localhost'}")
        _add(found, "earliestDatestamp", EARLIEST)
        _add(found, "deletedRecord", "transient")
        _add(found, "granularity", "YYYY-MM-DDThh:mm:ssZ")

    def _formats(self, found: ET.Element, arguments: Mapping[str, str]) -> None:
        if "identifier" in arguments:
            self._found(arguments["identifier"])
        form = _add(found, "metadataFormat")
        _add(form, "metadataPrefix", PREFIX)
        _add(form, "schema", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
        _add(form, "metadataNamespace", OAI_DC)

    def _sets(self, _found: ET.Element, _arguments: Mapping[str, str]) -> None:
        raise Refused("noSetHierarchy", "There are no sets.")

    def _record(self, found: ET.Element, arguments: Mapping[str, str]) -> None:
        self._add(found, self._found(arguments["identifier"]), whole=True)

    def _found(self, identifier: str) -> Listed:
        article_id = identifier.removeprefix(self._beginning)
        try:
            if identifier.startswith(self._beginning) and ID_PATTERN.fullmatch(article_id):
                article = self._engine.article(article_id)
                return Listed(article_id, article.changed or EARLIEST, article)
        except ArticleGone as gone:
            if gone.at is not None:
                return Listed(article_id, gone.at, None)
        except ArticleMissing:
            pass
        raise Refused("idDoesNotExist", f"There is no record “{identifier[:200]}”.")

    def _list(self, found: ET.Element, arguments: Mapping[str, str]) -> None:
        if "set" in arguments:
            raise Refused("noSetHierarchy", "There are no sets.")
        token = arguments.get("resumptionToken")
        place = harvest.read(token) if token is not None else harvest.Place(*_range(arguments))
        records, following = harvest.page(self._engine, place)
        if not records and token is None:
            raise Refused("noRecordsMatch", "No record was changed then.")
        for one in records:
            self._add(found, one, whole=found.tag == "ListRecords")
        if following is not None or token is not None:
            _add(found, "resumptionToken", harvest.token(following) if following is not None else "")

    def _add(self, above: ET.Element, record: Listed, whole: bool) -> None:
        """Add a record, or its header alone."""
        within = _add(above, "record") if whole else above
        header = _add(within, "header")
        _add(header, "identifier", f"{self._beginning}{record.id}")
        _add(header, "datestamp", record.at)
        if record.article is None:
            header.set("status", "deleted")
        elif whole:
            describe(_add(within, "metadata"), record.article, self._here)


def _range(arguments: Mapping[str, str]) -> tuple[str, str]:
    """The datestamps of a range, to the second."""
    given = [arguments.get(name, "") for name in ("from", "until")]
    for name, value in zip(("from", "until"), given, strict=True):
        if value and not _is_time(value):
            raise Refused("badArgument", f"{name} is “{value[:40]}”. Write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
    first, last = given
    if first and last and len(first) != len(last):
        raise Refused("badArgument", "from and until are of different granularity.")
    since = f"{first}T00:00:00Z" if _DAY.fullmatch(first) else first
    until = f"{last}T23:59:59Z" if _DAY.fullmatch(last) else last
    if since and until and since > until:
        raise Refused("badArgument", "from is after until.")
    return since, until


def _is_time(value: str) -> bool:
    form = "%Y-%m-%d" if _DAY.fullmatch(value) else "%Y-%m-%dT%H:%M:%SZ" if _SECOND.fullmatch(value) else None
    try:
        return form is not None and datetime.strptime(value, form) is not None
    except ValueError:
        return False


def _add(above: ET.Element, name: str, text: str | None = None) -> ET.Element:
    """Add an element of the protocol, whose namespace is the default one."""
    element = ET.SubElement(above, name)
    element.text = clean(text) if text is not None else None
    return element
