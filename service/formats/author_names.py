"""Names of authors, taken apart as reference lists need them: family name first.

Only a name in letters that are written so is turned: Latin, Greek and Cyrillic. A name in others, such as Chinese, is
usually printed family name first; there and in a name of one word nothing can be turned.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from search.values.article import Article

_TURNED = re.compile("[A-Za-zÀ-ɏͰ-ӿḀ-ỿ]")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_PARTICLES = frozenset(
    [
        "af", "av", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "le", "ten", "ter",
        "van", "von", "zu", "zum", "zur",
    ]
)  # fmt: skip
"""Words that begin a family name, if a given name is before them: Ursula von der Leyen, Robert De Niro."""
_BY = {
    language: re.compile(rf"\s*(?:by|{word})(?:\s*:\s*|\s+)(?=\S)", re.IGNORECASE)
    for language, word in {"en": "by", "de": "von", "fr": "par", "es": "por", "pt": "por", "nl": "door"}.items()
}
"""Language → the beginning of a byline that is no name."""
_HYPHENS = re.compile("[-‐‑]")


class Name(NamedTuple):
    """A name: of a person, with given names; else as printed, in `family`."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def printed(self) -> str:
        """Given name first: `Martin Luther King Jr.` for example."""
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    @property
    def initials(self) -> str:
        """The first letters of the given names: `J.-P. B.` for Jean-Paul Benoît."""
        words = (_initials(word) for word in re.sub(r"\.(?=\w)", ". ", self.given).split())
        return " ".join(word for word in words if word)


def authors(article: Article) -> tuple[Name, ...]:
    """The authors of an article; its byline, as printed, if that names nobody."""
    if article.author:
        return tuple(parsed(name) for name in article.author)
    return (Name(_line(article.byline)),) if article.byline and article.byline.strip() else ()


def by(article: Article) -> str:
    """The byline, without the word that is written before it anyway: `Ann Smith` for *By Ann Smith*."""
    return _BY[article.language if article.language in _BY else "en"].sub("", article.byline or "", count=1)


def parsed(name: str) -> Name:
    """The parts of a name as it is usually written: `Jane Doe`, `Doe, Jane` or with a suffix after a comma."""
    before, comma, after = (part.strip() for part in _line(name).partition(","))
    if comma and not _is_suffix(after):
        given, _, suffix = (part.strip() for part in after.partition(","))
        return Name(before, given, suffix) if before and given else Name(before or given)
    words = before.split()
    suffix = after if comma else words.pop() if len(words) > 1 and _is_suffix(words[-1]) else ""
    if len(words) < 2 or not _TURNED.match(words[-1]):
        return Name(_line(name))
    begins = len(words) - 1
    while begins > 1 and words[begins - 1].lower() in _PARTICLES:
        begins -= 1
    return Name(" ".join(words[begins:]), " ".join(words[:begins]), suffix)


def _is_suffix(word: str) -> bool:
    return word.rstrip(".").lower() in _SUFFIXES


def _initials(word: str) -> str:
    letters = (next((sign for sign in part if sign.isalpha()), "") for part in _HYPHENS.split(word))
    return "-".join(f"{letter.upper()}." for letter in letters if letter)


def _line(text: str) -> str:
    return " ".join(text.split())
