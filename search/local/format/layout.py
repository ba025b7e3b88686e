"""What a segment consists of: its files, and the columns in them.

Files of a segment, each an `ArrayFile`:

    .lex   terms: stems, words as written, each sorted
    .pst   postings of each term, in blocks: stems, words as written (one that is all of its stem's occurrences shares
           the stem's), then the values of each column of names
    .pos   positions of the words' postings
    .col   columns: id, day, instants, lengths, values; an article's values are a set, kept once for all articles that
           share it
    .sto   the articles
"""

from __future__ import annotations

from search.fields import FACET_NAMES, LOOKED_UP

LEXICON, POSTINGS, POSITIONS, COLUMNS, STORE = ".lex", ".pst", ".pos", ".col", ".sto"
ENDINGS = (LEXICON, POSTINGS, POSITIONS, COLUMNS, STORE)
GROUP = "group"
OWN_NAMES = ("collection", *FACET_NAMES, *LOOKED_UP)
"""Columns of names that an article has by itself; the group of its copies is known when it is added."""
NAMES = (*OWN_NAMES, GROUP)
"""Columns of names: the collection, the facets, and the group of copies."""
INSTANTS = ("published", "added", "changed")
"""What articles are sorted by in time."""
UNKNOWN_DAY = 0
"""The day of an article whose day nobody knows; 1 is 1 January of the year 1."""
