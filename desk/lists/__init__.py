"""Lists: named collections of articles, with notes. `store` has those of an index, and a `finder` tells
engines what is on them.
"""
