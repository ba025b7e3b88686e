"""Answers a query from one generation.

`snapshot` is a generation, opened, with `columns`, `names` and `stories` over all of its segments; `former` opens the
generations that a cursor names. `question` is one query on a snapshot: `execute` evaluates its tree over `terms`,
`proximity` and `similar_words`; `matching` holds the matches and their scores, `filters` those that pass which filter;
`facets` and `histogram` count them, `ranking` sorts them, `cursor` is a position in the list. `effort` estimates what a
query would cost.

It writes nothing, except the lease of a generation through `search.local.safe.leases`, and does not depend on how
segments are created.
"""
