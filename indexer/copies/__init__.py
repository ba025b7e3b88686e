"""Near-duplicates: articles that are one text published several times.

Measures the similarity of two texts and stores groups of near-duplicates in the ledger. Does not decide what is
indexed.
"""
