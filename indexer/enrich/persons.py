"""Who an article is about: persons named in its text, each under one canonical name.

The tagger (`crf`) finds names in the text, rules drop what is no person, a surname known from a full name is found
wherever else it stands, the headline is matched against the text's names, and `names` gives each person one spelling.
Bylines and photo credits name nobody. For English only; articles in another language get no persons.

Cost: the tagger's, and about half as much again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexer.enrich import names
from indexer.enrich.crf import Context, Sentence, Span, Tagger, context, flags, headline_like, sentences, table, tagger
from indexer.enrich.crf import words_of as kind_of_word
from search.article import Article, Evidence
from search.text import fold

FULL_CONFIDENCE = 0.4
"""What the model must be sure of to name a person by two words or more, or after a title."""

LONE_CONFIDENCE = 0.6
"""The same for a lone word whose full name the article does not give."""

FIRST_CONFIDENCE = 0.8
"""The same for such a word where it begins a sentence, so that its capital tells nothing."""

TITLE_CONFIDENCE = 0.9
"""The same for a name that only the headline has."""

TITLE_RULE = "title: "
"""Begins the rule of evidence that stands in the headline, not in the text."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text: words `first` to `last` (exclusive) of a sentence.

    Attributes:
        rule: `crf` if the model found it, `surname` if it was known from a full name, `name` if it stands as a known
            given name and a known family name.
    """

    sentence: int
    first: int
    last: int
    name: names.Name
    rule: str
    confidence: float


def enrich(article: Article) -> Article:
    """The article with its persons and the evidence for each, unless the input stated them.

    Persons stand in order of mentions, the most first, ties by first mention.
    """
    if "person" in article.given or article.language not in (None, "en"):
        return article
    body = list(sentences(without_credits(article.text)))
    in_text = find(body, tagger())
    headline = list(sentences(article.title))
    in_title = find_in_headline(headline, in_text, context(body), tagger())
    values = names.resolve([mention.name for mention in (*in_text, *in_title)])
    evidence = []
    for mention, value in zip(in_text, values, strict=False):
        start, end = body[mention.sentence].span(mention.first, mention.last)
        evidence.append(Evidence(value, start, end, article.text[start:end], mention.rule, mention.confidence))
    from_title = []
    for mention, value in zip(in_title, values[len(in_text) :], strict=True):
        start, end = headline[mention.sentence].span(mention.first, mention.last)
        rule = TITLE_RULE + mention.rule
        from_title.append(Evidence(value, None, None, article.title[start:end], rule, mention.confidence))
    found = (*from_title, *evidence)
    counts = Counter(each.value for each in found)
    persons = tuple(value for value, _ in counts.most_common())
    return replace(article, person=persons, evidence={**article.evidence, "person": found})


def find(body: Sequence[Sentence], model: Tagger) -> list[Mention]:
    """The mentions of persons in a text, in order."""
    around = context(body)
    spans = model.tag(body, around)
    firms = _firms(body)
    candidates = [mention for span in spans if span.label == "PER" and (mention := _mention(body, span))]
    known = _known(mention for mention in candidates if _is_person(body, mention, around, firms))
    found = [mention for mention in candidates if _is_person(body, mention, around, firms, frozenset(known.surnames))]
    found += _others(body, spans, found, known)
    return sorted(found, key=lambda mention: (mention.sentence, mention.first))


def _mention(body: Sequence[Sentence], span: Span) -> Mention | None:
    """A span as a mention, without the title and punctuation at its ends; None if nothing is left."""
    words = body[span.sentence].words
    first, last = span.first, span.last
    while last > first and not words[last - 1][0].isalnum():
        last -= 1
    while first < last and not words[first][0].isalnum():
        first += 1
    if first == last:
        return None
    while first < last - 1 and _leads_nothing(words[first]):
        first += 1
    if " ".join(words[first:last]) not in table("places"):
        first += names.title_size(words[first:last])
    if last < len(words) and names.is_suffix(words[last]):
        last += 1
    return Mention(span.sentence, first, last, _name(words, first, last), "crf", span.confidence)


def _leads_nothing(word: str) -> bool:
    """Whether a word that the model put before a name is none of it: a small one, an acronym."""
    if word[0].islower():
        return fold(word) not in kind_of_word("particle")
    return word.isupper() and word.isalpha() and len(word) > 2


def _name(words: Sequence[str], first: int, last: int) -> names.Name:
    return names.parse(" ".join(words[first:last]), " ".join(words[max(first - 4, 0) : first]))


def _is_person(
    body: Sequence[Sentence],
    mention: Mention,
    around: Context,
    firms: frozenset[tuple[str, ...]],
    surnames: frozenset[str] = frozenset(),
) -> bool:
    """Whether what the model took for a person may be one, going by the words of the name and the article.

    The firms are those of `_firms`; the surnames those known from full names in the article, as compared.
    """
    words, name = body[mention.sentence].words, mention.name
    inside = words[mention.first : mention.last]
    if any(character.isdigit() for word in inside for character in word):
        return False
    if mention.first and fold(words[mention.first - 1]) in kind_of_word("bearer"):
        return False
    after = words[mention.last] if mention.last < len(words) else ""
    if after == "&" or (mention.first and words[mention.first - 1] == "&"):
        return False
    if fold(after).rstrip(".") in kind_of_word("namesake"):
        return False
    if fold(inside[-1]) in kind_of_word("namesake") - kind_of_word("landmark"):
        return False
    if any(word.isupper() and word.isalpha() and len(word) > 2 and not names.is_suffix(word) for word in inside):
        return False
    if not name.title and tuple(inside) in firms:
        return name.keys[0] in surnames and len(inside) == 1
    if _inside_place(words, mention.first, mention.last) or (len(inside[-1]) == 2 and inside[-1][1] == "."):
        return False
    if any(fold(word).rstrip(".") in kind_of_word("organisation") for word in inside):
        return False
    if not name.title and fold(inside[0]) in kind_of_word("people"):
        return False
    led = "g" in flags(inside[0]) or inside[0].endswith(".") or bool(name.title)
    if not led and any(fold(word) in kind_of_word("landmark") for word in inside):
        return False
    if not any(len(key) > 1 and key not in kind_of_word("particle") for key in name.keys):
        return False
    if len(name.words) > 1:
        return mention.confidence >= FULL_CONFIDENCE and " ".join(inside) not in table("places")
    if name.keys[0] in surnames:
        return True
    if fold(inside[0]).rstrip(".") in kind_of_word("calendar") or (not name.title and names.title_kind(inside[0])):
        return False
    if _SAINT.fullmatch(name.title) or (after in _POSSESSIVES and _firm_follows(words, mention.last + 1)):
        return False
    if name.kind in _CERTAIN:
        return mention.confidence >= FULL_CONFIDENCE
    if inside[0] in table("places") or inside[0].lower() in around.small or not inside[0][0].isupper():
        return False
    return mention.confidence >= (LONE_CONFIDENCE if mention.first else FIRST_CONFIDENCE)


_SAINT = re.compile(r"St\.?|Saint")
_POSSESSIVES = frozenset(("'s", "’s", "'S", "’S"))


def _firm_follows(words: Sequence[str], at: int) -> bool:
    """Whether a possessive owns nothing: it ends the name of a firm, as in `Sotheby's said`."""
    return at >= len(words) or not words[at][0].islower() or words[at] in _VERBS


_VERBS = frozenset(("said", "says", "has", "had", "is", "was", "will", "would", "and", "also"))


def _firms(body: Sequence[Sentence]) -> frozenset[tuple[str, ...]]:
    """Names that in the article stand before Inc or the like, and the beginnings of those names."""
    found: set[tuple[str, ...]] = set()
    for sentence in body:
        words = sentence.words
        for at, word in enumerate(words):
            if at and word[0].isupper() and fold(word).rstrip(".") in kind_of_word("firm"):
                first = at
                while (
                    first > at - _LONGEST_FIRM
                    and first
                    and (words[first - 1][0].isupper() or words[first - 1] in ("&", "and", ","))
                ):
                    first -= 1
                run = [each for each in words[first:at] if each[0].isupper()]
                found.update(tuple(run[:size]) for size in range(1, len(run) + 1))
    return frozenset(found)


_LONGEST_FIRM = 8
"""Words of a firm's name that are looked at, commas included."""


