"""One machine: an index in one directory, kept by Whoosh.

In the order a question meets them: `engine` follows the index and answers; `snapshot` is one generation, opened;
`execute` walks the query tree over `postings`; `facets` filters and counts over `columns`; `store` holds the
articles; `cursor` says where a list was left. `schema` says what is in a document, `writer` adds and removes them.

Whoosh is imported here and nowhere else, and only its index, schema, readers, matchers and writer are used: its
searcher shares file positions between threads, skips blocks it should not, and counts facets by document lists.
"""
