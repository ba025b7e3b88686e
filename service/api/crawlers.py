"""`/robots.txt` and `/sitemap.xml`: which programs of search engines may read what, and what there is.

Without `DATELINE_CRAWLERS`, all are asked to stay away, and there is no sitemap. With it they may read articles, and
the sitemap lists all that are in the index, which an article that was taken down, or is under an embargo, is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from xml.etree import ElementTree as ET

import falcon
from falcon import Request, Response

from search.engine import Engine
from search.text.calendar import end_of
from search.values.query import Interval, Query
from service import params
from service.params.operation import operation
from service.resource import Resource

MEDIA_TYPE = "application/xml"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
TOGETHER = 20_000
"""The addresses of a part; the protocol allows 50,000, and 50,000 parts."""
UNDATED = "undated"
_PART = re.compile(rf"(\d{{4}}-\d\d(?:-\d\d)?|{UNDATED})\.(\d{{1,5}})\.xml")
AWAY = "User-agent: *\nDisallow: /\n"


class RobotsResource(Resource):
    """`GET /robots.txt`."""

    @operation(
        "robots",
        "What programs of search engines may read",
        ("text/plain",),
        "Robots Exclusion Protocol",
        unknown="ignore",
    )
    def on_get(self, req: Request, resp: Response) -> None:
        """Say what may be read."""
        params.none(params.tracking.without(params.split(req.query_string)))
        here, root = self._settings.base(req.prefix), req.root_path
        resp.content_type = "text/plain; charset=utf-8"
        resp.text = AWAY
        if self._settings.crawlers:
            allowed = "".join(f"Allow: {root}{path}\n" for path in ("/article/", "/static/", "/sitemap", "/$"))
            closed = "".join(f"Disallow: {root}/article/*{end}\n" for end in ("?", "/scan/", "/versions/", "/event"))
            resp.text = f"User-agent: *\n{closed}{allowed}Disallow: {root}/\nSitemap: {here}/sitemap.xml\n"


class SitemapResource(Resource):
    """`GET /sitemap.xml`: the parts of the sitemap."""

    @operation(
        "sitemap",
        "The parts of a list of all articles, for search engines",
        (MEDIA_TYPE,),
        "A sitemap index",
        unknown="ignore",
        refuses={404: "Search engines are asked to stay away"},
    )
    def on_get(self, req: Request, resp: Response) -> None:
        """List the parts."""
        params.none(params.tracking.without(params.split(req.query_string)))
        _check(self._settings.crawlers)
        here = self._settings.base(req.prefix)
        root = ET.Element("sitemapindex", xmlns=SITEMAP)
        for name in _parts(self._archive.engine):
            ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = f"{here}/sitemap/{name}"
        _give(resp, root)


class SitemapPartResource(Resource):
    """`GET /sitemap/{name}`: the articles of a month, of a day that has many, or without a date."""

    @operation(
        "sitemapPart",
        "Addresses of articles, for search engines",
        (MEDIA_TYPE,),
        "A sitemap",
        unknown="ignore",
        refuses={404: "No such part"},
    )
    def on_get(self, req: Request, resp: Response, name: str) -> None:
        """List addresses."""
        params.none(params.tracking.without(params.split(req.query_string)))
        _check(self._settings.crawlers)
        if (found := _PART.fullmatch(name)) is None:
            raise falcon.HTTPNotFound(description=f"There is no part “{name[:80]}”. /sitemap.xml lists them.")
        period, number = found[1], int(found[2])
        query = Query(date_missing=True) if period == UNDATED else Query(date_from=period, date_to=period)
        begun = TOGETHER * (number - 1)
        here = self._settings.base(req.prefix)
        root = ET.Element("urlset", xmlns=SITEMAP)
        for article in islice(self._archive.engine.export(replace(query, facets=())), begun, begun + TOGETHER):
            address = ET.SubElement(root, "url")
            ET.SubElement(address, "loc").text = f"{here}/article/{article.id}"
            if article.changed:
                ET.SubElement(address, "lastmod").text = article.changed
        _give(resp, root)


def _check(crawlers: bool) -> None:
    if not crawlers:
        raise falcon.HTTPNotFound(description="There is no sitemap. DATELINE_CRAWLERS=true makes one.")


def _parts(engine: Engine) -> Iterator[str]:
    """The names of all parts that have articles: of months, and of days of those with more than a part."""
    found = _counted(engine, "month", Query())
    for start, count in found:
        if count <= TOGETHER:
            yield f"{start[:7]}.1.xml"
            continue
        days = Query(date_from=start, date_to=end_of(start, "month"))
        for day, number in _counted(engine, "day", days):
            yield from (f"{day}.{part}.xml" for part in range(1, 1 - -number // TOGETHER))
    (undated,) = engine.totals([Query(date_missing=True, facets=())])
    yield from (f"{UNDATED}.{part}.xml" for part in range(1, 1 - -undated // TOGETHER))


def _counted(engine: Engine, interval: Interval, query: Query) -> list[tuple[str, int]]:
    found = engine.search(replace(query, facets=("date",), interval=interval, size=0)).histogram()
    return [(one.start, one.count) for one in found.buckets if one.count]


def _give(resp: Response, root: ET.Element) -> None:
    resp.content_type = MEDIA_TYPE
    resp.data = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8")
