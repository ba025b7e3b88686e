"""The oracle: an engine that keeps a list of articles and looks at every one of them for every question.

It shares with the real engines what a word is (`text`), how a query is read (`syntax`) and the snippets; matching,
scoring, filtering, counting, sorting and paging are written out here in the plainest way, to be held against.
"""

from __future__ import annotations

from tests.plain_engine.engine import PlainEngine

__all__ = ["PlainEngine"]
