"""Firms named after their partners: `Kidder, Peabody and Co`, `economist at Phillips and Drew`, `Moody's rates`.

`in_firm` looks at the words around a name in one sentence; each partner is a name of its own. Not for firms followed by
Inc or the like: see `impostors.firms_in`.

Cost: some microseconds a mention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from indexer.enrich.persons import trait
from indexer.enrich.persons.cues import is_role
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.trait import LINKS, POSSESSIVES
from indexer.enrich.shared.lexicon import words_of
from search.text.tokens import fold

_COMPANY = frozenset(("co", "cos", "company", "sons", "brothers", "bros", "partners", "associates"))
"""Words after the last `and` in the name of a firm that has no name before it."""

_LEGAL = frozenset(("inc", "corp", "ltd", "limited", "llc", "llp", "plc"))
_STAFF = frozenset(("with", "at", "from"))
_PLACE = frozenset(("at", "of"))
_TRADES = frozenset(
    ("brokers", "stockbrokers", "brokerage", "house", "unit", "giant", "accountants", "auditors", "underwriters")
)
_UNITS = frozenset(("analyst", "analysts", "economist", "economists", "brokers", "unit", "offices", "engines", "brand"))
_SUBJECT = frozenset((",", ".", ";", ":", "that", "which", "as", "but", "because", "while", "though"))
"""Words that may precede a subject."""

_SINGULAR = frozenset(("is", "was", "has", "says", "does", "rates", "expects", "plans", "makes", "owns"))
_ALONE = frozenset(("said", "says", "has", "had", "is", "was", "will", "would"))
_OWNS_NOT = _ALONE | {"also", "and", "or", "at", "by", "from", "with", "which", "as", "but"}
_RATED = frozenset(("rates", "rated", "downgraded", "upgraded", "lowered", "assigned", "affirmed"))
_LONGEST = 12
"""The number of words searched on either side of a name for a list of partners, including commas."""


def in_firm(sentence: Sentence, first: int, last: int) -> bool:
    """True if a name is a firm's in this sentence, or that of a partner in one."""
    words, before, after = sentence.words, sentence.traits[first - 1], sentence.traits[last]
    if before & trait.HELD or (after & trait.BRACKET and has_ticker(words, last)):
        return True
    if after & trait.LINK and last + 1 < len(words) and _is_company(words[last + 1]) and "of" not in words[first:last]:
        return True
    if last - first > 1 or not (before & trait.LINK or after & trait.FIRM_AFTER):
        return False
    if after & trait.FIRM_AFTER and words[last] in POSSESSIVES and _acts(words, last + 1):
        return True
    return any(_is_partnership(words, *found) for found in _partners(words, first))


def _is_partnership(words: Sequence[str], parts: Sequence[Sequence[str]], start: int, end: int) -> bool:
    """True if a list of names is a firm's, judging by its end and the words around it."""
    tail = parts[-1]
    if _is_company(tail[0]) or (1 < len(tail) < len(parts) + 1 and _bare(tail[-1]) in _LEGAL):
        return True
    if any(len(part) > 1 for part in parts[1:]):
        return False
    if len(parts) == 2 and parts[0] == parts[1]:
        return True
    after, later = [*words[end : end + 2], ".", "."][:2]
    if after in POSSESSIVES:
        return owns_nothing(words, end + 1)
    earlier, before = [".", ".", *words[max(start - 2, 0) : start]][-2:]
    if before in _SUBJECT and (after in _SINGULAR or after in _RATED or (after == "said" and later == "it")):
        return True
    if before in words_of("thing") or before in _TRADES or after in _UNITS or after in words_of("owned"):
        return True
    if before == "of" and earlier in words_of("thing"):
        return True
    return (before in _STAFF and is_role(earlier)) or (before in _PLACE and earlier[0].isupper())


def has_ticker(words: Sequence[str], at: int) -> bool:
    """True if there is a ticker symbol here: `<GM>`, `<BP.L>`."""
    if words[at : at + 1] != ["<"] or at + 1 >= len(words) or not words[at + 1].isupper():
        return False
    return not {".", ">"}.isdisjoint(words[at + 2 : at + 3])


def owns_nothing(words: Sequence[str], at: int) -> bool:
    """True if the possessive before a word is the end of a firm's name, as in `Sotheby's said`."""
    return at >= len(words) or not words[at][0].islower() or words[at] in _OWNS_NOT or _acts(words, at)


def _acts(words: Sequence[str], at: int) -> bool:
    return at < len(words) and (words[at] in _ALONE or words[at] in _RATED or words[at] in words_of("saying"))


def _is_company(word: str) -> bool:
    return word[0].isupper() and _bare(word) in _COMPANY


def _bare(word: str) -> str:
    return fold(word).rstrip(".")


def _partners(words: Sequence[str], at: int) -> Iterator[tuple[list[list[str]], int, int]]:
    """The start and end of each list of names that a word is in; the last two names are joined by `and`.

    The word is a whole name in the list, or begins the last one.
    """
    if not words[at][0].isupper():
        return
    link = at + 1
    while link < len(words) and link - at < _LONGEST and _goes_on(words[link]) and words[at + 1] == ",":
        link += 1
    for place in (link, at - 1):
        if 0 < place < len(words) - 1 and words[place] in LINKS and words[place + 1][0].isupper():
            start, end = place, place + 1
            while start and place - start < _LONGEST and _goes_on(words[start - 1]):
                start -= 1
            while start < place and words[start] == ",":
                start += 1
            while end < len(words) and words[end][0].isupper():
                end += 1
            if start < place:
                yield _names(words[start:end]), start, end


def _goes_on(word: str) -> bool:
    return word[0].isupper() or word == ","


def _names(words: Sequence[str]) -> list[list[str]]:
    """The runs of capitalised words."""
    return [list(run) for capital, run in groupby(words, key=lambda word: word[0].isupper()) if capital]
