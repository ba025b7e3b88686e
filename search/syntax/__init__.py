r"""The query language: `parse(text)` returns a tree and notes, `write(tree)` its canonical form.

    trade talks              both words (AND is implied)
    "trade talks"            the adjacent words; also a word with a hyphen, like cease-fire
    "rate cut"~5             the words in any order with at most five others between them
    oil OR gas               either; operators are upper case, NOT binds before AND, AND before OR; also || and &&
    head of the opec         function words are optional, and ignored next to content words
    china -trade             without a word; the same as NOT trade
    (oil OR gas) crisis      parentheses
    (oil gas coal)@2         at least two of the parts in parentheses
    title:reactor            in the headline only, text:reactor not in it; also title:"…" and title:(…)
    oil /s iran              both in one sentence; /p: in one paragraph; /5: at most five words apart, in either order
    trade*                   any word with this prefix; three letters at least
    blinkin~                 any word spelled similarly; ~1 or ~2 is the number of letters that may differ
    harbour~ocr              also as a scanner may have misread it; "…"~ocr and (…)~ocr: each word within;
                             ~ocr-harbonr-har+bour: not these readings; ~ocr=barbour: this one, too
    =talks, ="rate cut"      as written, without other inflections
    country:China            what an article is about or where it comes from: person, country, topic, source, section,
                             language; a name of several words in quotes, in which \" is a quote and \\ a backslash
    published:1998..2003     when it was published: days, months, years, -7d; open at either end
    mentioned:1998-05        a date in the text, in the same ways
    id:a1, url:example.com   the article with an id; those whose address begins with this

It never fails on anything a person may type: errors are repaired, and a note says what was wrong, where (from 1) and
how it was read. Only size is refused: more than `MAX_DEPTH` nested parentheses, `MAX_CLAUSES` words, `MAX_GROUPS`
phrases.

`nodes` defines the tree and what each node matches, `lexer` splits a query into tokens, `parser` builds the tree,
`together` its `/s`, `/p` and `/5`, and `writer` writes it, as it is compared or `spelled` as it was typed.
`parse(write(tree)).tree == tree` for every tree that `parse` returns. `partial` requires only some of the parts, if a
query wants that.
"""

from search.syntax.parser import MAX_CLAUSES, MAX_DEPTH, MAX_GROUPS, MAX_NEAR, Parsed, askable, parse
from search.syntax.partial import asked, settled
from search.syntax.writer import spelled, write

__all__ = [
    "MAX_CLAUSES",
    "MAX_DEPTH",
    "MAX_GROUPS",
    "MAX_NEAR",
    "Parsed",
    "askable",
    "asked",
    "parse",
    "settled",
    "spelled",
    "write",
]
