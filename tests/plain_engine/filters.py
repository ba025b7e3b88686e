"""Whether an article passes the filters of a query."""

from __future__ import annotations

from search.text.tokens import fold
from search.values.article import Article
from search.values.query import Filter, Query
from tests.plain_engine.times import is_in_range, was_added
from tests.plain_engine.values import Values


def passes(values: Values, query: Query, article: Article, ignored: str = "") -> bool:
    """Whether it does, with one of them ignored where a facet asks for its own counts."""
    return (
        all(
            _has(values.wanted(held, wanted), sorted(values.of(article, held)), own=name != ignored)
            for name, wanted in query.filters.items()
            for held in (query.counted(name),)
        )
        and (ignored == "date" or is_in_range(query, article))
        and was_added(query, article)
        and (not query.scan or any(page.picture for page in article.scan))
        and is_measured(query.quality_from, query.quality_missing, article.quality)
        and is_measured(query.known_from, query.known_missing, article.known)
        and (query.list is None or article.id in values.archive.listed(query.list))
    )


def is_measured(least: str | None, missing: bool, value: float | None) -> bool:
    """Whether a number of an article is large enough, or missing, as is asked for."""
    if value is None:
        return missing or least is None
    return value >= float(least) - 1e-9 if least is not None else not missing


def _has(wanted: Filter, keys: list[str], own: bool) -> bool:
    if any(fold(v) not in keys for v in wanted.all) or any(fold(v) in keys for v in wanted.none):
        return False
    if not own or not (wanted.any or wanted.missing):
        return True
    return any(fold(v) in keys for v in wanted.any) or (wanted.missing and not keys)
