"""URL parameters, by route: a table of them, `read`, which turns them into a request, and what writes one.

The tables are the only place where parameters are defined. The OpenAPI description, the options of the command line and
the documentation are derived from them. The URL is the only state: every link of the page is `write` of a changed
query.

    query     the parameters of a search, which the page and the exports take too; the other tables are made of its rows
    batch, compare, concordance, count, facet, names, trend, special, pairs, similar, suggest    the tables of the
              routes of these names
    part      the parameters of a part of a long list
    presentation    how a page shows a result
    query_string    a URL's query string as pairs
    tracking    what other services add to links, which all but the API ignores
    written   the parameters of queries that differ in a few attributes, for links
"""

from service.params import (
    batch,
    compare,
    concordance,
    count,
    facet,
    names,
    pairs,
    part,
    presentation,
    similar,
    special,
    suggest,
    tracking,
    trend,
)
from service.params.query import (
    BY_PARAMETER,
    PARAMETERS,
    Request,
    first_page,
    invalid_parameters,
    read,
    url,
    write,
    write_filter,
    write_request,
)
from service.params.query_string import joined, none, split
from service.params.written import Written

__all__ = [
    "BY_PARAMETER", "PARAMETERS", "Request", "Written", "batch", "compare", "concordance", "count", "facet",
    "first_page", "invalid_parameters", "joined", "names", "none", "pairs", "part", "presentation", "read", "similar",
    "special", "split", "suggest", "tracking", "trend", "url", "write", "write_filter", "write_request",
]  # fmt: skip
