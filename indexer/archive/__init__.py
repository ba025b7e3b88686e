"""From a path to the records in it: folders are walked, containers opened, each file handed to its reader.

Knows the order of files, zip and tar and the like, and how much of them is opened. Knows no format of articles: those
are in `indexer.readers`.
"""
