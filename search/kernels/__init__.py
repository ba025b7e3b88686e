"""The loops over arrays, compiled by Numba; nothing else.

`words` splits texts, `strings` numbers words, `fetching` prefetches memory, `inversion` sorts terms and merges
postings, `sets` deduplicates rows, `packing` packs numbers in few bits and unpacks them; `postings` reads the postings
of one term, `matching` combines lists of articles, `phrases` compares positions, `spelling` compares words, `counting`
counts and selects the best, `stories` counts near-duplicates as one. Nothing is checked: callers pass arrays of the
right type and length.
Each kernel is compiled once for each combination of types, and cached on disk (see `search.local.warm`).
"""
