"""Bylines and credits of an article: it is not about the persons who wrote and photographed it.

`without_credits` blanks them out. Not for the author as a fact: a reader takes that from metadata.

Cost: somewhat less than a microsecond a word.
"""

from __future__ import annotations

import re
from functools import cache

from indexer.enrich.shared import heading
from indexer.enrich.shared.lexicon import table


def without_credits(text: str) -> str:
    """The text with its byline and credits replaced by line feeds; offsets do not change."""
    if byline := heading.byline(text):
        text = text[: byline.start] + "\n" * (byline.end - byline.start) + text[byline.end :]
    done, naming = _before_by(text.lower())
    patterns = [_CREDIT] if ":" in text and any(word in text for word in _CREDITED) else []
    patterns += [_DESK] if done else []
    patterns += [_TAKEN_BY] if naming or ("By" in text and any(word in text for word in _WHEN)) else []
    patterns += [_ADDRESS] if any(word in text for word in _WRITE_TO) else []
    patterns += [_CONTRIBUTED] if "contributed" in text else []
    for pattern in (*patterns, _stroke()) if "/" in text else patterns:
        text = pattern.sub(lambda match: "\n" * len(match[0]), text)
    return text


def _before_by(text: str) -> tuple[bool, bool]:
    """If one of `_DONE` stands before `by` somewhere, and if one of `_NAMING` does, in a text of small letters."""
    done = naming = False
    at = text.find("by", 1)
    while at >= 0:
        if text[at - 1].isspace():
            done = done or text.endswith(_DONE, 0, at - 1)
            naming = naming or text.endswith(_NAMING, 0, at - 1)
        at = text.find("by", at + 2)
    return done, naming


_CREDIT = re.compile(
    r"\b(?:(?:Image|Photo|Picture|Video)\s)?(?:Credits?|Photos?|Photographs?|Photography|Pictures?|Images?|Pic|Courtesy)"
    r"(?:\s(?:by|credit|courtesy(?:\sof)?))?\s?:[^\n]{0,80}?(?=\n|\Z|\.\s)"
)
_DESK = re.compile(
    r"\((?:Additional\s|Further\s)?(?:Reporting|Writing|Editing|Compiled|Written|Photographs?|Graphics?|Translated"
    r"|Produced)\sby\b[^()]{0,400}\)"
    r"|^(?:Additional\s|Further\s)?(?:Reporting|Writing|Editing|Compiled|Written|Photographs?)\sby\b[^\n]{0,200}$",
    re.IGNORECASE | re.MULTILINE,
)

_CREDITED = ("Credit", "Photo", "Pic", "Image", "Courtesy")
"""One of these is in a text that has such a credit: a search for a word takes less time than one for a pattern."""
_DONE = tuple(
    f"{word}{end}"
    for word in (
        *("reporting", "writing", "editing", "compiled", "written"),
        *("photograph", "graphic", "translated", "produced"),
    )
    for end in ("", "s")
)
_NAMING = (
    *("posted", "published", "written", "submitted", "words", "story", "text"),
    *(
        f"({word}{end}"
        for word in ("photo", "picture", "image", "photograph", "video")
        for end in ("", "s", " taken", "s taken")
    ),
)
_WHEN = ("Posted", "Published", "Updated")

_NAME = r"[^\W\d_a-z][\w.'’-]{1,30}"

_TAKEN_BY = re.compile(
    rf"\((?:Photos?|Pictures?|Images?|Photographs?|Video)\s(?:taken\s)?by\s[^()\n]{{2,80}}\)"
    rf"|^[^\w\n]{{0,9}}(?:Posted|Published|Written|Submitted|Words|Story|Text)\sby:?\s(?:{_NAME}\s){{1,3}}{_NAME}"
    rf"|\bBy\s(?:{_NAME}\s){{1,2}}{_NAME}(?=\s(?:Published|Updated|Posted)\b)",
    re.MULTILINE,
)
"""A photographer in brackets, and an author as pages name them: `Posted by Jane Doe`, `By Jane Doe Published on`."""

_CONTRIBUTED = re.compile(
    r"^(?=[^\n]{0,300}(?:\s(?:in|from)\s[A-Z]|\bwriters?\b|\breporters?\b|\b(?:report|story|article)\b))[^\w\n]{0,9}[A-Z][^\n]{2,300}"
    r"\scontributed(?:\sreporting)?(?:\s(?:to|from)\s[^\n]{1,60})?\.?\s*?$",
    re.MULTILINE,
)
"""Reporters at the end of an article: `Jane Doe in Rome and John Roe in Paris contributed to this report.`"""

_ADDRESS = re.compile(
    r"\b(?:[Ee]-?mail|Contact|Follow|Reach)(?:\s[A-Z][\w.'’-]{1,30}){2,3}(?=\s(?:at\s\S{1,60}@|on\s(?:Twitter|Facebook|Instagram)\b|@))"
)
"""A reporter whom readers may write to: `Email Jane Doe at jane@…`."""

_WRITE_TO = ("@", "Twitter", "Facebook", "Instagram")
"""One of these is in a text that has such a line; they are rarer than the words before a name, and sooner ruled out."""


@cache
def _stroke() -> re.Pattern[str]:
    """A photographer's name before an agency's: `Jane Doe/Reuters`."""
    agencies = "|".join(re.escape(word) for word, kinds in table("words").items() if "agency" in kinds)
    name = r"(?<!\w)[^\W\d_a-z][\w.'’-]{1,30}"
    return re.compile(rf"(?:{name}\s){{0,3}}{name}\s?/\s?(?:{agencies})\b")
