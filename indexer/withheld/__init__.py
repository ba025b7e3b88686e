"""Articles that must not be shown: under embargo, withdrawn by their publishers, erased, or taken down.

Maintains their lists in the ledger, by which each is excluded. Does not read files and does not search.
"""
