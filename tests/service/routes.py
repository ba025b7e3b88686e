"""The one table of the routes there are: who may use each, and what fills its parts in an archive made for that.

Tests that go through every route read it, and `test_routes.py` alone fails for a route that has no line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import falcon.testing

import search
from desk.people import keys
from search import Article
from search.values.scan import ScanPage
from service.archive import Archive
from service.server.app import create_app
from tests.conftest import PATIENT

TABLE = """
/ page GET:read
/admin page GET:admin POST:admin
/advanced page GET:read
/alerts page GET:read POST:own
/alerts/{name}/feed.atom described GET:read
/api/admin described GET:admin POST:admin
/api/admin/alerts/{number} described DELETE:admin
/api/alerts described GET:read POST:own
/api/alerts/{name} described GET:read PATCH:own DELETE:own
/api/articles described POST:write
/api/articles/{article_id} described GET:read DELETE:write
/api/articles/{article_id}/event described GET:read
/api/articles/{article_id}/similar described GET:read
/api/audit described GET:admin
/api/authority described GET:read POST:edit
/api/batch described POST:read
/api/batch/{job_id} described GET:read
/api/citations described GET:edit POST:edit
/api/citations/{citation_id} described GET:read
/api/compare described GET:read
/api/concordance described GET:read
/api/corrections described GET:read POST:edit
/api/corrections/{number} described DELETE:edit
/api/count described GET:read
/api/draft described POST:read
/api/entities/{field}/{value:path} described GET:read
/api/export described GET:read
/api/facets/{field} described GET:read
/api/jobs described GET:write
/api/jobs/{job_id} described GET:jobs POST:write
/api/keys described GET:admin POST:admin
/api/keys/{name} described DELETE:admin
/api/lists described GET:read POST:own
/api/lists/{name} described GET:read POST:own PATCH:own DELETE:own
/api/lists/{name}/articles/{article_id} described PUT:own DELETE:own
/api/me described GET:read
/api/pairs described GET:read
/api/people described GET:admin
/api/people/{person:path} described PUT:admin
/api/removals described POST:admin
/api/rights described GET:admin PUT:admin
/api/search described GET:read
/api/searches described GET:read POST:own
/api/searches/{name} described GET:read PATCH:own DELETE:own
/api/sessions described GET:admin
/api/sessions/{session_id} described DELETE:admin
/api/snapshots described POST:admin
/api/special described GET:read
/api/suggest described GET:read
/api/trend described GET:read
/article/{article_id} page GET:read
/article/{article_id}/corrections page POST:edit
/article/{article_id}/event page GET:read
/article/{article_id}/scan/{number} page GET:read
/article/{article_id}/versions/{other} page GET:read
/batch page GET:read POST:read
/batch/{job_id} page GET:read
/cite page GET:read POST:read
/cite/{citation_id} page GET:read
/compare page GET:read
/docs described GET:open
/draft page GET:read POST:read
/entity/{field}/{value:path} page GET:read
/feed.atom described GET:read
/feeds page GET:open
/healthz described GET:open
/iiif/scan/{article_id}/{number} page GET:read
/iiif/scan/{article_id}/{number}/info.json page GET:read
/iiif/scan/{article_id}/{number}/{region}/{size}/{rotation}/{file} page GET:read
/iiif/title/{value:path} page GET:read
/iiif/{issue}/manifest page GET:read
/iiif/{issue}/search page GET:read
/iiif/{issue}/search/{version} page GET:read
/issue/{day}/{value:path} page GET:read
/lists page GET:read POST:own
/lists/{name} page GET:read POST:own
/metrics described GET:read
/names page GET:read POST:edit
/oai described GET:read
/openapi.json described GET:open
/opensearch.xml described GET:open
/readyz described GET:open
/rights page GET:admin POST:admin
/robots.txt described GET:open
/searches page GET:read POST:own
/sign-in page GET:open POST:open
/sign-in/done page GET:open
/sign-in/provider page GET:open
/sign-out page POST:open
/sitemap.xml described GET:read
/sitemap/{name} described GET:read
/title/{value:path} page GET:read
/upload page GET:write POST:write
/upload/{job_id} page GET:write POST:write
"""
"""A line for each route: its address; `described`, if the description of the API has it, or `page`; and for each method
who may use it, a line of the table in `http/test_auth.py`. `HEAD` is as `GET`."""
PARTS: Mapping[str, str] = {
    "article_id": "a1", "other": "a2", "number": "1", "field": "person", "value": "Willy%20Brandt", "name": "Talks",
    "person": "user:ann", "session_id": "0", "citation_id": "0", "job_id": "0", "day": "1950-05-17",
    "issue": "1950-05-17%20Wire", "version": "2", "region": "full", "size": "max", "rotation": "0",
    "file": "default.jpg",
}  # fmt: skip
"""What fills each part of an address: something that `Prepared` makes, which knows itself what has a random id."""
TITLE = "Wire"
"""What fills `value` where there is no `field` that it is of."""


@dataclass(frozen=True)
class Route:
    """A line of the table."""

    address: str
    is_page: bool
    methods: Mapping[str, str]

    @property
    def template(self) -> str:
        """Its address as the description of the API writes it."""
        return self.address.replace(":path", "")

    @property
    def parts(self) -> list[str]:
        """The names of what it wants filled in."""
        return re.findall(r"\{(\w+)\}", self.template)

    def filled(self, **given: str) -> str:
        """An address of it, with what a test has itself, and otherwise what the table says."""
        title = {} if "field" in self.parts else {"value": TITLE}
        return self.template.format_map({**PARTS, **title, **given})

    def every(self, given: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """Its addresses with each of the values that a test has for a part."""
        own = [name for name in self.parts if name in given]
        for values in product(*(given[name] for name in own)):
            yield self.filled(**dict(zip(own, values, strict=True)))


def _read(line: str) -> Route:
    address, kind, *methods = line.split()
    return Route(address, kind == "page", dict(one.split(":") for one in methods))


ROUTES = tuple(_read(line) for line in TABLE.split("\n") if line)
READABLE = tuple(route for route in ROUTES if "GET" in route.methods)


class Prepared:
    """An archive and a desk that have something for each part of a route.

    Attributes:
        archive: opened; close it.
        client: of the service over it.
        headers: with the key of somebody who may do everything.
        parts: what fills the parts of addresses that have a random id.
    """

    def __init__(self, place: Path) -> None:
        with search.writer(place) as writer:
            for n in range(30):
                writer.add(
                    Article(
                        f"a{n}", f"Trade talks in Berlin with Willy Brandt, day {n}. " * 3, f"Talks {n % 7}",
                        f"{1950 + n}-05-17" if n > 3 else PARTS["day"],
                        person=("Willy Brandt", "Bo Diaz"), country=("DE",), topic=("medtop:11000000",),
                        source=TITLE, language="en", section="World", author=("Ann Lee",),
                        group="a1" if n < 4 else None, scan=(ScanPage("1", 600, 800, f"{'0' * 64}.jpg"),) * (n == 1),
                    )
                )  # fmt: skip
        self.archive = Archive(str(place))
        self.headers = {"Authorization": f"Bearer {keys.add(str(place), ['admin'], 'desk')[1]}"}
        self.client = falcon.testing.TestClient(create_app(self.archive, PATIENT))
        for path, body in {
            "/api/lists": {"name": "Talks", "articles": ["a1", "a2"]},
            "/api/searches": {"name": "Talks", "question": "q=talks"},
            "/api/alerts": {"name": "Talks", "question": "q=talks", "schedule": "at once"},
            "/api/corrections": {"article": "a1", "field": "person", "action": "remove", "value": "Bo Diaz"},
        }.items():
            self._sent(path, json=body)
        cited = self._sent("/api/citations", query_string="q=talks")
        batch = self._sent("/api/batch", body="talks", content_type="text/plain")
        self.parts = {"citation_id": cited["id"], "job_id": batch["job"]}

    def _sent(self, path: str, **sent: Any) -> Any:
        answer = self.client.simulate_post(path, headers=self.headers, **sent)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json
