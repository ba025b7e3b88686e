"""`GET /api/pairs`: the pairs of values in the articles of a result, as JSON, CSV or GraphML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from falcon import Request, Response
from msgspec.structs import asdict

from search.measures.cooccurrence import Pairs
from search.system.json import Json
from service import params
from service.formats import render, takeaway
from service.formats.export import Provenance
from service.formats.feed import clean
from service.html.parts import figure
from service.params.operation import operation
from service.resource import Resource
from service.values import result_values
from service.values.shared_values import encode


@dataclass(frozen=True, slots=True)
class PairsFormat:
    """A format: its media type, its file name extension, and its writer."""

    media_type: str
    suffix: str
    write: Callable[[Pairs, Provenance], bytes]


def graphml(found: Pairs, origin: Provenance) -> bytes:
    """GraphML, for programs that draw graphs: an undirected graph, with the NPMI and the weight of each edge.

    Source: http://graphml.graphdrawing.org/specification.html.
    """
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    ET.SubElement(root, "desc").text = clean(f"{origin.query}; generation {origin.generation}, {origin.exported}")
    for name, where, kind in _KEYS:
        ET.SubElement(root, "key", {"id": f"{where}-{name}", "for": where, "attr.name": name, "attr.type": kind})
    drawn = ET.SubElement(root, "graph", id="pairs", edgedefault="undirected")
    numbers: dict[tuple[str, str], str] = {}
    for number, node in enumerate(found.nodes):
        numbers[node.field, node.value] = f"n{number}"
        _with_data(ET.SubElement(drawn, "node", id=f"n{number}"), "node", asdict(node))
    one, other = found.pairing.fields
    for edge in found.edges:
        element = ET.SubElement(drawn, "edge", source=numbers[one, edge.a], target=numbers[other, edge.b])
        _with_data(element, "edge", {"count": edge.count, "npmi": edge.npmi, "weight": edge.count})
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


_KEYS = (
    ("field", "node", "string"), ("value", "node", "string"), ("label", "node", "string"), ("count", "node", "long"),
    ("count", "edge", "long"), ("npmi", "edge", "double"), ("weight", "edge", "double"),
)  # fmt: skip


def _with_data(element: ET.Element, where: str, values: Json) -> None:
    for name, value in values.items():
        ET.SubElement(element, "data", key=f"{where}-{name}").text = clean(str(value))


FORMATS = {
    "json": PairsFormat("application/json", "json", lambda found, _origin: encode(render.pairs(found))),
    "csv": PairsFormat(takeaway.CSV, "csv", lambda found, origin: takeaway.table(takeaway.pairs(found), origin)),
    "graphml": PairsFormat("application/graphml+xml; charset=utf-8", "graphml", graphml),
}


class PairsResource(Resource):
    """`GET /api/pairs`: which values appear in the same articles."""

    @operation(
        "pairs",
        "The values that appear in the same articles of a result",
        result_values.Pairs,
        parameters=params.pairs.PARAMETERS,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        request = params.pairs.read(params.split(req.query_string))
        engine = self._archive.engine
        found, origin = takeaway.stated(
            engine, takeaway.given(req), lambda: engine.pairs(request.query, request.pairing)
        )
        name = "-".join(request.pairing.fields)
        if request.format == "svg":
            takeaway.give(req, resp, "svg", name, figure.pairs(found, request.query, origin, self._settings.site_name))
            return
        form = FORMATS[request.format]
        resp.data = form.write(found, origin)
        resp.content_type = form.media_type
        if request.format != "json":
            req.context.dated = True
            resp.downloadable_as = f"dateline-{name}.{form.suffix}"
