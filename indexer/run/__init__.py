"""One run over an archive: what is decided about each record, and what becomes of it in the index.

`policy` decides and touches nothing; `application` looks up what it must know, in the order of the archive, and does
what it says to the ledger; `commit` writes articles and removals, and makes them durable. Knows ids, versions and
digests. Does not read files and does not enrich.
"""
