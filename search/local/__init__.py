"""One machine: an index in one directory, a Whoosh index whose segments are columnar.

In the order a question meets them: `engine` follows the index and answers; `snapshot` is one generation, opened, over
`segment`s and `columns`; `question` is one query on it, `execute` walks the query tree; `facets` filters and counts;
`cursor` says where a list was left. In the order an article meets them: `tokenise`, `inverter`, `writer`, `merge`. On
disk: `files`, `lexicon`, `store`, `record`. What Whoosh sees: `schema`, `codec`, `catalog`. `kernels` has the compiled
loops, `warm` compiles them, `blocked` keeps the ids that stay out, `removed` those that were removed of late.

Whoosh is imported here and nowhere else: to write a table of contents by which plain Whoosh reads the index, and for
its reading interfaces. Nothing of it is read back. Its searcher is not used: it shares file positions between threads,
skips blocks it should not, and counts facets by document lists.
"""
