"""Days: when an article was published, and the dates that its text names.

Knows datelines and dates in English prose. Dates that a file states are read by `indexer.readers`.
"""

from indexer.enrich.dates import mentioned, published

__all__ = ["mentioned", "published"]
