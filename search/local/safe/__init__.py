"""Keeps an index consistent: which generation is the last, who may write the next one, and what survives a crash.

`catalog` finds and publishes generations, `lock` admits one writer, `leases` retain former generations for cursors,
`recovery` removes the files of an interrupted writer. `verify` reads every byte; `backup` copies an index and
`restoring` replaces one with a copy; `backup_list` and `erasing` find other places with the bytes of a purged article;
`databases` does for SQLite files what `manifest` does for segments.

Nothing here depends on words or queries: a segment is a set of files with a size and deleted articles.
"""
