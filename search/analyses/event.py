"""Events: articles that may report on the same event as another one. A suggestion: no count, total or facet has it.

Candidates are the `CANDIDATES` most similar articles (`search.measures.similar`) of the `DAYS` days before and after,
one of each story. The score of each is

    (likeness + PERSONS · rarity of the persons that both have) · e^(−days apart / FADES)

and those with at least `THRESHOLD` are members. Likeness is the cosine of the words of both, weighted by (1 + ln
frequency) · idf²; a word of the candidate that the article does not have weighs what the article's words weigh on
average, so that only the frequencies of the article's own words need to be known. The rarity of a person is 1 for a
name of one article, 0 for one of all, and the sum is at most `MOST_RARE`. Countries are not used: they did not help.

It is composed of answers of an `Engine`, so a score is the same for all of them. Which articles are candidates, and
which one represents its story, can differ on a cluster as the order by relevance does.

Cost: one query of similar articles, one of persons, the frequencies of the article's words; at most `CANDIDATES`
articles are read, and the first `WORDS` words of each. The numbers were chosen on the events that
`python -m benchmarks.events` measures.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from search.engine import Engine, article_count
from search.fields import TITLE_WEIGHT
from search.scoring import idf
from search.syntax.function_words import FUNCTION_WORDS
from search.text import dates
from search.text.tokens import DEFAULT_LANGUAGE, beginning, fold, index_terms, tokens
from search.values.article import Article
from search.values.query import Filter, Query
from search.values.results import Copies

DAYS = 10
CANDIDATES = 30
WORDS = 1000
PERSONS = 0.15
MOST_RARE = 1.5
FADES = 10
THRESHOLD = 0.38
NAMED = 4
"""The words listed of those that two articles share."""
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Member:
    """An article that may belong to the event.

    Attributes:
        score: from `THRESHOLD` upwards.
        words: those that contribute most to the likeness, the first most, as the article in question has them; without
            those of the persons.
        person: the persons that both have, in the order of that article.
        group: the story that it is one of, if it has copies.
    """

    article: Article
    day: date
    score: float
    words: tuple[str, ...]
    person: tuple[str, ...]
    group: Copies | None


@dataclass(frozen=True, slots=True)
class Event:
    """What may belong to the event of an article.

    Attributes:
        day: that of the article; None if it is not known, and nothing can belong.
        members: without the article and its copies; oldest first, ties by id.
        incomplete: what was omitted because of the time budget.
    """

    article: Article
    day: date | None
    generation: int
    members: tuple[Member, ...]
    incomplete: tuple[str, ...] = ()


class _Word(NamedTuple):
    """A term of the article: a form of it, its weight there, and the square of its idf."""

    form: str
    weight: float
    rarity: float


def event(engine: Engine, article_id: str) -> Event:
    """The articles that may belong to the event of an article.

    Raises:
        ArticleMissing: if there is no article with this id.
    """
    for _ in range(_ATTEMPTS):
        found = _event(engine, article_id)
        if engine.generation == found.generation:
            break
    return found


def _event(engine: Engine, article_id: str) -> Event:
    generation = engine.generation
    article = engine.article(article_id)
    day = _day(article)
    if day is None:
        return Event(article, None, generation, ())
    like = engine.similar(article_id, _within(day))
    if not like.hits:
        return Event(article, day, like.generation, (), like.incomplete)
    words, persons = _weighed(engine, article), _rarities(engine, article)
    members = []
    for hit in like.hits:
        other = _day(hit.article)
        if other is None:
            continue
        likeness, shared = _likeness(words, hit.article)
        theirs = set(map(fold, hit.article.person))
        both = tuple(name for name in persons if fold(name) in theirs)
        rare = min(MOST_RARE, sum(persons[name] for name in both))
        score = (likeness + PERSONS * rare) * math.exp(-abs((other - day).days) / FADES)
        if score >= THRESHOLD:
            named = {token.word for name in both for token in tokens(name)}
            telling = tuple([form for form in shared if form not in named][:NAMED])
            members.append(Member(hit.article, other, round(score, 6), telling, both, hit.group))
    members.sort(key=lambda one: (dates.instant_of(one.article.published), one.article.id))
    return Event(article, day, like.generation, tuple(members), like.incomplete)


def _day(article: Article) -> date | None:
    """The day of publication; None if only the month or year is known."""
    if article.published is None:
        return None
    read = dates.parse(article.published)
    return read.first if read.first == read.last else None


def _within(day: date) -> Query:
    first = max(day, date.min + timedelta(DAYS)) - timedelta(DAYS)
    last = min(day, date.max - timedelta(DAYS)) + timedelta(DAYS)
    return Query(
        date_from=first.isoformat(),
        date_to=last.isoformat(),
        size=CANDIDATES,
        facets=(),
        group="story",
        snippets=False,
    )


def _weighed(engine: Engine, article: Article) -> dict[str, _Word]:
    """The article's words by term; those that no other article has weigh, too."""
    found = _frequencies(article)
    forms: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for form, term in zip(found, index_terms(list(found), article.language), strict=True):
        counts[term] += found[form]
        if (found[form], forms.get(term, "")) > (found[forms[term]] if term in forms else 0, form):
            forms[term] = form
    having = dict(zip(forms.values(), engine.frequencies(list(forms.values())), strict=True))
    whole = article_count(engine)
    rarity = {term: idf(having[form], whole) ** 2 for term, form in forms.items()}
    return {
        term: _Word(form, (1 + math.log(counts[term])) * rarity[term], rarity[term]) for term, form in forms.items()
    }


def _frequencies(article: Article) -> Counter[str]:
    """The folded words of an article, and how often it has them; one in the title counts `TITLE_WEIGHT` times."""
    found = beginning(article.text, WORDS)
    for form, count in beginning(article.title, WORDS).items():
        found[form] += count * TITLE_WEIGHT
    return found


def _likeness(words: Mapping[str, _Word], other: Article) -> tuple[float, Sequence[str]]:
    """The cosine of an article's words and those of another one, and the shared ones, what contributes most first."""
    found = _frequencies(other)
    theirs: Counter[str] = Counter()
    for form, term in zip(found, index_terms(list(found), other.language), strict=True):
        theirs[term] += found[form]
    mine = math.fsum(word.weight**2 for word in words.values())
    if not mine:
        return 0.0, ()
    weights = {term: (1 + math.log(theirs[term])) * words[term].rarity for term in words if term in theirs}
    norm = math.fsum(weight**2 for weight in weights.values()) + (len(theirs) - len(weights)) * mine / len(words)
    products = {term: words[term].weight * weight for term, weight in weights.items()}
    ignored = FUNCTION_WORDS.get(other.language or DEFAULT_LANGUAGE, frozenset())
    telling = [term for term in products if words[term].form not in ignored]
    telling.sort(key=lambda term: (-products[term], term))
    return math.fsum(products.values()) / math.sqrt(mine * norm), [words[term].form for term in telling]


def _rarities(engine: Engine, article: Article) -> dict[str, float]:
    """The persons of an article, in order, and how rare each is: from 1 for one of a single article to 0 for all."""
    if not article.person:
        return {}
    chosen = Query(filters={"person": Filter(any=article.person)}, facets=("person",), facet_size=0, size=0)
    counts = {fold(one.value): one.count for one in engine.search(chosen).values("person").values if one.selected}
    whole = max(2, article_count(engine))
    known = {name: min(whole, counts.get(fold(name), 0)) for name in article.person}
    return {name: 1 - math.log(count) / math.log(whole) for name, count in known.items() if count}
