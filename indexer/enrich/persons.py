"""Who an article is about: persons named in its text, each under one canonical name.

The tagger (`crf`) finds names in the text, rules and the words around (`cues`) drop what is no person and add whom the
tagger overlooked, a surname known from a full name is found wherever else it stands, the headline is matched against
the text's names, and `names` gives each person one spelling. Bylines and photo credits name nobody. For English only;
articles in another language get no persons.

Cost: the tagger's, and about half as much again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from indexer.enrich import cues, names
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

UNSUPPORTED_CONFIDENCE = 0.95
"""The same where it stands nowhere else and nothing around it speaks for a person."""

TITLE_CONFIDENCE = 0.9
"""The same for a name that only the headline has."""

TITLE_RULE = "title: "
"""Begins the rule of evidence that stands in the headline, not in the text."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text: words `first` to `last` (exclusive) of a sentence.

    Attributes:
        rule: `crf` if the model found it, `surname` if it was known from a full name, `name` if it stands as a known
            given name and a known family name, `context` if the words around show it, `shared` if only the given name
            stands there and the surname follows another's.
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
    headline = list(sentences(article.title))
    in_text, nobody = find(body, tagger(), headline)
    in_title = find_in_headline(headline, in_text, nobody, context(body), tagger())
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


def find(
    body: Sequence[Sentence], model: Tagger, headline: Sequence[Sentence] = ()
) -> tuple[list[Mention], frozenset[tuple[str, ...]]]:
    """The mentions of persons in a text, in order, and the names that looked like some and are none.

    The headline helps with the latter only.
    """
    around = context(body)
    spans = model.tag(body, around)
    firms = _firms(body)
    candidates = [mention for span in spans if span.label == "PER" and (mention := _mention(body, span))]
    candidates += _overlooked(body, spans, candidates, around, firms)
    verdict = _verdict(body, headline, candidates)
    nobody = frozenset(mention.name.words for mention in candidates if verdict.against(mention))
    parts = {(word,) for words in nobody if len(words) > 1 for word in words}
    candidates = [
        verdict.surer(mention)
        for mention in candidates
        if mention.name.words not in nobody
        and (mention.name.words not in parts or verdict.vouched[mention.name.keys[0]])
    ]
    known = _known(mention for mention in candidates if _is_person(body, mention, around, firms))
    surnames = frozenset(known.surnames)
    found = [
        mention
        for mention in candidates
        if _is_person(body, mention, around, firms, surnames)
        and (len(mention.name.words) > 1 or mention.name.keys[0] in surnames or verdict.supports(body, mention))
    ]
    shared = _sharing(body, found, surnames)
    places = {(mention.sentence, mention.first) for mention in shared}
    found = [mention for mention in found if (mention.sentence, mention.first) not in places] + shared
    found += _others(body, spans, found, known)
    return sorted(found, key=lambda mention: (mention.sentence, mention.first)), nobody


def _sharing(body: Sequence[Sentence], found: Sequence[Mention], surnames: frozenset[str]) -> list[Mention]:
    """Given names before a full name whose surname they share: `Ethan` of `Ethan and Joel Coen`."""
    taken = {
        (mention.sentence, at)
        for mention in found
        if len(mention.name.words) > 1
        for at in range(mention.first, mention.last)
    }
    shared = []
    for mention in found:
        at, words = mention.first - 2, body[mention.sentence].words
        if at < 0 or words[at + 1] != "and" or len(mention.name.words) != 2 or not cues.is_given(words[at]):
            continue
        alone = not at or not (words[at - 1][0].isupper() or words[at - 1] == "and")
        known = words[at] in table("surname") or names.key(words[at]) in surnames or words[at] in table("places")
        if alone and not known and cues.is_given(mention.name.words[0]) and (mention.sentence, at) not in taken:
            name = names.parse(f"{words[at]} {mention.name.words[-1]}")
            shared.append(Mention(mention.sentence, at, at + 1, name, "shared", mention.confidence))
    return shared


