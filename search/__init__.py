"""Here is a query, give me articles. Does not depend on HTTP or on file formats.

Input: `Query`, `Filter`. Output: `Results`, `Hit`, `Snippet`, `ValueFacet`, `DateFacet`. Data: `Article`, `Evidence`.
`open` returns an `Engine`, `writer` a `Writer`. Errors: `DatelineError` and its subclasses.

    with search.open("news.idx") as engine:
        results = engine.search(search.Query(text="trade talks", filters={"country": search.Filter(any=("CN",))}))
    results.total, results.hits[0].article.title
"""

from search.backends import exists, is_address, open, replacement, warm, writer
from search.engine import Engine, Writer
from search.errors import (
    ArticleBlocked,
    ArticleGone,
    ArticleMissing,
    BadQuery,
    BadRecord,
    BadValue,
    CannotWrite,
    CursorExpired,
    DatelineError,
    DiskFull,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexProblem,
    NotAnIndex,
    OutOfTime,
)
from search.loading import load
from search.values.article import Article, Evidence
from search.values.query import Filter, Query
from search.values.results import (
    Bucket,
    DateFacet,
    FacetCount,
    Hit,
    Reading,
    Results,
    Snippet,
    Stats,
    TermCount,
    ValueFacet,
)

__all__ = [
    "Article",
    "ArticleBlocked",
    "ArticleGone",
    "ArticleMissing",
    "BadQuery",
    "BadRecord",
    "BadValue",
    "Bucket",
    "CannotWrite",
    "CursorExpired",
    "DateFacet",
    "DatelineError",
    "DiskFull",
    "Engine",
    "Evidence",
    "FacetCount",
    "Filter",
    "Hit",
    "IndexDamaged",
    "IndexLocked",
    "IndexMissing",
    "IndexProblem",
    "NotAnIndex",
    "OutOfTime",
    "Query",
    "Reading",
    "Results",
    "Snippet",
    "Stats",
    "TermCount",
    "ValueFacet",
    "Writer",
    "exists",
    "is_address",
    "load",
    "open",
    "replacement",
    "warm",
    "writer",
]
