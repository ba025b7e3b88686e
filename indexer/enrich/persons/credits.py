"""Bylines and credits of an article: it is not about the persons who wrote and photographed it.

`without_credits` blanks them out. Not for the author as a fact: a reader takes that from metadata.

Cost: somewhat less than a microsecond a word.
"""

from __future__ import annotations

import re
from functools import cache

from indexer.enrich.shared import heading
from indexer.languages import Language


def without_credits(text: str, language: Language) -> str:
    """The text with its byline and credits replaced by line feeds; offsets do not change."""
    if byline := heading.byline(text, language):
        text = text[: byline.start] + "\n" * (byline.end - byline.start) + text[byline.end :]
    done, naming = _before_by(text.lower(), language)

    def has(kind: str) -> bool:
        return any(word in text for word in language.listed(kind))

    # a search for a word takes less time than one for a pattern
    names = ["credit"] if ":" in text and has("credited") else []
    names += ["desk"] if done else []
    names += ["taken-by"] if naming or (has("by-first") and has("when-published")) else []
    names += ["write-to"] if has("written-to") else []
    names += ["contributed"] if has("contributed-by") else []
    patterns = [language.pattern(name) for name in names] + ([_stroke(language)] if "/" in text else [])
    for pattern in patterns:
        text = pattern.sub(lambda match: "\n" * len(match[0]), text)
    return text


def _before_by(text: str, language: Language) -> tuple[bool, bool]:
    """If a word of what a desk has done stands before `by` somewhere, and if one that names somebody does, in a text of
    small letters.
    """
    done = naming = False
    for by in language.listed("by"):
        at = text.find(by, 1)
        while at >= 0:
            if text[at - 1].isspace():
                done = done or text.endswith(language.listed("done-by"), 0, at - 1)
                naming = naming or text.endswith(language.listed("named-by"), 0, at - 1)
            at = text.find(by, at + len(by))
    return done, naming


@cache
def _stroke(language: Language) -> re.Pattern[str]:
    """A photographer's name before an agency's: `Jane Doe/Reuters`."""
    agencies = "|".join(re.escape(word) for word, kinds in language.table("words").items() if "agency" in kinds)
    name = r"(?<!\w)[^\W\d_a-z][\w.'’-]{1,30}"
    return re.compile(rf"(?:{name}\s){{0,3}}{name}\s?/\s?(?:{agencies or '(?!)'})\b")
