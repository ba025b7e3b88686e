"""Whether an article has what a node asks for, and how often, by the definition of each node."""

from __future__ import annotations

from collections import Counter
from typing import assert_never

from search.syntax import nodes
from search.text import addresses, dates, misreadings
from search.text.tokens import fold, term
from search.values.article import Article
from tests.plain_engine import together
from tests.plain_engine.times import day_of, is_within
from tests.plain_engine.values import Values
from tests.plain_engine.words import between, runs_of, terms_of, windows_of, words_of


class Matching:
    """The nodes of a query, on each article of an archive."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.archive = values.archive

    def having(self, node: nodes.Node) -> int:
        """How many articles match."""
        held = self.archive.held
        return self.archive.once(("having", node), lambda: sum(self.matches(node, a) for a in held.values()))

    def matches(self, node: nodes.Node, article: Article) -> bool:
        match node:
            case nodes.All():
                return True
            case nodes.And(parts):
                return all(self.matches(part, article) for part in parts)
            case nodes.Or(parts):
                return any(self.matches(part, article) for part in parts)
            case nodes.AtLeast(parts, least):
                return sum(self.matches(part, article) for part in parts) >= least
            case nodes.Not(part):
                return not self.matches(part, article)
            case nodes.Value(facet, value):
                return self._named(facet, value) in self.values.of(article, facet)
            case nodes.Id(article_id):
                return article.id == article_id
            case nodes.Url(beginning):
                return addresses.key(article.url or "").startswith(beginning)
            case nodes.Days(field="mentioned"):
                first, last = node.bounds()
                return any(
                    (first or d.first) <= d.first and d.last <= (last or d.last)
                    for d in map(dates.parse, article.mentioned)
                )
            case nodes.Days(field="added"):
                return is_within(node.bounds(), article.added)
            case nodes.Days():
                first, last = node.bounds()
                day = day_of(article)
                return day is not None and (first or day) <= day <= (last or day)
            case _:
                return self.frequency(node, article) > 0

    def frequency(self, leaf: nodes.Leaf, article: Article) -> int:
        """How often it occurs, three times for each time in the title."""
        total = 0
        for field, weight in (("title", 3), ("text", 1)):
            if leaf.field not in (None, field):
                continue
            words = words_of(getattr(article, field))
            inflected = terms_of(getattr(article, field), article.language)
            match leaf:
                case nodes.Prefix(letters):
                    total += weight * sum(word.startswith(letters) for word in words)
                case nodes.Fuzzy(word, edits):
                    alike = self.like(word, edits)
                    total += weight * sum(form in alike for form in words)
                case nodes.Misread(word):
                    total += weight * inflected.count(term(word, article.language))
                    for read in self.readings(leaf):
                        parts = tuple(term(part, article.language) for part in read.split())
                        total += weight * runs_of(inflected, parts)
                case nodes.Exact(wanted):
                    total += weight * runs_of(words, wanted)
                case nodes.Word(word):
                    total += weight * inflected.count(term(word, article.language))
                case nodes.Phrase(parts):
                    total += weight * runs_of(inflected, tuple(term(part, article.language) for part in parts))
                case nodes.Near(parts, distance):
                    bag = tuple(sorted(term(part, article.language) for part in parts))
                    total += weight * windows_of(inflected, bag, distance)
                case nodes.Together(of):
                    each = [list(self._places(part, article, field)) for part in of]
                    total += weight * together.frequency(leaf, article, field, each)
                case _:
                    assert_never(leaf)
        return total

    def _places(self, part: nodes.Part, article: Article, field: str) -> set[tuple[int, int]]:
        """The places of a part of a `Together`."""
        return {
            place
            for one in nodes.alternatives(part) or ()
            for place in together.places_of(one, article, field, self.like, self.readings, self._named)
        }

    def _named(self, facet: str, value: str) -> str | None:
        return self.values.shown(facet).get(fold(value))

    def readings(self, leaf: nodes.Misread) -> list[str]:
        """What is taken for a word, without what it excludes."""
        found = self.read_as(leaf.word)
        wanted = [*found[False], *(read for read in found[True] if read in leaf.also)]
        return [read for read in wanted if read == leaf.word or read not in leaf.without]

    def own_words(self, leaf: nodes.Misread) -> list[str]:
        """What is not taken for a word, since too many articles have it, and is neither added nor excluded."""
        return [read for read in self.read_as(leaf.word)[True] if read not in (*leaf.also, *leaf.without)]

    def read_as(self, word: str) -> dict[bool, list[str]]:
        """The misreadings of a word that are words of their own, and the others."""
        found: dict[bool, list[str]] = self.archive.once(("readings", word), lambda: self._read_as(word))
        return found

    def _read_as(self, word: str) -> dict[bool, list[str]]:
        held = self.archive.held.values()
        languages = {a.language for a in held}
        having = Counter(one for a in held for one in {*terms_of(a.title, a.language), *terms_of(a.text, a.language)})

        def articles(part: str) -> int:
            return sum(having[one] for one in {term(part, language) for language in languages})

        own = articles(word)
        found: dict[bool, list[tuple[int, int, str]]] = {False: [], True: []}
        for read, places in misreadings.misreadings(word).items():
            there = min(map(articles, read.split()))
            itself = there > 1 and own > 0 and there * misreadings.OWN > own and " " not in read
            if there and read != word:
                found[itself].append((places, -there, read))
        most = misreadings.MAX_FORMS - 1
        taken, itself_taken = ([read for _, _, read in sorted(found[one])[:most]] for one in (False, True))
        return {False: [word, *taken], True: itself_taken}

    def like(self, word: str, edits: int) -> list[str]:
        """The words that are spelled nearly so, the best first."""
        return self.archive.once(("like", word, edits), lambda: self._found_like(word, edits))

    def _found_like(self, word: str, edits: int) -> list[str]:
        having = Counter(
            form
            for a in self.archive.held.values()
            for form in {word for text in (a.title, a.text) for word in words_of(text)}
        )
        near = [
            (distance, -articles, form)
            for form, articles in having.items()
            if (distance := between(form, word, edits)) is not None
        ]
        return [form for _, _, form in sorted(near)[: nodes.MAX_SIMILAR]]
