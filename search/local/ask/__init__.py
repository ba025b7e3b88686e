"""Answers a query from one generation.

`snapshot` is an open generation, with `columns`, `names` and `stories` over all of its segments; `former` opens the
generations that cursors name. `search` is one query on a snapshot: `execute` evaluates its tree over `terms`,
`proximity` and `similar_words`; `matching` has the matches and their scores, `filters` the matches that pass each
filter; `facets` and `histogram` count them, `ranking` sorts them, `cursor` is a position in the list. `effort`
estimates the cost of a query.

It writes nothing, except the lease of a generation through `search.local.safe.leases`, and does not depend on how
segments are created.
"""
