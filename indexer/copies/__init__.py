"""Which articles are one text printed several times.

Knows how much two texts share and keeps groups of copies in the ledger. Decides nothing about what is indexed.
"""
