"""One machine: an index in one directory, a Whoosh index whose segments are columnar.

At the top are the two modules that other packages use: `engine` follows the index and answers queries, `writer` adds
articles in transactions. Below them are six packages, each of which imports only from those after it: `ask` answers a
query, `write` creates segments, `safe` keeps the index consistent, `plain_whoosh` is the view for Whoosh, `format` is
the format on disk, `kernels` has the compiled loops. `warm` compiles these; `watch` detects changes of the index.
"""
