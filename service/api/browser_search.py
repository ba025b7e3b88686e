"""`GET /opensearch.xml`: lets a browser offer Dateline as a search engine (OpenSearch 1.1)."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from falcon import Request, Response

from service import params
from service.formats.feed import OPENSEARCH
from service.params.operation import operation
from service.resource import Resource

MEDIA_TYPE = "application/opensearchdescription+xml"
_LONGEST_NAME = 16


class OpenSearchResource(Resource):
    """The description, with the addresses under which it was requested."""

    @operation("opensearch", "The search engine description for browsers", (MEDIA_TYPE,), unknown="ignore")
    def on_get(self, req: Request, resp: Response) -> None:
        params.none(params.tracking.without(params.split(req.query_string)))
        here = self._settings.base(req.prefix)
        description = ET.Element("OpenSearchDescription", xmlns=OPENSEARCH)

        def add(name: str, text: str | None = None, **attributes: str) -> None:
            ET.SubElement(description, name, attributes).text = text

        add("ShortName", self._settings.site_name[:_LONGEST_NAME])
        add("Description", f"Search the news archive {self._settings.site_name}")
        add("InputEncoding", "UTF-8")
        add("OutputEncoding", "UTF-8")
        add("Image", f"{here}/static/icon.svg", type="image/svg+xml")
        add("Url", type="text/html", rel="results", template=f"{here}/?q={{searchTerms}}&page={{startPage?}}")
        feed = f"{here}/feed.atom?q={{searchTerms}}&page={{startPage?}}&size={{count?}}"
        add("Url", type="application/atom+xml", rel="results", template=feed)
        add("Url", type=MEDIA_TYPE, rel="self", template=f"{here}/opensearch.xml")
        add("Query", role="example", searchTerms="berlin wall")
        resp.content_type = MEDIA_TYPE
        resp.data = b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(description, encoding="utf-8")
