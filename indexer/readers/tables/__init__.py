"""Records with named fields: CSV, Parquet, JSON and JSON Lines.

Parses rows and objects. `indexer.readers.shared.columns` maps their fields to those of an article.
"""
