"""`GET /issue/{day}/{source}`: an issue as its pages with the articles on them, or one page with its articles."""

from __future__ import annotations

from dataclasses import dataclass

from falcon import HTTPNotFound, Request, Response

from search.analyses import issues
from search.analyses.issues import Edition, Piece, PrintedPage
from search.said import said
from search.values import printed
from search.values.article import Article
from search.values.query import Query
from service.api import scan
from service.html.mending import number_asked
from service.html.templates import html
from service.iiif import addresses
from service.iiif.image import thumbnail
from service.page.scans import address, outline
from service.params import entity_path
from service.resource import Resource

MAX_PAGES = 100_000
"""The greatest number of a page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article on a page.

    Attributes:
        place: its blocks on the page, as the path of an SVG; "" if they are not known.
    """

    title: str
    language: str | None
    url: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page.

    Attributes:
        label: the number printed on it; else its place in the issue, from 1, in brackets as catalogues have it.
        url: its own.
        picture: the URL of its picture; "" if it has none that can be shown within a page.
        small: the URL of a small one, which may be the same.
        document: the same of a PDF.
        note: why there is no picture.
        width, height: in the unit of the places; 0 if it has none.
    """

    label: str
    url: str
    picture: str
    small: str
    document: str
    note: str
    width: int
    height: int
    entries: list[Entry]


class IssuePage(Resource):
    """`GET /issue/{day}/{source}`: an issue by its name, or with `page` one of its pages, by its place, from 1.

    The number printed on a page is not its address: pages may have none, or two the same.
    """

    def on_get(self, req: Request, resp: Response, day: str, value: str) -> None:
        """Show an issue or a page."""
        number = number_asked(req, "page", MAX_PAGES)
        engine = self._archive.engine
        with engine.batch():
            found = issues.named(engine, entity_path.read(value), day)
            before, after = issues.around(engine, found)
        if number is not None and number > len(found.pages):
            raise HTTPNotFound(
                description=said(
                    "“page” counts the pages of an issue from 1, whatever number is printed on them. This issue has "
                    "{count}, and no {page}.",
                    count=len(found.pages),
                    page=number,
                )
            )
        own = entity_path.issue(found.source, found.itself.name, req.root_path)
        some = list(enumerate(found.pages, 1))[number - 1 if number else 0 : number or None]
        leaves = [_leaf(self._archive.place, own, at, page, req.root_path, number is not None) for at, page in some]
        html(
            req,
            resp,
            "issue.html" if number is None else "issue_page.html",
            takes=("page",),
            site=self._settings.site_name,
            query=Query(),
            issue=found,
            day=found.itself.date,
            editions=[
                (one, entity_path.issue(found.source, one.name, req.root_path))
                for one in found.editions
                if len(found.editions) > 1
            ],
            own=own,
            manifest=addresses.manifest(req.root_path, found.source, found.itself.name),
            calendar=f"{entity_path.title(found.source, req.root_path)}?year={found.day.year}",
            leaves=leaves,
            others=[_entry(article, req.root_path) for article in found.others],
            number=number or 0,
            before=_other(found.source, before, req.root_path),
            after=_other(found.source, after, req.root_path),
        )


def _leaf(place: str, own: str, number: int, page: PrintedPage, root: str, placed: bool) -> Leaf:
    """A page; with the places of its articles if they are shown."""
    shown = page.scan
    path = scan.stored(place, shown)
    url = address(page.pieces[0].article, page.pieces[0].number, root) if path is not None else ""
    paged = path is not None and path.suffix == ".pdf"
    return Leaf(
        page.label or f"[{number}]",
        f"{own}?page={number}",
        "" if paged else url,
        (thumbnail(path, root, page.pieces[0].article.id, page.pieces[0].number) or url) if path is not None else "",
        url if paged else "",
        shown.note,
        shown.width,
        shown.height,
        [_entry(piece.article, root, piece if placed else None) for piece in page.pieces],
    )


def _entry(article: Article, root: str, piece: Piece | None = None) -> Entry:
    url = f"{root}/article/{article.id}"
    if piece is None:
        return Entry(article.heading, article.language, url)
    own = piece.scan
    words = [*printed.unpack(own.title), *printed.unpack(own.text)]
    return Entry(article.heading, article.language, url, outline(words, own.width, own.height))


def _other(source: str, other: Edition | None, root: str) -> tuple[Edition, str] | None:
    """Another issue, and its URL."""
    return (other, entity_path.issue(source, other.name, root)) if other is not None else None
