"""Here are the leaves of a query and a text, give me the matches.

The words of a text are found by a compiled loop; a word as written that may match, by its first letters, is numbered,
and folded and stemmed after it is first met; then each is looked at again by its number. Cost: some 2 ns a character,
and two microseconds for each different word that is new to a `Marker`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, assert_never

import numpy as np

from search.jit.arguments import I32, I64, U32
from search.snippets import nearby_matches as together
from search.snippets import passages, points
from search.snippets.kernels import word_matching as kernels
from search.snippets.passages import Span
from search.syntax.nodes import Exact, Fuzzy, Leaf, Misread, Near, Phrase, Prefix, Together, Value, Word
from search.text.edits import within
from search.text.misreadings import misreadings
from search.text.plurals import SINGULARS
from search.text.tokens import DEFAULT_LANGUAGE, SUFFIX_STEMMERS, fold_word, term
from search.values.article import Article, Evidence
from search.values.results import Mark, Marked, Snippet

KEEPING = SUFFIX_STEMMERS - {"nl"}
"""Languages in which a stem begins as its words do; the Dutch stemmer also removes a leading ge-."""
CHANGED = 2
"""Last letters of an English stem of four or more that its word need not have: `happy`, `happi`; `ability`, `abl`."""
FEW = 6
"""Beginnings that stretches of a text are looked through for, before their words are looked at."""
SHORT = 3
"""Letters of an English stem up to which only a last one of `CHANGING` may differ: `use`, `using`; `cri`, `cry`."""
CHANGING = ("e", "i", "y")
MANY = 24
"""Beginnings of words that are compared whole; of more, only the first letters."""
_ROOM = 256


def beginnings(stem: str, language: str) -> list[str]:
    """What the words of a stem begin with, one or the other, in one of the languages of `KEEPING`."""
    if language != "en":
        return [stem[:1]]
    if len(stem) <= SHORT and not stem.endswith(CHANGING):
        return [stem, *IRREGULAR.get(stem, ())]
    as_well = [f"{stem[0]}y"] if len(stem) == 3 and stem.endswith("ie") else []  # dying
    return [stem[: max(2, len(stem) - CHANGED)], *as_well, *IRREGULAR.get(stem, ())]


def _irregular() -> dict[str, list[str]]:
    """English term → its irregular plurals."""
    found: dict[str, list[str]] = {}
    for plural, one in SINGULARS.items():
        found.setdefault(term(one, "en"), []).append(plural)
    return found


IRREGULAR = _irregular()


class _Several(NamedTuple):
    """A leaf of several words: the terms, adjacent, or within a distance in any order."""

    number: int
    field: str | None
    terms: tuple[str, ...]
    distance: int | None
    as_written: bool


class _Part(NamedTuple):
    """A word of a text that may be part of a match of several words; its position counts from 1."""

    form: str
    term: str
    start: int
    end: int
    position: int


Said = Mapping[str, Sequence[Evidence]]
"""The evidence of an article, by facet."""
NOTHING_SAID: Said = {}

Role = Callable[[str, str], tuple[Sequence[int], bool]]
"""The leaves that a word matches by itself, by form and term, and whether it may be part of others."""


_NOTHING: tuple[Sequence[int], bool] = ((), False)


class _Words:
    """Words as written, by number, and their role in a query.

    Args:
        room: how many words there is room for.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.forms: list[str] = []
        self.terms: list[str] = []
        self._leaves: list[int] = []
        self._leaf_ends: list[int] = []
        self._others: list[int] = []
        self.most = 1
        self.counts = np.zeros(3, np.int64)
        self.known: kernels.Known = (
            np.zeros(2 * room, np.int32), np.empty(16 * room, np.uint32), np.empty(room, np.int64), self.counts
        )  # fmt: skip
        self.places = np.empty((8 * room, 4), np.int32)

    def learn(self, role: Role, language: str | None) -> None:
        """Find the roles of the words that have been found since."""
        known = len(self.forms)
        words, points_, _ = self.counts.tolist()
        if known == words:
            return
        _, blob, ends, _ = self.known
        begun = first = int(ends[known - 1]) if known else 0
        written = blob[first:points_].tobytes().decode("utf-32-le", "surrogatepass")
        for end in ends[known:words].tolist():
            form = fold_word(written[begun - first : end - first])
            begun = end
            one = term(form, language) if form else ""
            leaves, partial = role(form, one) if form else _NOTHING
            self.forms.append(form)
            self.terms.append(one)
            self._leaves += leaves
            self._leaf_ends.append(len(self._leaves))
            self._others.append(kernels.PART if partial else 0 if form else kernels.NO_WORD)
            self.most = max(self.most, len(leaves))
        self.roles: kernels.Roles = (
            np.array(self._leaf_ends, np.int64), np.array(self._leaves, np.int32), np.array(self._others, np.uint8),
        )  # fmt: skip


