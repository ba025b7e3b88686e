"""Saved searches: questions with a name, and what everybody has seen of them. `store` has those of an index."""
