"""What a link of a page asks for."""

from __future__ import annotations

import falcon

from search.values.query import Query
from service.html import view


def asked_at(url: str) -> Query:
    pairs = falcon.uri.parse_query_string(url.partition("?")[2], keep_blank=True)
    flat = [(n, v) for n, vs in pairs.items() for v in (vs if isinstance(vs, list) else [vs])]
    return view.read(flat).query
