"""A text as numbers of word pieces, as models of the BERT family read it: lower case, no accents, longest pieces first.

Source: Y. Wu and others, Google's Neural Machine Translation System (2016), as J. Devlin and others use it (2018).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from string import punctuation

LONGEST = 100
"""Characters of a word, more of which are unknown."""
_WRITTEN = re.compile(r"\S{1,1000}")
"""What stands between spaces; of what is longer, a thousand characters at a time."""
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")


class WordPiece:
    """The vocabulary of a model.

    Args:
        vocabulary: piece → number; one that continues a word begins with `##`.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._numbers = vocabulary

    def pieces(self, text: str, most: int) -> list[int]:
        """The first pieces of a text, without those that mark its beginning and end."""
        found: list[int] = []
        for written in _WRITTEN.finditer(text):
            for word in "".join(map(_apart, unicodedata.normalize("NFD", written[0].lower()))).split():
                found += self._of(word)
            if len(found) >= most:
                break
        return found[:most]

    def _of(self, word: str) -> list[int]:
        unknown = [self._numbers["[UNK]"]]
        if len(word) > LONGEST:
            return unknown
        found: list[int] = []
        begin = 0
        while begin < len(word):
            lead = "##" if begin else ""
            ends = range(len(word), begin, -1)
            end = next((end for end in ends if lead + word[begin:end] in self._numbers), None)
            if end is None:
                return unknown
            found.append(self._numbers[lead + word[begin:end]])
            begin = end
        return found


def _apart(character: str) -> str:
    """A character, with spaces around it if it is a word by itself; nothing for an accent or a control character."""
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category in ("Mn", "Cc", "Cf"):
        return ""
    alone = category.startswith("P") or character in punctuation or _IDEOGRAPH.match(character)
    return f" {character} " if alone else character
