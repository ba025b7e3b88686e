"""What plain Whoosh sees of an index, so that it can open it, read only, where Dateline is installed.

`schema` has the fields, `analysis` cuts the words of its queries, `codec` reads our segments for it, and `table` writes
the table of contents from which it starts. Apart from the file lock in `search.local.safe.lock`, Whoosh is imported
here and nowhere else. Nothing of it is read back, and its searcher is not used: it shares file positions between
threads, skips blocks it should not, and counts facets by document lists.

It knows nothing of our queries or of writing. The names of its classes are part of what is on disk: plain Whoosh looks
them up by what the table of contents says.
"""
