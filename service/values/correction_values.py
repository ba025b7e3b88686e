"""Corrections of articles, as they are sent and listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from desk.corrections import correction
from search.values.results import Count
from service.values.job_values import JobLinks
from service.values.shared_values import Following, at_most, one_of

MOST_CORRECTIONS = 1_000
"""Corrections in a request."""
CorrectedField: TypeAlias = Annotated[str, one_of(correction.FIELDS)]
CorrectingAction: TypeAlias = Annotated[str, one_of(correction.ACTIONS)]


class SentCorrection(Struct, forbid_unknown_fields=True):
    """A fact of an article that is corrected, or of all articles of a search.

    Attributes:
        query: parameters of a search, in place of an article: each that it finds.
        action: `set` for a date or title, `add` for a line.
        value: a name, a code or name of a country or topic, a date, a title; of a line what was read and what is right:
            `the harbonr → the harbour`.
        before: the date or title that is replaced; if somebody has changed it meanwhile, nothing is stored.
    """

    field: CorrectedField
    action: CorrectingAction
    value: str
    article: str | UnsetType = UNSET
    query: str | UnsetType = UNSET
    note: str = ""
    before: str | UnsetType = UNSET


class SentCorrections(Struct, forbid_unknown_fields=True):
    """Several corrections, of which all are made or none."""

    corrections: Annotated[Sequence[SentCorrection], at_most(MOST_CORRECTIONS, "Items")]


class Correction(Struct):
    """A correction.

    Attributes:
        action: `set` for a date or title, `add` for a line.
        value: a name, a code or name of a country or topic, a date, a title; of a line what was read and what is right:
            `the harbonr → the harbour`.
        names: further spellings that a removal removes.
        by: the name of the key.
        label: the value as people read it: `France` for `FR`.
    """

    number: Count
    article: str
    field: CorrectedField
    action: CorrectingAction
    value: str
    names: Sequence[str]
    by: str
    at: str
    note: str
    undone: str | None
    undone_by: str | None
    label: str


class Corrections(Struct):
    """Corrections, in the order of their numbers."""

    corrections: Sequence[Correction]
    links: Following


class Corrected(Struct):
    """Corrections that are on disk, and the job that applies them."""

    corrections: Sequence[Correction]
    job: str
    links: JobLinks
