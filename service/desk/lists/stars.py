"""Stars and lists next to articles: what somebody who may change lists sees there.

A star puts an article on a list of who gave it, which is named after his key.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from falcon import Request

from desk.lists.store import Lists
from desk.named import MAX_NAME, spelled
from desk.people.holder import Holder
from service.archive import Archive
from service.desk.lists.resource import address
from service.http.session import of_signed_in

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


def keeping(req: Request, archive: Archive, ids: Collection[str]) -> Keeping | None:
    """What to show next to some articles; None to somebody who has not signed in."""
    session = of_signed_in(req)
    if session is None:
        return None
    stars = stars_of(session.key)
    if not Lists.is_in(archive.place):
        return Keeping(session.token, stars, (), ())
    with Lists(archive.place, asker=archive.asker) as lists, lists.snapshot():
        some = [one for one in lists.listed() if one.mine or session.key.permits("edit")]
        last = sorted(some, key=lambda one: one.changed, reverse=True)[:OFFERED]
        return Keeping(session.token, stars, lists.on(stars, ids), tuple(one.name for one in last))


def lists_of(req: Request, archive: Archive, article_id: str) -> list[tuple[str, str]]:
    """The names and addresses of the lists that have an article."""
    if not Lists.is_in(archive.place):
        return []
    with Lists(archive.place, asker=archive.asker) as lists:
        return [(one.name, address(one.name, req.root_path)) for one in lists.of(article_id)]


def stars_of(key: Holder) -> str:
    """The name of the list of the stars that somebody gives."""
    return f"Stars of {spelled(key.called) or spelled(key.id)}"[:MAX_NAME].rstrip()
