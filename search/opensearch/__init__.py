"""The same index on many machines: an engine and a writer for an OpenSearch cluster, 2.19 or later.

`address` parses `opensearch+http://host:9200/news` and reads users and certificates from the environment; `cluster`
sends requests and translates errors; `state` stores the state of an index: its generation, the authority file, blocked
ids. Indexing: `mapping` derives the cluster's fields from the table of fields, `document` converts an article, `writer`
sends a transaction of them; `rebuild` fills a second index and replaces the first with it, `claim` admits one that
does. Searching: `names` decides under which name each value is shown, `translate` converts a query tree to the
cluster's query, `search` runs one query, `facets` its counts; `hits` pages through lists; `cursor` marks a position in
one; `engine` implements `Engine`.

Words are tokenized and stemmed by `search.text.tokens`, not by the cluster, so that an article is found by the same
words as in a directory. Not for an archive that fits one machine: `search.local` is faster there (see docs/scale.md).
"""
