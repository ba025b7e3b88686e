"""A question in, an answer out, from one generation.

`snapshot` is a generation, opened, with `columns`, `names` and `stories` over all of its segments; `former` opens the
generations that a cursor names. `question` is one query on a snapshot: `execute` walks its tree over `terms`,
`proximity` and `similar_words`; `facets` filters and counts; `cursor` says where a list was left; `effort` estimates
what a query would cost.

It writes nothing, except the lease of a generation through `search.local.safe.leases`, and it knows nothing of how a
segment is made.
"""