def _mention(body: Sequence[Sentence], span: Span) -> Mention | None:
    """A span as a mention, whole and without the title and punctuation at its ends; None if nothing is left."""
    words = body[span.sentence].words
    first, last = span.first, span.last
    while last > first and not words[last - 1][0].isalnum():
        last -= 1
    while first < last and not words[first][0].isalnum():
        first += 1
    if first == last:
        return None
    while first < last - 1 and (_leads_nothing(words[first]) or (not first and _begins_nothing(words[first]))):
        first += 1
    first, last = _grown(words, first, last)
    if " ".join(words[first:last]) not in table("places"):
        first += names.title_size(words[first:last])
    if last < len(words) and names.is_suffix(words[last]):
        last += 1
    return Mention(span.sentence, first, last, _name(words, first, last), "crf", span.confidence)


def _begins_nothing(word: str) -> bool:
    """Whether a word that the model took into a name has its capital from the sentence: `Near`, `Musician`."""
    return _is_small(word) or (fold(word) in kind_of_word("role") and word not in table("surname"))


def _is_small(word: str) -> bool:
    return fold(word) in kind_of_word("function") and word not in table("given")


def _grown(words: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """A name with what the model cut off: `Mary` of `Mary Ann Doe`, `al-Amin` or `van der Berg` at its end."""
    if first > 1 and last - first > 1 and cues.is_given(words[first - 1]) and words[first] in table("given"):
        two = (words[first - 2], words[first - 1])
        if not two[0][0].isupper() and two[1] not in table("places") and not names.title_kind(two[1]):
            first -= 1
    at = last
    while at < len(words) and at - last < _PARTICLES and words[at].islower() and words[at] in kind_of_word("particle"):
        at += 1
    if at > last and words[at - 1] not in _NOT_INSIDE and at < len(words) and words[at][0].isupper():
        last = at + 1
    elif last < len(words) and cues.is_small_surname(words[last]):
        while last < len(words) and cues.is_small_surname(words[last]):
            last += 1
        while last + 1 < len(words) and fold(words[last]) in _BEN and words[last + 1][0].isupper():
            last += 2
    return first, last


_PARTICLES = 3
_BEN = frozenset(("ben", "bin", "ibn"))
_NOT_INSIDE = frozenset(("do", "e", "ten", "den", "y"))
"""Particles that are also common words."""


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
    if any(word.islower() and fold(word) not in kind_of_word("particle") for word in inside):
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
    if fold(inside[0]) in kind_of_word("bearer") and len(inside) > 1 and inside[0] not in table("given"):
        return False
    if fold(inside[-1]) in kind_of_word("head") or (len(inside) > 1 and _named_after_place(inside)):
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


def _named_after_place(inside: Sequence[str]) -> bool:
    """Whether a name is that of a landmark called after a place, as India Gate is."""
    kinds = table("places").get(" ".join(inside[:-1]), ())
    return "country" in kinds and fold(inside[-1]) in kind_of_word("landmark")


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
class _Verdict:
    """What the article says of its names: how often each stands, and how often it is a person's or no person's.

    By the words of the name; `vouched` by its surname, as compared.
    """

    counts: Counter[tuple[str, ...]]
    vouched: Counter[str]
    denied: Counter[tuple[str, ...]]

    def against(self, mention: Mention) -> bool:
        """Whether a name is a place's or a thing's."""
        words = mention.name.words
        against, often = self.denied[words], self.counts[words]
        most = against * 2 > often if len(words) > 1 and cues.is_given(words[0]) else against * 3 >= often
        return against > 0 and most and not self.vouched[_last_key(mention.name)]

    def surer(self, mention: Mention) -> Mention:
        """A mention of a full name; if something but the model makes it a person's, it is sure enough."""
        if len(mention.name.words) < 2 or not self.vouched[_last_key(mention.name)]:
            return mention
        return replace(mention, confidence=max(mention.confidence, FULL_CONFIDENCE))

    def supports(self, body: Sequence[Sentence], mention: Mention) -> bool:
        """Whether something else than the model speaks for a lone word: title, role, verb of saying, a second place."""
        name = mention.name
        if name.title or self.vouched[_last_key(name)]:
            return True
        words = body[mention.sentence].words
        if cues.speaks(words, mention.first, mention.last) or (
            words[mention.last : mention.last + 1] == [","] and "f" in flags(name.words[0]) and not mention.first
        ):
            return True
        if name.words[0] in table("given") and name.words[0] not in table("surname"):
            return self.counts[name.words] > _OFTEN
        sure = LONE_CONFIDENCE if mention.first else UNSUPPORTED_CONFIDENCE
        return self.counts[name.words] > 1 or mention.confidence >= sure


_OFTEN = 1


def _last_key(name: names.Name) -> str:
    return name.keys[0] if names.family_first(name) else name.keys[-1]


def _verdict(body: Sequence[Sentence], headline: Sequence[Sentence], candidates: Sequence[Mention]) -> _Verdict:
    counts: Counter[tuple[str, ...]] = Counter()
    vouched: Counter[str] = Counter()
    denied: Counter[tuple[str, ...]] = Counter()
    ends: dict[int, set[int]] = {}
    for mention in candidates:
        ends.setdefault(mention.sentence, set()).add(mention.last)
    for mention in candidates:
        words, name = body[mention.sentence].words, mention.name
        counts[name.words] += 1
        if cues.denied(words, mention.first, mention.last, name.title, frozenset(ends[mention.sentence])):
            denied[name.words] += 1
        elif name.title or (
            cues.vouched(words, mention.first, mention.last)
            and (len(name.words) > 1 or not mention.first or fold(words[mention.first - 1]) not in kind_of_word("kin"))
        ):
            vouched[_last_key(name)] += 1
    for sentence in (*headline, *body):
        for before, word in pairwise(sentence.words):
            if word[0].isupper() and (word,) in counts and fold(before) in kind_of_word("bearer"):
                denied[(word,)] += counts[(word,)]
    return _Verdict(counts, vouched, denied)


def _overlooked(
    body: Sequence[Sentence],
    spans: Sequence[Span],
    found: Sequence[Mention],
    around: Context,
    firms: frozenset[tuple[str, ...]],
) -> Iterator[Mention]:
    """Full names where the model saw no person, but the words around, or a person's surname elsewhere, show one."""
    taken: dict[int, dict[int, Mention]] = {}
    for mention in found:
        taken.setdefault(mention.sentence, {}).update(dict.fromkeys(range(mention.first, mention.last), mention))
    other: dict[tuple[int, int], Span] = {
        (span.sentence, at): span for span in spans if span.label != "PER" for at in range(span.first, span.last)
    }
    lone = [mention for mention in found if len(mention.name.words) == 1]
    often = Counter(mention.name.keys[0] for mention in lone if mention.confidence >= FIRST_CONFIDENCE)
    surnames = {mention.name.keys[0] for mention in lone if mention.name.title} | {
        key for key in often if often[key] > 1
    }
    for number, sentence in enumerate(body):
        if headline_like(sentence):
            continue
        words = sentence.words
        here = taken.get(number, {})
        for first, last in _runs(words):
            if any(at in here for at in range(first, last)):
                continue
            span = other.get((number, first))
            longer = span is not None and span.last > last and words[last] != "of"
            doubt = 1.0 if longer else span.confidence * _DOUBT.get(span.label, 1.0) if span else 0.0
            mention = Mention(number, first, last, _name(words, first, last), "context", 0.7)
            if _speaks_for_itself(words, mention, doubt, here, surnames) and _is_person(body, mention, around, firms):
                yield mention


def _speaks_for_itself(
    words: Sequence[str], mention: Mention, doubt: float, here: Mapping[int, Mention], surnames: set[str]
) -> bool:
    """Whether a run of capitalised words is a person's full name; doubt is the model's faith in something else."""
    first, last, name = mention.first, mention.last, mention.name
    inside = words[first:last]
    if inside[0] in table("places") or inside[-1] in table("places") or " ".join(inside) in table("places"):
        return False
    if any(_is_small(word) or (names.title_kind(word) and word not in table("given")) for word in inside[1:]):
        return False
    quoted = first > 0 and last < len(words) and words[first - 1] in _QUOTES and words[last] in _QUOTES
    if _is_small(inside[0]) or quoted or _SAINT.fullmatch(name.title):
        return False
    if fold(inside[0]) in kind_of_word("bearer") or any(fold(word) in kind_of_word("calendar") for word in inside[1:]):
        return False
    if any(hyphen and tail in _MADE_OF_PLACE for _, hyphen, tail in (word.partition("-") for word in inside)):
        return False
    given = cues.is_given(inside[0]) or _is_initial(inside[0])
    titled = name.title and (name.title[0].isupper() or cues.is_role(name.title.split()[-1]))
    at = first - len(name.title.split()) - 1
    whole = at < 0 or words[at][0].islower() or bool(names.title_kind(words[at]))
    if titled and (given or "f" in flags(inside[-1]) or (whole and names.title_kind(name.title) in _CERTAIN)):
        return True
    if cues.is_small_surname(inside[-1]):
        return True
    dated = fold(inside[0]) in kind_of_word("calendar")
    if _last_key(name) in surnames and len(inside) == 2 and not dated:
        return given or first > 0
    if doubt == 1.0:
        return False
    if cues.vouched(words, first, last) or _is_listed(words, first, last, here):
        return given or "e" in flags(inside[0]) or (doubt < _FIRM_DOUBT and cues.WHO.isdisjoint(words[last : last + 2]))
    if (
        not given
        or dated
        or not all(cues.is_given(word) or _is_initial(word) or "f" in flags(word) for word in inside[1:-1])
    ):
        return False
    if "f" in flags(inside[-1]):
        return doubt < _SOME_DOUBT
    after = words[last] if last < len(words) else "."
    ended = not after[0].isalnum() or after in _AFTER_NAMES or (after.islower() and after.endswith("ed"))
    return "-" in inside[0] or (doubt < _LITTLE_DOUBT and (ended or any(map(_is_initial, inside[1:-1]))))


_MADE_OF_PLACE = frozenset(("based", "listed", "born", "style", "led", "backed", "owned", "registered", "area", "made"))
_AFTER_NAMES = frozenset(("and", "was", "is", "has", "had", "will", "would", "who", "among"))
_DOUBT = {"MISC": 0.6}
"""How much the model's faith counts that a name is something else, where less than 1."""

_QUOTES = frozenset("\"'“”‘’«»")
_LITTLE_DOUBT = 0.5
_SOME_DOUBT = 0.6
_FIRM_DOUBT = 0.85


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[1] == "."


def _is_listed(words: Sequence[str], first: int, last: int, here: Mapping[int, Mention]) -> bool:
    """Whether full names of persons stand on both sides in a list, or two before."""

    def full(at: int) -> Mention | None:
        mention = here.get(at)
        return mention if mention and len(mention.name.words) > 1 else None

    def before(at: int) -> Mention | None:
        while at and words[at - 1] in (",", "and"):
            at -= 1
        return full(at - 1) if at < len(words) and at and words[at] in (",", "and") else None

    left = before(first)
    if not left:
        return False
    after = last
    while after < len(words) and words[after] in (",", "and"):
        after += 1
    return bool((after > last and full(after)) or before(left.first))


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where two to four capitalised words stand together, small particles between them, without titles before them."""
    at, size = 0, len(words)
    while at < size:
        if not words[at][0].isupper():
            at += 1
            continue
        first, at = at, at + 1
        while at < size:
            if words[at][0].isupper() or cues.is_small_surname(words[at]):
                at += 1
                continue
            ahead = at
            while ahead < size and ahead - at < _PARTICLES and words[ahead] in _INSIDE:
                ahead += 1
            if ahead in (at, size) or not words[ahead][0].isupper():
                break
            at = ahead + 1
        last = at
        while first < last - 1 and _is_small(words[first]):
            first += 1
        for title in range(last - 2, first - 1, -1):
            if (
                names.title_kind(words[title])
                and names.title_size(words[title:last])
                and words[title] not in table("given")
            ):
                first = title + 1
                break
        first += names.title_size(words[first:last])
        if 1 < last - first < _LONGEST_NAME and all(
            any(map(str.islower, w)) or _is_initial(w) for w in words[first:last]
        ):
            yield first, last


_LONGEST_NAME = 5
_INSIDE = frozenset(("van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "bin", "ibn", "ter", "arap"))


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
    headline: Sequence[Sentence],
    in_text: Sequence[Mention],
    nobody: frozenset[tuple[str, ...]],
    around: Context,
    model: Tagger,
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
            if mention.name.words in nobody:
                continue
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
