"""Records with named fields: CSV, Parquet, JSON and JSON Lines.

Knows rows and objects. What a field's name means is in `indexer.readers.shared.columns`.
"""
