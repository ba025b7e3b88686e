"""Articles that must not be shown: under embargo, withdrawn by their publishers, erased, or taken down.

The lists of them are in the ledger; indexing skips what is on one. Does not read files and does not search.
"""
