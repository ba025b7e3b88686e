"""One run over an archive: decides about each record, and applies that to the index.

`policy` decides without side effects; `application` looks up what a decision depends on, in the order of the archive,
and updates the ledger; `files` compares the records of a file with those of the last run, `missing` finds articles that
the archive no longer has; `commit` writes articles and removals, and makes them durable. Deals with ids, versions and
digests. Does not read files and does not enrich.
"""
