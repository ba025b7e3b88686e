"""What somebody who may correct an article sees next to it: its values, and its corrections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from falcon import Request

from desk.corrections import lines
from desk.corrections.as_shown import stated
from desk.corrections.correction import LISTED, Correction, Field
from desk.corrections.correction import made as in_order
from desk.corrections.overlay import applied, as_found
from desk.corrections.store import Store
from search.engine import Engine
from search.text import dates
from search.values.article import Article
from service.html.parts.filters import links
from service.http.session import of_editor
from service.wording import labels
from service.wording.messages import gettext, mark

WAITED_FOR = timedelta(minutes=1)
"""How long the page of an article looks again for a correction: behind a long job, its reader types on by then."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is next to an article.

    Attributes:
        token: of the forms.
        by: the name of the key.
        values: the field and the label of each value that can be removed, and the value as stored.
        made: the corrections of the article in words, the last one first.
        stated: the title and the date that are replaced by others.
        waits: true if a correction of the last minute is not applied yet.
    """

    token: str
    by: str
    values: Sequence[tuple[str, str, str]]
    made: Sequence[tuple[str, Correction]]
    stated: Mapping[Field, str]
    waits: bool


_IN_WORDS = {
    "add": mark("{field} added: {value}"), "remove": mark("{field} removed: {value}"),
    "set": mark("{field} set: {value}"),
}  # fmt: skip


_NO_LONGER = mark("{correction} (without effect: its words are not in the text once)")


def _in_words(one: Correction, there: Collection[str]) -> str:
    """A correction in words.

    Args:
        there: the values of corrections of lines whose words the article has.
    """
    words = gettext(_IN_WORDS[one.action]).format(field=labels.within(one.field), value=one.label)
    fits = one.field != "line" or one.undone or one.value in there
    return words if fits else gettext(_NO_LONGER).format(correction=words)


def in_force(place: str, article_id: str) -> tuple[Correction, ...]:
    """The corrections in force of an article, the latest last."""
    if not Store.is_in(place):
        return ()
    with Store(place) as store:
        return store.of(article_id)


def desk(req: Request, engine: Engine, place: str, article: Article) -> Desk | None:
    """What to show next to an article; None to somebody who may not correct it."""
    session = of_editor(req)
    if session is None:
        return None
    made: tuple[Correction, ...] = ()
    waits = False
    if Store.is_in(place):
        with Store(place) as store:
            made = tuple(sorted(store.listed(article.id), key=in_order, reverse=True))
            waits = store.waits(article.id, dates.now(WAITED_FOR))
    values = [(n, label, value) for n in LISTED for value, label in links(article, n, engine.authority().names(n))]
    found = as_found(article)
    there = lines.fitting(found.text, [one.value for one in made if one.field == "line"])
    now = stated(applied(found, reversed([one for one in made if not one.undone])))
    return Desk(session.token, session.key.called, values, [(_in_words(one, there), one) for one in made], now, waits)
