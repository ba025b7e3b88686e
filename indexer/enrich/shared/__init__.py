"""What several enrichers have in common: tables of words, the head of a text, dates as written, how much is read.

Finds no facet by itself.
"""
