"""One machine: an index in one directory, a Whoosh index whose segments are columnar.

At the top stand the two things that others use: `engine` follows the index and answers, `writer` makes a transaction of
articles. Below them are six rooms, each of which imports only from those after it: `ask` answers a question, `write`
makes segments, `safe` keeps the index whole, `plain_whoosh` is what Whoosh sees, `format` is what is on disk, `kernels`
has the compiled loops. `warm` compiles these; `watch` notices that the index has changed.
"""
