"""The contract of an engine: the same cases on every one. `tests/opensearch` runs them again on a cluster."""
