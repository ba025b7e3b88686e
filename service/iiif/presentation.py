"""The IIIF Presentation API 3.0: a manifest of each issue, and collections of those of a title, by year.

Canvases have the size and the unit of the boxes of their pages. Source: https://iiif.io/api/presentation/3.0/.
"""

from __future__ import annotations

from collections.abc import Iterator

from falcon import Request, Response

from search.analyses import issues
from search.analyses.issues import Edition, Issue, Piece, PrintedPage
from search.files import pictures
from search.system.json import Json
from search.text import dates
from search.values import printed
from service.api import scan
from service.html.mending import number_asked
from service.iiif import addresses
from service.iiif.image import thumbnail
from service.params import entity_path
from service.resource import Resource
from service.values.shared_values import encode

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
MEDIA_TYPE = f'application/ld+json;profile="{CONTEXT}"'


class ManifestResource(Resource):
    """`GET /iiif/{issue}/manifest`: an issue, by its day and source."""

    def on_get(self, req: Request, resp: Response, issue: str) -> None:
        """Describe an issue."""
        name, source = addresses.named(issue)
        found = issues.named(self._archive.engine, source, name)
        resp.content_type = MEDIA_TYPE
        resp.data = encode(manifest(found, self._archive.place, self._settings.base(req.prefix)))


class CollectionResource(Resource):
    """`GET /iiif/title/{source}`: the years of a title, or with `year` the issues of one."""

    def on_get(self, req: Request, resp: Response, value: str) -> None:
        """List years or issues."""
        year = number_asked(req, "year", 9999)
        engine = self._archive.engine
        with engine.batch():
            found = issues.calendar(engine, issues.title(engine, entity_path.read(value)), year)
            listed = [] if year is None else [*issues.editions(engine, found.source, year)]
        base = self._settings.base(req.prefix)
        of_year = [
            _reference(addresses.manifest(base, found.source, one.name), "Manifest", _called(found.source, one))
            | {"navDate": f"{dates.parse(one.date).first.isoformat()}T00:00:00Z"}
            for one in listed
        ]
        years = [
            _reference(addresses.collection(base, found.source, one), "Collection", f"{found.source}, {one}")
            for one in found.years
        ]
        described: Json = {
            "@context": CONTEXT,
            **_reference(
                addresses.collection(base, found.source, year),
                "Collection",
                found.source if year is None else f"{found.source}, {year}",
            ),
            "homepage": [_homepage(entity_path.title(found.source, base), found.source)],
            "items": years if year is None else of_year,
        }
        if year is not None:
            described["partOf"] = [_reference(addresses.collection(base, found.source), "Collection", found.source)]
        resp.content_type = MEDIA_TYPE
        resp.data = encode(described)


def manifest(issue: Issue, place: str, base: str) -> Json:
    """An issue.

    Args:
        place: the index, which stores the pictures.
        base: the URL of the service.
    """
    own = addresses.manifest(base, issue.source, issue.itself.name)
    label = _called(issue.source, issue.itself)
    pages = [(number, page) for number, page in enumerate(issue.pages, 1) if page.scan.width and page.scan.height]
    canvases = [_canvas(issue, number, page, place, base) for number, page in pages]
    ranges = list(_ranges(issue, pages, base))
    described: Json = {
        "@context": CONTEXT,
        **_reference(own, "Manifest", label),
        "navDate": f"{issue.day.isoformat()}T00:00:00Z",
        "homepage": [_homepage(entity_path.issue(issue.source, issue.itself.name, base), label)],
        "partOf": [
            _reference(
                addresses.collection(base, issue.source, issue.day.year),
                "Collection",
                f"{issue.source}, {issue.day.year}",
            )
        ],
        "service": [
            {"id": addresses.content_search(base, 2, issue.source, issue.itself.name), "type": "SearchService2"},
            {
                "@context": "http://iiif.io/api/search/1/context.json",
                "@id": addresses.content_search(base, 1, issue.source, issue.itself.name),
                "@type": "SearchService1",
                "profile": "http://iiif.io/api/search/1/search",
            },
        ],
        "items": canvases,
    }
    if ranges:
        described["structures"] = ranges
    return described


def _canvas(issue: Issue, number: int, page: PrintedPage, place: str, base: str) -> Json:
    own = addresses.canvas(base, issue.source, issue.itself.name, number)
    described: Json = {
        **_reference(own, "Canvas", page.label or str(number)),
        "width": page.scan.width,
        "height": page.scan.height,
        "items": [],
    }
    path = scan.stored(place, page.scan)
    if path is None:
        return described
    first = page.pieces[0]
    picture = f"{base}/article/{first.article.id}/scan/{first.number}"
    if path.suffix == ".pdf":
        document = _reference(picture, "Text", page.label or str(number)) | {"format": pictures.TYPES[path.suffix]}
        return described | {"rendering": [document]}
    body: Json = {"id": picture, "type": "Image", "format": pictures.TYPES[path.suffix]}
    if small := thumbnail(path, base, first.article.id, first.number):
        service = addresses.image(base, first.article.id, first.number)
        offered = [{"id": service, "type": "ImageService3", "profile": "level1"}]
        body = {"id": f"{service}/full/max/0/default.jpg", "type": "Image", "format": "image/jpeg", "service": offered}
        described["thumbnail"] = [{"id": small, "type": "Image", "format": "image/jpeg", "service": offered}]
    painting = {
        "id": f"{own}&part=picture",
        "type": "Annotation",
        "motivation": "painting",
        "body": body,
        "target": own,
    }
    described["items"] = [{"id": f"{own}&part=pictures", "type": "AnnotationPage", "items": [painting]}]
    return described


def _ranges(issue: Issue, pages: list[tuple[int, PrintedPage]], base: str) -> Iterator[Json]:
    """Each article, with the parts of the pages that it is on."""
    of: dict[str, list[tuple[int, Piece]]] = {}
    for number, page in pages:
        for piece in page.pieces:
            of.setdefault(piece.article.id, []).append((number, piece))
    for article_id, pieces in of.items():
        items = [
            part
            for number, piece in sorted(pieces, key=lambda one: one[1].number)
            for part in _parts(addresses.canvas(base, issue.source, issue.itself.name, number), piece)
        ]
        article = pieces[0][1].article
        yield _reference(f"{base}/article/{article_id}", "Range", article.heading, article.language) | {"items": items}


def _parts(canvas: str, piece: Piece) -> Iterator[Json]:
    """The blocks of an article on a page; the page, if they are not known."""
    words = [*printed.unpack(piece.scan.title), *printed.unpack(piece.scan.text)]
    for left, top, right, bottom in printed.blocks(words):
        at = {"type": "FragmentSelector", "value": f"xywh={left},{top},{right - left},{bottom - top}"}
        source = {"id": canvas, "type": "Canvas"}
        yield {"type": "SpecificResource", "source": source, "selector": at}
    if not words:
        yield {"id": canvas, "type": "Canvas"}


def _reference(address: str, kind: str, label: str, language: str | None = None) -> Json:
    return {"id": address, "type": kind, "label": {language or "none": [label]}}


def _called(source: str, edition: Edition) -> str:
    return ", ".join(filter(None, (source, edition.date, edition.label)))


def _homepage(address: str, label: str) -> Json:
    return _reference(address, "Text", label) | {"format": "text/html"}
