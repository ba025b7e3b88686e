"""Articles that must not be shown: under embargo, withdrawn by their publishers, erased, or taken down.

Knows the ledger's lists of them and how each is kept out. Does not read files and does not search.
"""
