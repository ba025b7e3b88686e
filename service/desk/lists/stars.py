"""Stars and lists next to articles: what somebody who may change lists sees there.

A star puts an article on a list of its own, which is named after the key of who gave it and is a list like others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from falcon import Request

from desk.lists.store import Lists
from desk.named import MAX_NAME
from desk.people.holder import Holder
from service import seeing
from service.desk.lists.resource import address
from service.http.session import of_editor

OFFERED = 20
"""The number of lists whose names are offered, the last changed ones."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the forms next to some articles need.

    Attributes:
        token: of the forms.
        stars: the name of the list of stars.
        starred: those of the articles that have a star.
        names: the lists that are offered.
    """

    token: str
    stars: str
    starred: Collection[str]
    names: tuple[str, ...]


def keeping(req: Request, place: str, ids: Collection[str]) -> Keeping | None:
    """What to show next to some articles; None to somebody who may not change lists."""
    session = of_editor(req)
    if session is None:
        return None
    stars = stars_of(session.key)
    if not Lists.is_in(place):
        return Keeping(session.token, stars, (), ())
    with Lists(place) as lists, lists.snapshot():
        last = sorted(lists.listed(), key=lambda one: one.changed, reverse=True)[:OFFERED]
        return Keeping(session.token, stars, lists.on(stars, ids), tuple(one.name for one in last))


def lists_of(req: Request, place: str, article_id: str) -> list[tuple[str, str]]:
    """The names and addresses of the lists that have an article; none for somebody who may not see them."""
    if seeing.has_limits() or not Lists.is_in(place):
        return []
    with Lists(place) as lists:
        return [(one.name, address(one.name, req.root_path)) for one in lists.of(article_id)]


def stars_of(key: Holder) -> str:
    """The name of the list of the stars that somebody gives."""
    called = "".join(sign if sign.isprintable() and sign not in "/\\" else " " for sign in key.called)
    return f"Stars of {' '.join(called.split()) or key.id}"[:MAX_NAME].rstrip()
