"""Selects what finds names in running text: the default, or a more accurate and slower recogniser.

A `Recogniser` reads an article's sentences and returns the names in them; everything after that is the same for all.
`chosen` is `crf` unless the environment variable `DATELINE_PERSONS` is `spacy`; an environment variable, because all
processes must use the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Protocol

from indexer.enrich.persons.tagger import crf, spacy_reader
from indexer.enrich.persons.tagger.crf import Span
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import Context
from indexer.enrich.shared.words import Numbers, Table
from indexer.languages import Language
from search.errors import DatelineError

VARIABLE = "DATELINE_PERSONS"


class Recogniser(Protocol):
    """Finds names in text; safe to share between threads."""

    def learn(self, numbers: Numbers, table: Table) -> None:
        """Find out what is to be known of some words, by their numbers in a table, before they are met in a text."""
        ...

    def tag(self, text: Sequence[Sentence], around: Context) -> list[Span]:
        """The names in an article's sentences, in order; sentences that are `headline_like` are skipped."""
        ...


MADE: Mapping[str, Callable[[Language], Recogniser]] = {"crf": crf.tagger, "spacy": spacy_reader.reader}
"""Name → factory."""


def chosen() -> str:
    """The name of the selected recogniser. Raises DatelineError for an unknown one."""
    name = os.environ.get(VARIABLE) or "crf"
    if name not in MADE:
        raise DatelineError(f"{VARIABLE} is “{name}”, which finds no persons. There are: {', '.join(MADE)}.")
    return name


def recogniser(language: Language) -> Recogniser:
    """The selected recogniser for texts in a language."""
    return _made(chosen(), language)


@cache
def _made(name: str, language: Language) -> Recogniser:
    return MADE[name](language)
