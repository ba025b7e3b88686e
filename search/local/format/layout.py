"""The files of a segment, and the columns in them.

Files of a segment, each an `ArrayFile`:

    .lex   terms: stems, words as written, landmarks, each sorted
    .pst   postings of each term, in blocks: stems, words as written (one that has all occurrences of its stem shares
           the stem's), landmarks, bigrams of very frequent words, then the values of each column of names
    .pos   positions of the words' and landmarks' postings
    .col   columns: id, day, instants, lengths, values, and vectors if any article has some; an article's values are a
           set, stored once for all articles with the same set
    .sto   the articles
"""

from __future__ import annotations

from search.fields import COUNTED, HAS, LOOKED_UP, MEASURES

LEXICON, POSTINGS, POSITIONS, COLUMNS, STORE = ".lex", ".pst", ".pos", ".col", ".sto"
ENDINGS = (LEXICON, POSTINGS, POSITIONS, COLUMNS, STORE)
GROUP = "group"
OWN_NAMES = ("collection", *COUNTED, *LOOKED_UP, HAS, *MEASURES.values())
"""Columns of names that depend only on the article; its near-duplicate group is known when it is added."""
NAMES = (*OWN_NAMES, GROUP)
"""Columns of names: the collection, the facets, the main countries, and the near-duplicate group."""
LANDMARK = "landmark"
BIGRAM = "bigram"
"""Two adjacent words with postings of their own; see `bigrams`."""
SENTENCE, PARAGRAPH = "/s", "/p"
"""The landmarks that stand where a sentence, or a paragraph, of a text begins, the first one excepted."""
NUMBERED = (*OWN_NAMES, LANDMARK)
"""What is numbered as strings: the values of columns, and landmarks."""
INSTANTS = ("published", "added", "changed")
"""Instants that articles can be sorted by."""
MEANING = "meaning"
"""The column of vectors."""
UNKNOWN_DAY = 0
"""The day of an article whose date is unknown; 1 is 1 January of the year 1."""


def landmark(facet: str, value: str) -> str:
    """The landmark that stands at each word of the mentions of a value."""
    return f"{facet}:{value}"
