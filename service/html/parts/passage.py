"""An article as pages show it where a name is meant: with the passage that mentions it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.analyses.entity import Mentioned
from search.values.article import Article
from search.values.results import Mark
from service.html.marking import Piece, pieces
from service.html.view import PageState


@dataclass(frozen=True, slots=True)
class Passage:
    """An article, and the passage that mentions the entity, split at its highlight; empty if there is none."""

    title: str
    url: str
    published: str | None
    source: str | None
    language: str | None
    pieces: Sequence[Piece]


def passage_of(found: Mentioned | None, state: PageState) -> Passage | None:
    """An article as pages show it, with the passage that mentions a value."""
    if found is None:
        return None
    article, passage = found.article, found.passage
    marks: Sequence[Mark] = () if passage is None else passage.marks
    text = "" if passage is None else passage.text
    return brief(article, state, pieces(text, marks))


def brief(article: Article, state: PageState, passage: Sequence[Piece] = ()) -> Passage:
    """An article as pages show it, with a passage that is split at its highlights, if there is one."""
    url = state.at(f"/article/{article.id}")
    return Passage(article.heading, url, article.published, article.source, article.language, passage)
