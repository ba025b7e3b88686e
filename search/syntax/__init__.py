"""The query language: `parse(text)` gives a tree and notes, `write(tree)` gives it back in canonical form.

    trade talks              both words (AND is understood)
    "trade talks"            the words side by side; so is a word with a hyphen, like cease-fire
    "rate cut"~5             the words in any order with at most five others between them
    oil OR gas               either; operators are upper case, NOT binds before AND, AND before OR; also || and &&
    head of the opec         function words are optional, and left out, beside words of content
    china -trade             without a word; the same as NOT trade
    (oil OR gas) crisis      parentheses
    title:reactor            in the headline only, text:reactor not in it; also title:"…" and title:(…)
    trade*                   any word that begins so; three letters at least
    blinkin~                 any word spelt nearly so; ~1 or ~2 says how many letters may differ
    =talks, ="rate cut"      as it is written, in no other inflection
    country:China            what an article is about or where it comes from: person, country, topic, source, section,
                             language; a name of several words in quotes
    published:1998..2003     when it was published: days, months, years, -7d; open at either end
    mentioned:1998-05        a date that the text names, in the same ways
    id:a1, url:example.com   the article of an id; those whose address begins so

It never fails on what a person may type: what cannot be read is repaired, and a note says what, where (from 1) and how
it was read. Only size is refused: more than `MAX_DEPTH` nested parentheses, `MAX_CLAUSES` words, `MAX_GROUPS` phrases.

`nodes` has the tree and what each node finds, `lexer` cuts a query into signs and words, `parser` makes a tree of them,
`writer` a query of the tree. `parse(write(tree)).tree == tree` for every tree that `parse` gives.
"""

from search.syntax.nodes import (
    MAX_DISTANCE,
    MAX_EDITS,
    MAX_SIMILAR,
    All,
    And,
    Condition,
    Days,
    Exact,
    Fuzzy,
    Id,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Url,
    Value,
    Word,
    excluded,
    leaves,
    terms,
)
from search.syntax.parser import MAX_CLAUSES, MAX_DEPTH, MAX_GROUPS, MAX_NEAR, Parsed, askable, parse
from search.syntax.writer import write

__all__ = [
    "MAX_CLAUSES",
    "MAX_DEPTH",
    "MAX_DISTANCE",
    "MAX_EDITS",
    "MAX_GROUPS",
    "MAX_NEAR",
    "MAX_SIMILAR",
    "All",
    "And",
    "Condition",
    "Days",
    "Exact",
    "Fuzzy",
    "Id",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Or",
    "Parsed",
    "Phrase",
    "Prefix",
    "Url",
    "Value",
    "Word",
    "askable",
    "excluded",
    "leaves",
    "parse",
    "terms",
    "write",
]
