"""The persons an article is about: named in its text, each under one canonical name.

Bylines and photo credits are blanked out (`credits`) and the text is split into `sentences`. The tagger (`crf`) finds
names in those that are not `foreign`, `omissions` and `lineups` add names that it missed, `verdict` and `impostors`
drop what is not a person, and `surnames` finds further occurrences of persons known by their full names. Each is one
of the `mentions`. The `headline` is matched against them, `known` has the full names of people known by one name, and
`identity` gives each person one spelling. For the languages that have a model; articles in others get no persons.

Cost: the tagger's, and about half as much again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Literal

from indexer.enrich.language import by_language, language_of
from indexer.enrich.persons.credits import without_credits
from indexer.enrich.persons.foreign import is_foreign
from indexer.enrich.persons.headline import find_in_headline
from indexer.enrich.persons.identity import resolve
from indexer.enrich.persons.impostors import firms_in, is_person
from indexer.enrich.persons.known import Lookup, completed, recognised, spoken_for
from indexer.enrich.persons.lineups import lined_up
from indexer.enrich.persons.mentions import (
    Mention,
    from_span,
    is_usual,
    joined,
    others_of,
    taken_by,
    with_nicknames,
    without_genitives,
)
from indexer.enrich.persons.omissions import overlooked
from indexer.enrich.persons.surnames import found_again, known_from, sharing
from indexer.enrich.persons.tagger.model import FILE
from indexer.enrich.persons.tagger.recogniser import Recogniser, recogniser
from indexer.enrich.persons.tagger.sentences import Sentence, numbers_of, sentences
from indexer.enrich.persons.tagger.word_features import Context, context
from indexer.enrich.persons.verdict import judge
from search.values.article import Article, Evidence, changed


def enrich(article: Article) -> Article:
    """Return the article with its persons and the evidence for each, unless the input stated them.

    The person with the most mentions comes first, ties by first mention.
    """
    language = None if "person" in article.given else language_of(article, FILE)
    if language is None:
        return article
    body = sentences(without_credits(article.text, language), language)
    headline = sentences(article.title, language)
    around = context(body)
    lookup = Lookup(body, headline, _year(article))
    model = recogniser(language)
    in_text, nobody = find(body, model, around, headline, lookup)
    in_title = find_in_headline(headline, in_text, nobody, around, model)
    full = spoken_for(lookup, in_text)
    in_text = completed(lookup, body, in_text, full)
    in_title = completed(lookup, headline, in_title, full)
    values = resolve([mention.name for mention in (*in_title, *in_text)])
    found = (
        *_evidence(in_title, values[: len(in_title)], headline, article.title, "title"),
        *_evidence(in_text, values[len(in_title) :], body, article.text, "text"),
    )
    counts = Counter(each.value for each in found)
    persons = tuple(value for value, _ in counts.most_common())
    return changed(article, person=persons, evidence={**article.evidence, "person": found})


def learn(articles: Sequence[Article]) -> None:
    """Find out what is to be known of the words of some articles."""
    for language, read in by_language([each for each in articles if "person" not in each.given], FILE):
        texts = [text for article in read for text in (article.title, article.text)]
        recogniser(language).learn(*numbers_of(texts, language))


def _evidence(
    mentions: Sequence[Mention],
    values: Sequence[str],
    of: Sequence[Sentence],
    text: str,
    within: Literal["text", "title"],
) -> Iterator[Evidence]:
    """The evidence for persons, by their mentions in a text."""
    for mention, value in zip(mentions, values, strict=True):
        start, end = of[mention.sentence].span(mention.first, mention.last)
        yield Evidence(value, start, end, text[start:end], mention.rule, mention.confidence, within)


def _year(article: Article) -> int | None:
    """The year of publication, None if it is not known."""
    year = (article.published or "")[:4]
    return int(year) if year.isdecimal() and len(year) == 4 else None


def find(
    body: Sequence[Sentence],
    model: Recogniser,
    around: Context,
    headline: Sequence[Sentence] = (),
    lookup: Lookup | None = None,
) -> tuple[list[Mention], frozenset[tuple[str, ...]]]:
    """The mentions of persons in a text, in order, and the names that looked like persons but are not.

    Args:
        headline: used for the latter only.
        lookup: of the people known by one name; None looks for none of them.
    """
    spans = joined(model.tag(body, around), body)
    firms = firms_in(body)
    foreign = {
        number for number in {span.sentence for span in spans if span.label == "PER"} if is_foreign(body[number])
    }
    spans = [span for span in spans if span.sentence not in foreign or is_usual(body, span)]
    candidates = [mention for span in spans if span.label == "PER" and (mention := from_span(body, span))]
    candidates = with_nicknames(body, without_genitives(candidates, body) if candidates else [])
    others = others_of(spans)
    candidates += overlooked(body, others, candidates, taken_by(candidates), around, firms)
    candidates += lined_up(body, others, taken_by(candidates))
    if lookup is not None:
        surer = {
            (mention.sentence, mention.first): mention for mention in recognised(lookup, others, candidates, around)
        }
        candidates = [mention for mention in candidates if (mention.sentence, mention.first) not in surer]
        candidates += surer.values()
    verdict = judge(body, headline, candidates)
    nobody = frozenset(mention.name.words for mention in candidates if verdict.against(mention))
    parts = {(word,) for words in nobody if len(words) > 1 for word in words}
    candidates = [
        verdict.surer(mention)
        for mention in candidates
        if mention.name.words not in nobody
        and (mention.name.words not in parts or mention.name.keys[0] in verdict.vouched)
    ]
    whole = [len(mention.name.words) > 1 and is_person(body, mention, around, firms) for mention in candidates]
    known = known_from(compress(candidates, whole))
    surnames = frozenset(known.surnames)
    found = [
        mention
        for mention, person in zip(candidates, whole, strict=True)
        if person
        or (
            len(mention.name.words) == 1
            and is_person(body, mention, around, firms, surnames)
            and (mention.name.keys[0] in surnames or verdict.supports(body, mention))
        )
    ]
    shared = sharing(body, found, surnames)
    places = {(mention.sentence, mention.first) for mention in shared}
    found = [mention for mention in found if (mention.sentence, mention.first) not in places] + shared
    found += found_again(body, others, found, known)
    return sorted(found, key=lambda mention: (mention.sentence, mention.first)), nobody
