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
from indexer.languages import Language
from search.text.tokens import fold

_LONGEST = 12
"""The number of words searched on either side of a name for a list of partners, including commas."""


def in_firm(sentence: Sentence, first: int, last: int) -> bool:
    """True if a name is a firm's in this sentence, or that of a partner in one."""
    words, language = sentence.words, sentence.language
    before, after = sentence.traits[first - 1], sentence.traits[last]
    if before & trait.HELD or (after & trait.BRACKET and has_ticker(words, last)):
        return True
    is_company = after & trait.LINK and last + 1 < len(words) and _is_company(words[last + 1], language)
    if is_company and language.words("of").isdisjoint(words[first:last]):
        return True
    if last - first > 1 or not (before & trait.LINK or after & trait.FIRM_AFTER):
        return False
    if after & trait.FIRM_AFTER and words[last] in language.words("possessive") and _acts(words, last + 1, language):
        return True
    return any(_is_partnership(words, *found, language) for found in _partners(words, first, language))


def _is_partnership(
    words: Sequence[str], parts: Sequence[Sequence[str]], start: int, end: int, language: Language
) -> bool:
    """True if a list of names is a firm's, judging by its end and the words around it."""
    tail = parts[-1]
    if _is_company(tail[0], language) or (
        1 < len(tail) < len(parts) + 1 and _bare(tail[-1]) in language.words("legal")
    ):
        return True
    if any(len(part) > 1 for part in parts[1:]):
        return False
    if len(parts) == 2 and parts[0] == parts[1]:
        return True
    after, later = [*words[end : end + 2], ".", "."][:2]
    if after in language.words("possessive"):
        return owns_nothing(words, end + 1, language)
    earlier, before = [".", ".", *words[max(start - 2, 0) : start]][-2:]
    if before in language.words("before-subject"):
        itself = after in language.words("said") and later in language.words("it")
        if itself or after in language.words("singular") or after in language.words("rated"):
            return True
    if before in language.words("thing") or before in language.words("trade") or after in language.words("unit"):
        return True
    if after in language.words("owned") or (before in language.words("of") and earlier in language.words("thing")):
        return True
    staff = before in language.words("staff-at") and is_role(earlier, language)
    return staff or (before in language.words("at-firm") and earlier[0].isupper())


def has_ticker(words: Sequence[str], at: int) -> bool:
    """True if there is a ticker symbol here: `<GM>`, `<BP.L>`."""
    if words[at : at + 1] != ["<"] or at + 1 >= len(words) or not words[at + 1].isupper():
        return False
    return not {".", ">"}.isdisjoint(words[at + 2 : at + 3])


def owns_nothing(words: Sequence[str], at: int, language: Language) -> bool:
    """True if the possessive before a word is the end of a firm's name, as in `Sotheby's said`."""
    return (
        at >= len(words)
        or not words[at][0].islower()
        or words[at] in language.words("owns-nothing")
        or _acts(words, at, language)
    )


def _acts(words: Sequence[str], at: int, language: Language) -> bool:
    return at < len(words) and any(words[at] in language.words(kind) for kind in ("firm-acts", "rated", "saying"))


def _is_company(word: str, language: Language) -> bool:
    return word[0].isupper() and _bare(word) in language.words("company")


def _bare(word: str) -> str:
    return fold(word).rstrip(".")


def _partners(words: Sequence[str], at: int, language: Language) -> Iterator[tuple[list[list[str]], int, int]]:
    """The start and end of each list of names that a word is in; the last two names are joined by `and`.

    The word is a whole name in the list, or begins the last one.
    """
    if not words[at][0].isupper():
        return
    link = at + 1
    while link < len(words) and link - at < _LONGEST and _goes_on(words[link]) and words[at + 1] == ",":
        link += 1
    for place in (link, at - 1):
        if 0 < place < len(words) - 1 and words[place] in language.words("link") and words[place + 1][0].isupper():
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
