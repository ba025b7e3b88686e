"""The view of an index that lets plain Whoosh open it, read-only, where Dateline is installed.

`schema` has the fields, `analysis` tokenizes its queries, `codec` reads our segments for it, and `table` writes the
table of contents with which it starts. Apart from the lock in `search.local.safe.lock`, Whoosh is imported here and
nowhere else. Nothing of it is read back, and its searcher is not used: it shares file positions between threads, skips
blocks it should not, and counts facets by document lists.

Nothing here depends on our queries or on writing. The class names are part of the format: plain Whoosh looks them up by
the names in the table of contents.
"""