def _inside_place(words: Sequence[str], first: int, last: int) -> bool:
    """Whether words are part of the name of a place of two words or three: `Hong` before `Kong-listed`."""
    return any(
        " ".join((*words[start : end - 1], words[end - 1].partition("-")[0])) in table("places")
        for start in range(max(last - 3, 0), first + 1)
        for end in range(last, min(start + 4, len(words) + 1))
        if end - start > max(last - first, 1)
    )


_CERTAIN = frozenset(("honorific", "military", "royal", "religious", "noble"))
"""Kinds of title after which a lone word is a person even where it is also a place or a common word."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The full names of an article: by last word as written, their words and confidence; their surnames, folded."""

    full: dict[str, list[tuple[tuple[str, ...], float]]]
    surnames: dict[str, float]


def _known(mentions: Iterable[Mention]) -> _Known:
    full: dict[str, list[tuple[tuple[str, ...], float]]] = {}
    surnames: dict[str, float] = {}
    for mention in mentions:
        name = mention.name
        if name.full and len(name.words) > 1:
            full.setdefault(name.words[-1], []).append((name.words, mention.confidence))
            key = name.keys[0] if names.family_first(name) else name.keys[-1]
            surnames[key] = max(surnames.get(key, 0.0), mention.confidence)
    return _Known(full, surnames)


def _others(
    body: Sequence[Sentence], spans: Sequence[Span], found: Sequence[Mention], known: _Known
) -> Iterator[Mention]:
    """Known full names and surnames where the model did not see a person."""
    if not known.surnames:
        return
    taken: dict[int, set[int]] = {}
    other: dict[int, set[int]] = {}
    for mention in found:
        taken.setdefault(mention.sentence, set()).update(range(mention.first, mention.last))
    for span in spans:
        if span.label != "PER" and span.last - span.first > 1:
            other.setdefault(span.sentence, set()).update(range(span.first, span.last))
    for number, sentence in enumerate(body):
        loose = headline_like(sentence)
        for first, last, confidence in _matches(sentence.words, known, loose):
            here = taken.get(number, set()) | (other.get(number, set()) if last - first == 1 else set())
            if here.isdisjoint(range(first, last)):
                yield Mention(number, first, last, _name(sentence.words, first, last), "surname", confidence)


