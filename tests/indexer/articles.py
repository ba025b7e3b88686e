"""What an index has, for comparing what several runs made of one archive."""

from __future__ import annotations

from dataclasses import replace

from search import Article, Query
from search.engine import Engine


def unstamped(engine: Engine) -> list[Article]:
    """All articles, without when they came in: that differs from run to run."""
    return [replace(article, added=None, changed=None) for article in engine.export(Query())]
