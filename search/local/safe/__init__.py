"""An index stays whole: which generation is the last, who may write the next one, and what survives a crash.

`catalog` finds and publishes generations, `lock` admits one writer, `leases` keep former generations for cursors,
`recovery` removes what a stopped writer left. `verify` reads every byte; `backup` copies an index and `restoring` puts
a copy in its place; `snapshots` and `erasing` find where else the bytes of a purged article are; `databases` does for
SQLite files what `manifest` does for segments.

It knows nothing of words and queries: to it a segment is a set of files with a size and deleted articles.
"""
