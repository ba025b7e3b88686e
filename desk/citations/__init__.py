"""Citations of results: which articles a search found, in which wording, so that it can be seen later what has changed.

A `result` is the ids of all matching articles with a hash of the content of each, in the order of the ids, and one hash
over all of them; anybody can compute it from an export. `changes` compares a result with a later one. A `citation` is a
question with its result; the `store` keeps citations in a file of their own next to the index, until an article is
purged: then its id is erased there too, and only counted.
"""
