"""People whom a reader knows by one name: a lone “Thatcher” in a text of 1984 is Margaret Thatcher.

The table `name_known` has, for each person, the forms that news uses alone, the words with which it introduces the
person, and the years in which the form means this person. `Lookup.row` decides who is meant by a name that the article
does not give in full:

1. Only people known in the year of the article; if it has no date, only a form of a single person in the table.
2. Of several, the only one with one of the words near the name, or else the only one with one anywhere in the article.
3. A form marked as doubtful needs such a word near it. A form that also is an ordinary given or family name needs one
   in the article or a title before it, except for the best known, who have a Wikidata item, in running prose: in a
   line-up or a score card it is anybody's.
4. An office or a rank before the name must be one of the words.
5. A name that fits two people stays as it stands.

`completed` gives lone names their full names, `recognised` finds known names that the tagger missed. A full name in the
article always wins: its surname is not looked up here.

Cost: a lookup for each capitalised word, and some ten microseconds for each name that is in the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from indexer.enrich.persons import names
from indexer.enrich.persons.mentions import Mention, name_at
from indexer.enrich.persons.partners import POSSESSIVES
from indexer.enrich.persons.surnames import inside_name
from indexer.enrich.persons.tagger.crf import Span
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.shared.lexicon import flags, table, words_of
from search.authority import Entry
from search.text import fold

RULE = "known"

DOUBTFUL = "?"
"""Ends a form that needs a word of the row near it."""

NEAR = 15
"""The number of words on either side of a name that are near it."""

_CONFIDENCE = 0.8
_SURE = 0.95
_OTHER = 0.8
"""The confidence of the tagger in another label above which a name needs a word of its row near it."""

_LONGEST_WORDS = 3
_ENDINGS = ("", "s", "'s", "n", "i", "an", "ian", "ese", "ish")
"""What may follow a word of a row in the text: `brazil` in `Brazilian`."""


_OFFICES = frozenset(("office", "military", "religious", "royal", "noble"))
"""Kinds of title that contradict a row none of whose words they are."""


class Row(NamedTuple):
    """A person of the table, under one form.

    Attributes:
        first, last: the years in which the form means the person.
        item: the Wikidata item, or "".
        doubtful: True if one of the words must be near the form.
    """

    name: str
    words: tuple[str, ...]
    first: int
    last: int
    item: str
    doubtful: bool

    @property
    def source(self) -> str:
        """The row as the evidence names it."""
        years = f"{self.first}–{self.last if self.last < _STILL else ''}"
        return f"{RULE}; table “{self.name}”, {years}{', ' + self.item if self.item else ''}"


_STILL = 9999


@cache
def _rows() -> dict[str, tuple[Row, ...]]:
    """Form → the rows that have it."""
    found: dict[str, list[Row]] = {}
    for name, (forms, words, first, last, *item) in table("known").items():
        if first.isdigit():
            said = tuple(map(fold, words.split("|")))
            for form in forms.split("|"):
                bare = form.removesuffix(DOUBTFUL)
                years = int(first), int(last) if last else _STILL
                found.setdefault(bare, []).append(Row(name, said, *years, "".join(item), bare != form))
    return {form: tuple(rows) for form, rows in found.items()}


@dataclass(slots=True)
class Lookup:
    """Looks up the lone names of one article.

    Attributes:
        body, headline: of the article; the headline counts as near every name.
        year: of the article, None if it has no date.
    """

    body: Sequence[Sentence]
    headline: Sequence[Sentence]
    year: int | None
    _everywhere: frozenset[str] | None = None
    _title: frozenset[str] | None = None

    def row(self, sentence: Sentence, first: int, last: int, title: str) -> tuple[Row, bool] | None:
        """Who is meant by some words of a sentence, and True if a word of the row is near; None if it is not clear."""
        words = sentence.words
        form = " ".join(words[first:last])
        rows = (_rows().get(f"{title} {form}") if title else None) or _rows().get(form)
        if rows is None:
            return None
        if self.year is None:
            fitting = list(rows) if len(rows) == 1 else []
        else:
            fitting = [row for row in rows if row.first <= self.year <= row.last]
        if not fitting:
            return None
        around = _grams([*words[max(first - NEAR, 0) : first], *words[last : last + NEAR]])
        near = [row for row in fitting if _has(row, around) or _has(row, self._in_title())]
        if len(near) == 1:
            return near[0], True
        if not near and names.title_kind(title) in _OFFICES:
            return None
        sure = [row for row in (near or fitting) if not row.doubtful or near]
        ordinary = last - first == 1 and not title and not {"g", "f"}.isdisjoint(flags(words[first]))
        if len(sure) > 1 or (ordinary and not (sure and sure[0].item and _in_prose(words, last))):
            sure = [row for row in sure if _has(row, self._in_article())]
        return (sure[0], bool(near)) if len(sure) == 1 else None

    def speaks_of(self, row: Row) -> bool:
        """True if a word of a row is in the article."""
        return _has(row, self._in_article())

    def _in_title(self) -> frozenset[str]:
        if self._title is None:
            self._title = frozenset(gram for sentence in self.headline for gram in _grams(sentence.words))
        return self._title

    def _in_article(self) -> frozenset[str]:
        if self._everywhere is None:
            inside = (gram for sentence in self.body for gram in _grams(sentence.words))
            self._everywhere = self._in_title().union(inside)
        return self._everywhere


def _in_prose(words: Sequence[str], last: int) -> bool:
    """True if a word that goes on a sentence, not a list or a score card, follows a name: `told`, `'s`."""
    after = words[last] if last < len(words) else ""
    return after in POSSESSIVES or (after.islower() and len(after) > 2)


def _grams(words: Sequence[str]) -> set[str]:
    """The words, and the runs of two and three."""
    folded = [fold(word) for word in words]
    return {
        " ".join(folded[at : at + size])
        for size in range(1, _LONGEST_WORDS + 1)
        for at in range(len(folded) + 1 - size)
    }


def _has(row: Row, grams: set[str] | frozenset[str]) -> bool:
    return any(word + ending in grams for word in row.words for ending in _ENDINGS)


def recognised(
    lookup: Lookup, spans: Sequence[Span], found: Sequence[Mention], small: frozenset[str]
) -> Iterator[Mention]:
    """Names of the table that are not among the mentions found, or are less certain there.

    Such a name has a word of its row near it; or in the article, if it is capitalised within a sentence or the model
    takes it for a person. Of names without one, too many are those of firms and mines.

    Args:
        small: words that the article also has in lower case.
    """
    taken: dict[int, set[int]] = {}
    tagged = {(mention.sentence, mention.first) for mention in found}
    for mention in found:
        if mention.confidence >= _SURE or mention.last - mention.first > 1:
            taken.setdefault(mention.sentence, set()).update(range(mention.first, mention.last))
    other = {(span.sentence, at): span for span in spans if span.label != "PER" for at in range(span.first, span.last)}
    rows = _rows()
    for number, sentence in enumerate(lookup.body):
        words = sentence.words
        for at in sentence.capitals:
            word = words[at]
            if word not in rows or at in taken.get(number, ()) or not _may_be(word, small) or inside_name(words, at):
                continue
            span = other.get((number, at))
            if (span is not None and span.last - span.first > 1) or sentence.headline_like:
                continue
            name = name_at(words, at, at + 1)
            row = lookup.row(sentence, at, at + 1, name.title)
            if row is None:
                continue
            inner = at > 0 or (number, at) in tagged
            if row[1] or (inner and (span is None or span.confidence < _OTHER) and lookup.speaks_of(row[0])):
                yield Mention(number, at, at + 1, name, RULE, _SURE if row[1] else _CONFIDENCE)


def _may_be(word: str, small: frozenset[str]) -> bool:
    """True if a word is not above all something else."""
    folded = fold(word)
    return (
        word not in table("places")
        and word not in table("brands")
        and word.lower() not in small
        and not any(folded in words_of(kind) for kind in ("common", "calendar", "function", "organisation"))
        and not names.title_kind(folded)
    )


def spoken_for(lookup: Lookup, mentions: Sequence[Mention]) -> frozenset[str]:
    """The words of names, as compared, that the article itself explains: of full names, and with another office.

    Args:
        mentions: in the text.
    """
    found = {key for mention in mentions if mention.name.full for key in mention.name.keys}
    for mention in mentions:
        name, sentence = mention.name, lookup.body[mention.sentence]
        titled = not name.full and names.title_kind(name.title) in _OFFICES
        if titled and lookup.row(sentence, mention.first, mention.last, name.title) is None:
            found.update(name.keys)
    return frozenset(found)


def completed(
    lookup: Lookup, sentences: Sequence[Sentence], mentions: Sequence[Mention], full: frozenset[str]
) -> list[Mention]:
    """The mentions; those of a lone name that the table knows have the full name, and its row as their rule.

    Args:
        sentences: what the mentions are in: the text or the headline.
        full: the words that the article explains (see `spoken_for`), which are not looked up.
    """
    return [_complete(lookup, sentences[mention.sentence], mention, full) for mention in mentions]


def _complete(lookup: Lookup, sentence: Sentence, mention: Mention, full: frozenset[str]) -> Mention:
    name = mention.name
    if name.full or name.suffix or not full.isdisjoint(name.keys) or mention.rule == "shared":
        return mention
    found = lookup.row(sentence, mention.first, mention.last, name.title)
    if found is None:
        return mention
    whole = names.parse(found[0].name)
    return replace(mention, name=replace(whole, title=name.title, kind=name.kind), rule=found[0].source)


def offered(listed: Iterable[str]) -> list[Entry]:
    """Entries for an authority file, from the rows of people who are listed: other full names, and Wikidata items.

    Args:
        listed: names of persons, as an index shows them.
    """
    here = set(map(fold, listed))
    found = []
    for name, (forms, _, first, _, *item) in table("known").items():
        if first.isdigit():
            bare = [form.removesuffix(DOUBTFUL) for form in forms.split("|")]
            aliases = [form for form in bare if fold(form) in here and names.parse(form).full and form.count(" ")]
            found += [Entry("person", name, alias, "".join(item)) for alias in aliases]
            if not aliases and any(item) and fold(name) in here:
                found.append(Entry("person", name, "", "".join(item)))
    return found
