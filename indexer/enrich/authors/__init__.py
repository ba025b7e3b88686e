"""Who wrote an article: the byline at the head of its text, and the names in a byline.

The persons that an article is about are found by `indexer.enrich.persons`.
"""

from indexer.enrich.authors import bylines, names

__all__ = ["bylines", "names"]
