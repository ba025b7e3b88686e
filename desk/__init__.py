"""What people decide about an archive and keep: corrections, names, searches, alerts and citations.

A feature is a folder that reads from top to bottom: the value, the store, the rules. `search` and `indexer` say what an
article is; nothing below imports this package.
"""
