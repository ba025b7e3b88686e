"""The names of an article's authors, from the byline as printed.

    By Jane Smith and John Doe, Reuters, in Paris    Jane Smith, John Doe
    JANE SMITH, AP Business Writer                   Jane Smith
    par Jean Dupont (avec AFP)                       Jean Dupont
    Staff reporter                                   nobody

A byline is split at commas, semicolons, slashes and words for “and”. From each part, job titles, agencies and places
are removed (the words are in `bylines.tsv`); the rest is an author if it is written like a name. The byline itself
is not changed, nor are authors that the input states as a list.

Cost: linear in the byline, of which the first `LONGEST` characters are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from indexer import languages
from search.text import tables
from search.text.tokens import fold
from search.values.article import Article, changed

LONGEST = 1000
"""Characters of a byline that are read."""
MOST = 50
"""Authors of one article."""
_MOST_WORDS = 7
"""Words of a name."""


def enrich(article: Article) -> Article:
    """Return the article with its authors, unless the input stated them."""
    if not article.byline or "author" in article.given:
        return article
    found = named(article.byline, article.language or "")
    return changed(article, author=tuple(name for name in found if fold(name) != fold(article.source or "")))


def named(byline: str, language: str = "") -> tuple[str, ...]:
    """The authors that a byline names, each once, in order."""
    text = _ADDRESS_BEFORE_NAME.sub(r" \1 ", " ".join(byline[:LONGEST].split()))
    text = _TYPED.sub(" ", _IN_BRACKETS.sub(" ", _ADDRESS.sub(" ", text)))
    segments = [part.strip() for part in _SEGMENTS.split(text)]
    whole = [segment for segment in segments if segment and not _OTHER_WORK.match(segment)]
    found: dict[str, str] = {}
    for segment in whole:
        inverted = _INVERTED.fullmatch(segment) if len(whole) > 1 else None
        parts = [f"{inverted[2]} {inverted[1]}"] if inverted else list(_parts(segment, language))
        names = [name for part in parts if (name := _name(part))]
        alone = len(parts) == len(whole) == 1
        for name in names:
            if alone or " " in name or not _has_case(name):
                found.setdefault(fold(name), name)
    return tuple(found.values())[:MOST]


_ADDRESS_BEFORE_NAME = re.compile(r"(?<!\S)[^\s@()<>]{1,64}@[^\s@()<>]{1,255}\s?\(([^()@]{2,80})\)")
_ADDRESS = re.compile(r"<[^<>]{0,300}>|(?<!\S)[^\s@()<>]{0,64}@[^\s()<>]{1,255}|https?://\S+")
_IN_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|\)")
_TYPED = re.compile(r"[\"“”*_#]|\.\.\.|…")
_SEGMENTS = re.compile(r"\s*(?:[;|/•·\n]|\s[-–—]{1,2}\s)\s*")
_OTHER_WORK = re.compile(
    r"(?:(?:additional|further)\s)?(?:photo|picture|image|illustration|graphic|video|edit(?:ed|ing)|translat|compiled|produced"
    r"|fotos?\b|foto:|übersetzt|traduit|traducido)",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"([^\W\d_][\w’'-]+),\s?([^\W\d_][\w’'.-]*(?:\s[^\W\d_]\.?)?)")
"""`Smith, Jane A.`, of which only lists with semicolons are made."""

_LEADS = re.compile(
    r"(?:(?:words|story|text|posted|published|report(?:ed|ing)?|written|writing|analysis|commentary|review(?:ed)?|interview|article)\s)?"
    r"(?:by|von|par|por|door|av|af|przez)(?:\s?:\s?|\s)|(?:author|autor|auteur|text|from)s?\s?:\s?"
    r"|(?-i:di\s(?=[A-ZÀ-Þ])|(?:da|de)\s(?=[A-ZÀ-Þ]\S+\s[A-ZÀ-Þ]))",
    re.IGNORECASE,
)
_COMMAS = re.compile(r"\s?,\s?(?:(?:and|und|et|&)\s)?")
_AND = re.compile(r"\s(?:and|und|och|og|et|with|mit|avec|med|&|\+)\s", re.IGNORECASE)
_AND_OF = {"nl": "en", "af": "en", "es": "y", "pt": "e", "it": "e", "pl": "i", "ca": "i", "tr": "ve", "hu": "és"}
"""Language → its word for “and”, if that word means something else in another language."""
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_DEGREE = re.compile(r"(?:Ph\.?D|M\.?D|MSc|M\.A|Esq|CPA|RN)\.?")
_HONORIFIC = re.compile(r"(?:mr|mrs|ms|miss|dr|prof|professor|herr|frau|mme|sra)\.?", re.IGNORECASE)
_CAPITALS = re.compile(r"[^\W\d_]+")


@cache
def _words(kind: str) -> frozenset[str]:
    """The words of bylines of one kind, folded."""
    text = (resources.files("indexer.enrich") / "data" / "bylines.tsv").read_text(encoding="utf-8")
    return frozenset(fold(word) for word, *kinds in tables.cells(text) if kind in kinds)


@cache
def _agencies() -> frozenset[str]:
    return _words("agency").union(*(language.words("agency") for language in languages.installed()))


def _parts(segment: str, language: str) -> Iterator[str]:
    """Split at commas and words for “and”; a suffix stays with its name, a part that begins with `in` is dropped."""
    before = ""
    for piece in _COMMAS.split(_LEADS.sub("", segment, count=1) if _LEADS.match(segment) else segment):
        if before and _SUFFIX.fullmatch(piece):
            before = f"{before} {piece}"
            continue
        if before:
            yield from _joined(before, language)
        before = piece
    if before:
        yield from _joined(before, language)


def _joined(piece: str, language: str) -> Iterator[str]:
    for part in _AND.split(piece):
        word = _AND_OF.get(language)
        sides = re.split(rf"\s{word}\s", part) if word else [part]
        if len(sides) > 1 and all(" " in side.strip() for side in sides):
            yield from sides
        else:
            yield part


def _name(part: str) -> str | None:
    """The name in a part, without job titles, agencies and places; None if there is none."""
    part = _LEADS.sub("", part.strip(" .,:–—-"), count=1) if _LEADS.match(part.strip(" .,:–—-")) else part
    words = [word for word in (word.strip(",:") for word in part.split()) if word]
    while words and _HONORIFIC.fullmatch(words[0]) and len(words) > 1:
        words = words[1:]
    cut = next(
        (at for at, word in enumerate(words) if word in _words("after") and (word not in _words("particle") or not at)),
        len(words),
    )
    words = _without_offices(words[:cut])
    while len(words) > 2 and _DEGREE.fullmatch(words[-1]):
        words = words[:-1]
    folded = fold(" ".join(words)).removeprefix("the ")
    if not words or len(words) > _MOST_WORDS or folded in _agencies() or _is_outlet(words):
        return None
    name = _as_spoken(words)
    return " ".join(name) if _is_name(name) else None


def _without_offices(words: list[str]) -> list[str]:
    """The words before a job title or an agency, or after it if the name follows its title."""
    folded = [fold(word).strip(".'’") for word in words]
    offices = [
        at for at, word in enumerate(folded) if word in _words("role") or (word in _agencies() and words[at].isupper())
    ]
    if not offices:
        agency = next(
            (at for at in range(2, len(words)) if folded[at] in _agencies() or " ".join(folded[at:]) in _agencies()),
            len(words),
        )
        return words[:agency]
    first, last = offices[0], offices[-1]
    if first >= 2:
        return words[:first]
    after = words[last + 1 :]
    return after if len(after) >= 2 else []


def _is_outlet(words: list[str]) -> bool:
    last = fold(words[-1]).strip(".")
    return last in _words("outlet") and not (len(words) == 2 and last in _words("or-name") and fold(words[0]) != "the")


def _is_name(words: list[str]) -> bool:
    """True if every word is capitalised, a particle, or in a script without capitals."""
    if any(any(map(str.isdigit, word)) or "@" in word or "://" in word for word in words):
        return False
    if all(fold(word) in _words("particle") for word in words) or not any(len(word.strip(".")) > 1 for word in words):
        return False
    if fold(words[0]) in ("the", "our", "your", "my"):
        return False
    return all(
        word[0].isupper() or fold(word) in _words("particle") or not _has_case(word) or _inner_capital(word)
        for word in words
    )


def _inner_capital(word: str) -> bool:
    """`al-Sheikh`, `d'Estaing`, `dela'Cruz`: a particle that is joined to its name."""
    before, _, after = re.sub("[’-]", "'", word).partition("'")
    return bool(after) and after[0].isupper() and len(before) <= 4


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


def _as_spoken(words: list[str]) -> list[str]:
    """A name in capitals in its usual case; any other name unchanged."""
    if not all(word.isupper() or fold(word) in _words("particle") for word in words):
        return words
    if len(words) < 2 or not any(len(word) > 2 and "." not in word for word in words):
        return words
    return [_lowered(word, at) for at, word in enumerate(words)]


def _lowered(word: str, at: int) -> str:
    if "." in word and len(word.replace(".", "")) <= 3 and word not in ("JR.", "SR."):
        return word
    if fold(word) in ("ii", "iii", "iv"):
        return word
    if at and fold(word) in _words("particle"):
        return word.lower()
    if len(word) == 1:
        return word
    named = _CAPITALS.sub(lambda letters: letters[0].capitalize(), word)
    return re.sub(r"^(Mc)([a-z])", lambda found: found[1] + found[2].upper(), named)
