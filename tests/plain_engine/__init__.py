"""The oracle: an engine that keeps a list of articles and looks at every one of them for every question.

It shares with the real engines what a word is (`text`), how a query is read (`syntax`) and the snippets; matching,
scoring, filtering, counting, sorting and paging are written out here in the plainest way, to be held against.

`archive` is the list, and `values` what its facets show. `matching` is the definition of each node of a query,
`filters` that of each filter, `finding` what passes both; `scoring` and `answering` make a page of it, `facets`,
`trend`, `special`, `pairs`, `compare` and `cross` count it. `engine` has all of them, and `writer` changes the list.
"""

from __future__ import annotations

from tests.plain_engine.engine import PlainEngine

__all__ = ["PlainEngine"]