class Marker:
    """Finds the words of a query in texts of one language; caches its words across texts.

    Args:
        leaves: the leaves of the query.
        language: that of the texts.
        similar: the forms that a `Fuzzy` or `Misread` expands to in the archive; for one that is missing here, every
            similar word is marked.
        shown: the name under which a `Value` is shown, as evidence has it; one that is missing here is not marked.
    """

    def __init__(
        self,
        leaves: Iterable[Leaf],
        language: str | None,
        similar: Mapping[Fuzzy | Misread, Collection[str]] | None = None,
        shown: Mapping[Value, str] | None = None,
    ) -> None:
        self._language = language
        outer = tuple(leaves)
        self._together = together.Finder(outer, language, shown or {})
        self._leaves: tuple[Leaf, ...] = (*outer, *self._together.inner)
        self._similar = similar or {}
        self._terms: dict[str, list[int]] = {}
        self._forms: dict[str, list[int]] = {}
        self._open: list[tuple[int, Prefix | Fuzzy]] = []
        self._several: list[_Several] = []
        for number, leaf in enumerate(self._leaves):
            self._prepare(number, leaf)
        self._part_terms = {one for several in self._several if not several.as_written for one in several.terms}
        self._part_forms = {one for several in self._several if several.as_written for one in several.terms}
        self._wanted_words = {*self._terms, *self._forms, *self._part_terms, *self._part_forms}
        self._every, self._begun, self._letters = self._possible_beginnings()
        self._words = _Words(_ROOM)

    def marks(self, text: str, field: str, said: Said = NOTHING_SAID) -> tuple[Mark, ...]:
        """The positions of the query's words in a field's text: ascending, not overlapping.

        Args:
            said: the article's evidence, to mark names.
        """
        return self.all_marks((text,), field, (said,))[0]

    def snippets(self, text: str, said: Said = NOTHING_SAID) -> tuple[Snippet, ...]:
        """The best passages of an article's text, in text order; its beginning, unmarked, if there is no match."""
        return self.all_snippets((text,), (said,))[0]

    def all_snippets(self, texts: Sequence[str], said: Sequence[Said] = ()) -> list[tuple[Snippet, ...]]:
        """The same for several texts, in little more time than for one."""
        return self.all(texts, (), said)[0]

    def all_marks(self, texts: Sequence[str], field: str, said: Sequence[Said] = ()) -> list[tuple[Mark, ...]]:
        """The same as `marks` for several texts."""
        return _marks(self._found(points.joined(texts), texts, (field,) * len(texts), said), 0)

    def all_fields(
        self, titles: Sequence[str], texts: Sequence[str], said: Sequence[Said]
    ) -> tuple[list[tuple[Mark, ...]], list[tuple[Mark, ...]]]:
        """The marks in several titles, and in as many texts, in little more time than in the texts alone.

        Args:
            said: the evidence of each article.
        """
        both, fields = [*titles, *texts], ("title",) * len(titles) + ("text",) * len(texts)
        marks = _marks(self._found(points.joined(both), both, fields, [*said, *said]), 0)
        return marks[: len(titles)], marks[len(titles) :]

    def all(
        self, texts: Sequence[str], titles: Sequence[str], said: Sequence[Said] = ()
    ) -> tuple[list[tuple[Snippet, ...]], list[tuple[Mark, ...]]]:
        """The snippets of several texts, and the marks in several titles.

        Args:
            said: the evidence of the texts' articles, then that of the titles'; empty if there is none.
        """
        texts = [text[: passages.MAX_CHARACTERS] for text in texts]
        both = [*texts, *titles]
        joined = points.joined(both)
        found = self._found(joined, both, ("text",) * len(texts) + ("title",) * len(titles), said)
        of_texts = points.Joined(joined.points, joined.ends[: len(texts)])
        ends = found.ends[: len(texts)]
        last = int(ends[-1]) if len(texts) else 0
        shown = passages.choose(
            texts, of_texts, passages.Found(found.spans[:last], ends), len(self._leaves), self._language
        )
        return shown, _marks(found, len(texts))

    def _prepare(self, number: int, leaf: Leaf) -> None:
        match leaf:
            case Word(word):
                self._terms.setdefault(term(word, self._language), []).append(number)
            case Exact((word,)):
                self._forms.setdefault(word, []).append(number)
            case Prefix() | Fuzzy():
                self._open.append((number, leaf))
            case Misread(word, without, field):
                every = (one for one in misreadings(word) if one == word or one not in without)
                for read in self._similar.get(leaf, every):
                    if " " in read:
                        self._several.append(_Several(number, field, self._terms_of(tuple(read.split())), None, False))
                    else:
                        self._terms.setdefault(term(read, self._language), []).append(number)
            case Exact(words, field):
                self._several.append(_Several(number, field, words, None, True))
            case Phrase(words, field):
                self._several.append(_Several(number, field, self._terms_of(words), None, False))
            case Near(words, distance, field):
                self._several.append(_Several(number, field, self._terms_of(words), distance, False))
            case Together():
                pass  # its parts are leaves of their own
            case _:
                assert_never(leaf)

    def _terms_of(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(term(word, self._language) for word in words)

    def _possible_beginnings(self) -> tuple[bool, kernels.Beginnings, U32]:
        """True if any word can match, and otherwise what the folded words that can begin with, and the letters to look
        for (see `kernels.find`).
        """
        language = self._language or DEFAULT_LANGUAGE
        terms = [*self._terms, *self._part_terms]
        begun = [letters for one in terms for letters in beginnings(one, language)]
        begun += [*self._forms, *self._part_forms]
        for _, leaf in self._open:
            if isinstance(leaf, Prefix):
                begun.append(leaf.letters)
            elif leaf in self._similar:
                begun += self._similar[leaf]
            else:
                begun.append(leaf.word[:1])
        for letters in (kernels.KEY, 2, 1):
            keys = {_ascii(one[:letters]) for one in begun}
            if len(keys) <= MANY:
                break
        wanted = [int.from_bytes(key, "little") if key else _NEVER for key in keys]
        masks = [(1 << 8 * len(key)) - 1 if key else _NEVER for key in keys]
        firsts = bytearray(0x80)
        for key in keys:
            for sign in key[:1] + key[:1].upper():
                firsts[sign] = 1
        every = bool(terms) and language not in KEEPING
        some = {key[: kernels.LETTERS].ljust(kernels.LETTERS, b"\0") for key in keys}
        if every or self._several or len(some) > FEW or min(map(len, keys), default=0) < kernels.LETTERS - 1:
            some = set()
        return (
            every,
            (np.array(wanted, np.uint64), np.array(masks, np.uint64), np.frombuffer(firsts, np.bool_)),
            np.frombuffer(b"".join(some), np.uint8).astype(np.uint32),
        )

    def _found(
        self, of_texts: points.Joined, texts: Sequence[str], fields: Sequence[str], said: Sequence[Said]
    ) -> passages.Found:  # fmt: skip
        """The matches in texts of fields, with those of parts together."""
        found = self._find(of_texts, texts, fields)
        return self._together.resolved(found, texts, fields, said) if self._together else found

    def _find(self, of_texts: points.Joined, texts: Sequence[str], fields: Sequence[str]) -> passages.Found:
        """The matches in texts of fields."""
        ends = np.zeros((len(texts), 2), np.int64)
        if not self._leaves or not texts:
            return passages.Found(self._words.places[:0], ends[:, 0].copy())
        wanted_in = {field: [leaf.field in (None, field) for leaf in self._leaves] for field in dict.fromkeys(fields)}
        wanted = np.array([wanted_in[field] for field in fields], np.bool_)
        place_ends = np.empty(len(texts), np.int64)
        while not kernels.find(
            *of_texts, points.kinds(), self._every, self._begun, self._letters, self._words.known, self._words.places,
            place_ends,
        ):  # fmt: skip
            self._words = _Words(4 * self._words.room)
        words = self._words
        words.learn(self._role, self._language)
        count = int(words.counts[kernels.PLACES])
        if not count:
            return passages.Found(words.places[:0], place_ends)
        room = np.empty((words.most * count, 4), np.int32), np.empty((count, 4), np.int32)
        kernels.match(words.places, place_ends, words.roles, wanted, room, ends)
        matches, part = ends[-1].tolist()
        if not part or not self._several:
            return passages.Found(room[0][:matches], ends[:, 0].copy())
        return self._with_several(room[0][:matches], room[1][:part], ends, fields)

    def _with_several(self, spans: I32, parts: I32, ends: I64, fields: Sequence[str]) -> passages.Found:
        """The matches, with those of several words."""
        words, found = self._words, []
        all_spans, all_parts = iter(spans.tolist()), iter(parts.tolist())
        counts = np.diff(ends, axis=0, prepend=0).tolist()
        new_ends = []
        for field, (matches, part) in zip(fields, counts, strict=True):
            own: list[Span] = list(islice(all_spans, matches))
            listed = [
                _Part(words.forms[number], words.terms[number], start, end, position)
                for start, end, number, position in islice(all_parts, part)
            ]
            for leaf in self._several if part > 1 else ():
                if leaf.field in (None, field):
                    own.extend(_side_by_side(leaf, listed) if leaf.distance is None else _near(leaf, listed))
            found += sorted(own, key=lambda mark: (mark[0], -mark[3], -mark[1]))
            new_ends.append(len(found))
        return passages.Found(np.array(found, np.int32).reshape(-1, 4), np.array(new_ends, np.int64))

    def _role(self, form: str, known: str) -> tuple[Sequence[int], bool]:
        """The leaves that a word matches by itself, and whether it may be part of others."""
        if not self._open and known not in self._wanted_words and form not in self._wanted_words:
            return _NOTHING
        alone = [*self._terms.get(known, ()), *self._forms.get(form, ())]
        alone += (number for number, leaf in self._open if self._is_like(form, leaf))
        return alone, known in self._part_terms or form in self._part_forms

    def _is_like(self, form: str, leaf: Prefix | Fuzzy) -> bool:
        if isinstance(leaf, Prefix):
            return form.startswith(leaf.letters)
        forms = self._similar.get(leaf)
        if forms is not None:
            return form in forms
        return form[0] == leaf.word[0] and within(form, leaf.word, leaf.edits)


def marked(articles: Sequence[Article], of: Callable[[str | None], Marker]) -> list[Marked]:
    """The marks in the whole of each article; those of one language are looked through together.

    Args:
        of: what finds the words in texts of a language.
    """
    places: dict[str | None, list[int]] = {}
    for place, article in enumerate(articles):
        places.setdefault(article.language, []).append(place)
    found = [Marked()] * len(articles)
    for language, numbers in places.items():
        some, marker = [articles[number] for number in numbers], of(language)
        said = [article.evidence for article in some]
        titles, texts = marker.all_fields([article.title for article in some], [article.text for article in some], said)
        for number, title, text in zip(numbers, titles, texts, strict=True):
            found[number] = Marked(title, text)
    return found


def _marks(found: passages.Found, first: int) -> list[tuple[Mark, ...]]:
    """The ranges to highlight in each text from the first of these on."""
    ends = found.ends.tolist()
    base = begun = ends[first - 1] if first else 0
    rows = found.spans[base:].tolist()
    marks = []
    for end in ends[first:]:
        marks.append(passages.merge(rows[begun - base : end - base]) if end > begun else ())
        begun = end
    return marks


_NEVER = (1 << 64) - 1


def _ascii(beginning: str) -> bytes:
    """The ASCII letters that a beginning begins with."""
    size = next((at for at, sign in enumerate(beginning) if not sign.isascii()), len(beginning))
    return beginning[:size].encode()


def _term(part: _Part, leaf: _Several) -> str:
    return part.form if leaf.as_written else part.term


def _side_by_side(leaf: _Several, parts: Sequence[_Part]) -> Iterator[Span]:
    """Where the terms have successive positions, each occurrence as one match."""
    size = len(leaf.terms)
    for at in range(len(parts) - size + 1):
        if parts[at + size - 1].position - parts[at].position == size - 1 and all(
            _term(parts[at + n], leaf) == term for n, term in enumerate(leaf.terms)
        ):
            end = parts[at + size - 1].end
            yield parts[at].start, end, leaf.number, end


def _near(leaf: _Several, parts: Sequence[_Part]) -> Iterator[Span]:
    """The words of every narrow minimal window, each by itself."""
    bag = Counter(leaf.terms)
    places = [part for part in parts if _term(part, leaf) in bag]
    inside: Counter[str] = Counter()
    missing = len(leaf.terms)
    first = given = 0
    latest = -1
    for last, part in enumerate(places):
        term = _term(part, leaf)
        inside[term] += 1
        missing -= inside[term] <= bag[term]
        if missing:
            continue
        while inside[_term(places[first], leaf)] > bag[_term(places[first], leaf)]:
            inside[_term(places[first], leaf)] -= 1
            first += 1
        others = part.position - places[first].position + 1 - len(leaf.terms)
        if first > latest and others <= (leaf.distance or 0):
            for number in range(max(first, given), last + 1):
                yield places[number].start, places[number].end, leaf.number, part.end
            given = last + 1
        latest = first
