"""People whom a reader knows by one name: a lone “Thatcher” in a text of 1984 is Margaret Thatcher.

The table `known.tsv` has, for each person, the forms that news uses alone, the words with which it introduces the
person, and the years in which the form means this person. `Lookup.row` decides who is meant by a name that the article
does not give in full:

1. Only people known in the year of the article; if it has no date, only a form of a single person in the table.
2. Of several, the only one with one of the words near the name, or else the only one with one anywhere in the article.
3. A form marked as doubtful needs such a word near it. Any other single word needs one in the article or a title before
   it, except for the best known, who have a Wikidata item; if it also is an ordinary given or family name, for these
   only in running prose: in a line-up or a score card it is anybody's.
4. An office or a rank before the name must be one of the words.
5. A name that fits two people stays as it stands.

`completed` gives lone names their full names, and other full forms that of the table (a George Bush of 1987 is George
H. W. Bush), `recognised` finds known names that the tagger missed. A full name in the
article always wins: its surname is not looked up here.

Cost: some microseconds for each capitalised word that is in the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer import languages
from indexer.enrich.persons import names, trait
from indexer.enrich.persons.known_rows import DOUBTFUL, RULE, Row, named
from indexer.enrich.persons.known_rows import rows as rows_of
from indexer.enrich.persons.known_words import Said, words_near
from indexer.enrich.persons.mentions import Mention, Others, name_at, taken_by
from indexer.enrich.persons.surnames import inside_name
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import Context
from indexer.languages import Language
from search.names.authority import Entry
from search.text.tokens import fold

_CONFIDENCE = 0.8
_SURE = 0.95
_OTHER = 0.8
"""The confidence of the tagger in another label above which a name needs a word of its row near it."""

_OFFICES = frozenset(("office", "military", "religious", "royal", "noble"))
"""Kinds of title that contradict a row none of whose words they are."""


@dataclass
class Lookup:
    """Looks up the lone names of one article.

    Attributes:
        body, headline: of the article; the headline counts as near every name.
        year: of the article, None if it has no date.
    """

    body: Sequence[Sentence]
    headline: Sequence[Sentence]
    year: int | None

    def __post_init__(self) -> None:
        self._in_title, self._in_text = Said(self.headline), Said(self.body)
        self._rows: dict[tuple[Sentence, int, int, str], tuple[Row, bool] | None] = {}

    def row(self, sentence: Sentence, first: int, last: int, title: str) -> tuple[Row, bool] | None:
        """Who is meant by some words of a sentence, and True if a word of the row is near; None if it is not clear."""
        form = " ".join(sentence.words[first:last])
        known = rows_of(sentence.language)
        rows = (known.get(f"{title} {form}") if title else None) or known.get(form)
        if rows is None:
            return None
        place = sentence, first, last, title
        if place not in self._rows:
            self._rows[place] = self._chosen(rows, *place)
        return self._rows[place]

    def _chosen(
        self, rows: Sequence[Row], sentence: Sentence, first: int, last: int, title: str
    ) -> tuple[Row, bool] | None:
        """The row of several that is meant there."""
        if self.year is None:
            fitting = list(rows) if len(rows) == 1 else []
        else:
            fitting = [row for row in rows if row.first <= self.year <= row.last]
        if not fitting:
            return None
        nearby = words_near(sentence, first, last)
        near = [row for row in fitting if not nearby.isdisjoint(row.words) or self._in_title.any_of(row.words)]
        if len(near) == 1:
            return near[0], True
        if not near and names.title_kind(title, sentence.language) in _OFFICES:
            return None
        sure = [row for row in (near or fitting) if not row.doubtful or near]
        alone = last - first == 1 and not title
        ordinary = alone and sentence.traits[first] & (trait.IN_GIVEN | trait.FAMILY)
        best_known = sure and sure[0].item and (not ordinary or _in_prose(sentence, last))
        if len(sure) > 1 or (alone and not best_known):
            sure = [row for row in sure if self.speaks_of(row)]
        return (sure[0], bool(near)) if len(sure) == 1 else None

    def whole(self, sentence: Sentence, mention: Mention) -> Row | None:
        """Who is meant by a full name of the same surname as that of a row: George Bush, Anthony S. Fauci.

        It is a form of the row, near a word of it, or its name with initials or others in between, in an article that
        has such a word. The end of the row's name, Tayyip Erdogan, is as good as the whole.
        """
        words, language = mention.name.words, sentence.language
        if " ".join(words) in rows_of(language) and mention.name.keys[0] not in language.words("particle"):
            found = self.row(sentence, mention.last - len(words), mention.last, "")
            row = found[0] if found is not None and found[1] else None
        else:
            row = named(language).get((words[0], words[-1])) if len(words) > 2 else None
            if row is not None and self.year is not None and not row.first <= self.year <= row.last:
                return None
        if row is None or not self.speaks_of(row):
            return None
        own = tuple(map(names.key, row.name.split()))
        keys = mention.name.keys
        return row if own[-1] == keys[-1] and own[-len(keys) :] != keys else None

    def speaks_of(self, row: Row) -> bool:
        """True if a word of a row is in the article."""
        return self._in_title.any_of(row.words) or self._in_text.any_of(row.words)


def _in_prose(sentence: Sentence, last: int) -> bool:
    """True if a word that goes on a sentence, not a list or a score card, follows a name: `told`, `'s`."""
    after = sentence.words[last] if last < len(sentence.words) else ""
    return after in sentence.language.words("possessive") or (after.islower() and len(after) > 2)


def recognised(lookup: Lookup, others: Others, found: Sequence[Mention], around: Context) -> Iterator[Mention]:
    """Names of the table that are not among the mentions found, or are less certain there.

    Such a name has a word of its row near it; or in the article, if it is capitalised within a sentence or the model
    takes it for a person. Of names without one, too many are those of firms and mines.

    Args:
        around: a word that the article also has in lower case is not such a name.
    """
    taken = taken_by(m for m in found if m.confidence >= _SURE or m.last - m.first > 1)
    tagged = {(mention.sentence, mention.first) for mention in found}
    for number, sentence in enumerate(lookup.body):
        if not sentence.any_traits & trait.KNOWN_ALONE or sentence.headline_like:
            continue
        _words, traits, here = sentence.words, sentence.traits, taken.get(number, {})
        for at in sentence.capitals:
            if not traits[at] & trait.KNOWN_ALONE or at in here:
                continue
            if inside_name(traits, at) or around.has_small(sentence, at):
                continue
            span = others.get((number, at))
            if span is not None and span.last - span.first > 1:
                continue
            name = name_at(sentence, at, at + 1)
            row = lookup.row(sentence, at, at + 1, name.title)
            if row is None:
                continue
            inner = at > 0 or (number, at) in tagged
            if row[1] or (inner and (span is None or span.confidence < _OTHER) and lookup.speaks_of(row[0])):
                yield Mention(number, at, at + 1, name, RULE, _SURE if row[1] else _CONFIDENCE)


def spoken_for(lookup: Lookup, mentions: Sequence[Mention]) -> frozenset[str]:
    """The words of names, as compared, that the article itself explains: of full names, and with another office.

    Args:
        mentions: in the text.
    """
    found = {key for mention in mentions if mention.name.full for key in mention.name.keys}
    for mention in mentions:
        name, sentence = mention.name, lookup.body[mention.sentence]
        titled = not name.full and names.title_kind(name.title, name.language) in _OFFICES
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
    if name.full and not name.suffix:
        row = lookup.whole(sentence, mention)
    elif name.suffix or not full.isdisjoint(name.keys) or mention.rule == "shared":
        row = None
    else:
        found = lookup.row(sentence, mention.first, mention.last, name.title)
        row = found[0] if found is not None else None
    if row is None:
        return mention
    whole = names.parse(row.name, name.language)
    return mention._replace(name=replace(whole, title=name.title, kind=name.kind), rule=row.source)


def offered(listed: Iterable[str]) -> list[Entry]:
    """Entries for an authority file, from the rows of people who are listed: other full names, and Wikidata items.

    Args:
        listed: names of persons, as an index shows them.
    """
    here = set(map(fold, listed))
    found = []
    for language, name, (forms, _, first, _, *item) in _all_rows():
        if first.isdigit():
            bare = [form.removesuffix(DOUBTFUL) for form in forms.split("|")]
            aliases = [
                form for form in bare if fold(form) in here and names.parse(form, language).full and form.count(" ")
            ]
            found += [Entry("person", name, alias, "".join(item)) for alias in aliases]
            if not aliases and any(item) and fold(name) in here:
                found.append(Entry("person", name, "", "".join(item)))
    return list(dict.fromkeys(found))  # languages share rows


def _all_rows() -> Iterator[tuple[Language, str, tuple[str, ...]]]:
    for language in languages.installed():
        yield from ((language, *row) for row in language.table("known").items())
