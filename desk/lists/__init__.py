"""Lists: named collections of articles, with notes. `store` has those of an index."""
