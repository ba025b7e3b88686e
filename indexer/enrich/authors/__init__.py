"""Who wrote an article: the byline at the head of its text, and the names in a byline.

Knows how bylines are printed. Persons that an article is about are in `indexer.enrich.persons`.
"""

from indexer.enrich.authors import bylines, names

__all__ = ["bylines", "names"]