def _matches(words: Sequence[str], known: _Known, loose: bool) -> Iterator[tuple[int, int, float]]:
    """Where known names stand in a sentence: first word, last word (exclusive), confidence.

    Loose is a sentence in title case or capitals, where a capital beside a surname says nothing.
    """
    for at, word in enumerate(words):
        if not word[0].isupper():
            continue
        size, confidence = max(
            ((_common(name, words, at), sure) for name, sure in known.full.get(word, ())), default=(0, 0)
        )
        if size > 1:
            yield at + 1 - size, at + 1, confidence
            continue
        key = names.key(word)
        if key not in known.surnames or len(key) < 2 or (word.isupper() and not loose and len(word) > 1):
            continue
        titled = bool(at and names.title_at_end(" ".join(words[max(at - 4, 0) : at])))
        if not titled and (word in table("places") or (not loose and _inside_name(words, at))):
            continue
        yield at, at + 1, known.surnames[key]


def _common(name: Sequence[str], words: Sequence[str], at: int) -> int:
    """How many of the last words of a name stand one after the other up to a place in a sentence."""
    size = 0
    while size < min(len(name), at + 1) and name[-1 - size] == words[at - size]:
        size += 1
    return size


def _inside_name(words: Sequence[str], at: int) -> bool:
    """Whether a capitalised word beside it makes a word part of some longer name."""
    after = words[at + 1] if at + 1 < len(words) else ""
    before = words[at - 1] if at > 1 else ""
    return any(word and word[0].isupper() and not names.title_kind(word) for word in (after, before))


def find_in_headline(
    headline: Sequence[Sentence], in_text: Sequence[Mention], around: Context, model: Tagger
) -> list[Mention]:
    """The mentions of persons in a headline: of those in the text, and of others where there is no doubt.

    Doubt there is in title case, where only a known given name before a known family name counts that the text
    does not have in small letters.
    """
    known = _known(in_text)
    for mention in in_text:
        if len(mention.name.words) == 1:
            known.surnames.setdefault(mention.name.keys[0], mention.confidence)
    found: list[Mention] = []
    for number, sentence in enumerate(headline):
        words = sentence.words
        loose = headline_like(sentence)
        here = [
            Mention(number, first, last, _name(words, first, last), "surname", confidence)
            for first, last, confidence in _matches(words, known, loose)
        ]
        others = list(_first_and_last(number, words, around))
        if not loose:
            for span in model.tag_sentence(number, sentence, context(headline)):
                seen = _mention(headline, span) if span.label == "PER" else None
                if seen and seen.confidence >= TITLE_CONFIDENCE:
                    others.append(seen)
        for mention in others:
            if _is_person(headline, mention, around, frozenset()) and not _overlaps(mention, here):
                here.append(mention)
        found += sorted(here, key=lambda mention: mention.first)
    return found


def _first_and_last(number: int, words: Sequence[str], around: Context) -> Iterator[Mention]:
    for at in range(len(words) - 1):
        first, last = words[at], words[at + 1]
        if "g" not in flags(first) or "f" not in flags(last) or first.isupper():
            continue
        if {first.lower(), last.lower()} & around.small or {first, last} & table("places").keys():
            continue
        yield Mention(number, at, at + 2, _name(words, at, at + 2), "name", 0.7)


def _overlaps(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(mention.first < other.last and other.first < mention.last for other in others)


def without_credits(text: str) -> str:
    """The text with its byline and credits blanked out by line feeds, every other character in its place."""
    byline = _BYLINE.match(text)
    if byline:
        start, end = byline.span("byline")
        text = text[:start] + "\n" * (end - start) + text[end:]
    for pattern in (_CREDIT, _DESK, _stroke()):
        text = pattern.sub(lambda match: "\n" * len(match[0]), text)
    return text


_BYLINE = re.compile(
    r"(?:[^\n]{0,200}\n){0,6}?[^\S\n]{0,20}(?P<byline>(?:(?:Words|Story|Report|Reported|Written|Analysis)\s)?(?:by|By|BY)\s"
    r"(?!the\b|a\b|an\b)[^\W\d_a-z][^\n.!?]{2,90}(?:\.[^\n.!?]{2,60})?(?=\n|\Z))"
)
"""One of the first lines, if it begins with By and a name and is no sentence."""

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


@cache
def _stroke() -> re.Pattern[str]:
    """A photographer's name before an agency's: `Jane Doe/Reuters`."""
    agencies = "|".join(re.escape(word) for word, kinds in table("words").items() if "agency" in kinds)
    name = r"(?<!\w)[^\W\d_a-z][\w.'’-]{1,30}"
    return re.compile(rf"(?:{name}\s){{0,3}}{name}\s?/\s?(?:{agencies})\b")
