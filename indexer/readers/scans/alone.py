"""Scanned pages as articles, and what is known of one that no METS describes.

Such a page has the facts that files next to it state: `issue.json` in its folder or the one above, an object with what
is true of the whole issue or title, and the metadata of the page itself, as of a text (see `files.sidecar`). Without a
stated date, the day in its own name counts, or else that in the name of its folder; or else the month that is all of
its own name, up to the first dot, or the month or year that is all of the name of its folder. A folder of an edition is
named after the day and the edition: `1899-02-03-ed-2`, or as the National Digital Newspaper Program does, `1899020302`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import PurePosixPath

from indexer.dates import addresses
from indexer.files import sidecar
from indexer.files.neighbours import ABOVE, Neighbours, Nothing
from indexer.readers.scans import mets
from indexer.readers.scans.page import Page, Place, laid_out, quality
from indexer.readers.shared import embargoes, xml
from indexer.readers.shared.columns import as_fields
from indexer.readers.shared.pictures import SUFFIXES, Picture, Pictures
from indexer.readers.shared.record import Embargoed, Item, Origin
from search.errors import BadRecord, NoArticle
from search.said import said
from search.text.possible_dates import plausible
from search.values.article import Article
from search.values.printed import Printed, pack
from search.values.scan import ScanPage

MAX_METS = 20
"""The greatest number of files with `mets` in their names that are tried as the METS of a page."""
_METS = re.compile(r".*mets.*\.xml", re.IGNORECASE | re.DOTALL)
OF_PAGES = ("id", "title", "text", "url")
"""Fields of one article, which nothing about a whole issue states."""
_EDITION = re.compile(
    r"(?P<day>\d{4}(?P<apart>-?)\d\d(?P=apart)\d\d)(?:(?P<order>\d\d)|[-_. ]+ed(?:ition)?[-_. ]*(?P<name>\w.{0,40}))"
)
"""The name of the folder of an edition."""
_MONTH, _MONTH_OR_YEAR = re.compile(r"\d{4}-\d\d", re.ASCII), re.compile(r"\d{4}(?:-\d\d)?", re.ASCII)
"""What is a date as a whole name; a file may have a number of four digits."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A page, its picture, the program that has made text of it, if that is known, and its file, if a METS names it."""

    page: Page
    picture: Picture
    read_by: str = ""
    path: str = ""


def pages_alone(
    pages: Sequence[Page], origin: Origin, neighbours: Neighbours, pictures: Pictures | None, read_by: str = ""
) -> Iterator[Item]:
    """The pages of a file without an issue, each as an article, or the reason why it is none.

    Args:
        read_by: the program that has made text of them, if that is known.
    """
    pictures = pictures or Pictures(Nothing())
    for number, page in enumerate(pages, 1):
        try:
            yield _page_alone(page, origin, neighbours, pictures, number if len(pages) > 1 else None, read_by)
        except BadRecord as problem:
            several = said("Page {number}: {reason}", number=str(number), reason=problem.reason)
            yield problem if len(pages) == 1 else problem.with_reason(several)


def _page_alone(
    page: Page, origin: Origin, neighbours: Neighbours, pictures: Pictures, number: int | None, read_by: str
) -> Item:
    """A page as an article.

    Args:
        number: its number in a file of several.

    Raises:
        NoArticle: if it has no text.
        BadRecord: if the metadata next to it cannot be read.
    """
    own = as_fields(sidecar.metadata(origin.name, neighbours), ("text",))
    facts = {**of_issue(neighbours), **(own if number is None else without(own, OF_PAGES))}
    picture = pictures.first(named_after(PurePosixPath(origin.name).name, page), page.frame)
    return page_article(Scanned(page, picture, read_by), origin, with_those_named(facts, origin.name), number)


def of_issue(neighbours: Neighbours) -> dict[str, object]:
    """What `issue.json`, in the folder or the one above, states of an issue or a title; the nearer one first.

    Raises:
        BadRecord: if it cannot be read.
    """
    facts: dict[str, object] = {}
    for name in (f"{ABOVE}{sidecar.OF_ISSUE}", sidecar.OF_ISSUE):
        if (file := neighbours.open(name)) is not None:
            with file:
                facts |= without(as_fields(sidecar.load(file, sidecar.OF_ISSUE) or {}, ("text",)), OF_PAGES)
    return facts


def without(fields: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    """The fields but for some."""
    return {name: value for name, value in fields.items() if name not in names}


def with_those_named(facts: Mapping[str, object], name: str) -> dict[str, object]:
    """Facts of a page or an issue, with the date and edition in the name of its file or folder if they lack them."""
    path = PurePosixPath(name)
    folder = _EDITION.fullmatch(path.parent.name)
    found = dict(facts)
    if not found.get("published") and (date := _date(path, folder)) is not None:
        found |= {"published": date, "published_from": "filename"}
    if folder is not None:
        found.setdefault("edition", folder["name"] or str(int(folder["order"])))
    return found


def _date(path: PurePosixPath, folder: re.Match[str] | None) -> str | None:
    """The day in the name of a file, or else in that of its folder, or else the month or year that such a name is."""
    day = addresses.in_name(path.name) or addresses.in_name(folder["day"] if folder else path.parent.name)
    if day is not None:
        return day
    whole = (_MONTH.fullmatch(path.name.partition(".")[0]), _MONTH_OR_YEAR.fullmatch(path.parent.name))
    return next((match[0] for match in whole if match is not None and plausible(match[0])), None)


def page_article(
    scanned: Scanned, origin: Origin, fields: Mapping[str, object], number: int | None = None, label: str = ""
) -> Article | Embargoed:
    """A page as an article.

    Args:
        fields: what is known of it besides.
        number: its number in a file of several.
        label: the number printed on it, if its own file does not say so.

    Raises:
        NoArticle: if it has no text.
    """
    laid = laid_out([scanned.page.words])
    if not laid.text:
        raise NoArticle(said("It is a page without text: an image, or without OCR."))
    label = label or scanned.page.label
    extra = further(fields, page=label, read_by=scanned.read_by)
    sure = quality(place.word for place in laid.places)
    made = embargoes.item({**fields, "text": laid.text, "quality": sure, "extra": extra}, origin, number)
    pages: list[OnPage] = [(scanned, label, laid.places, [])]
    return with_scan(made, laid.text, pages)


def further(facts: Mapping[str, object], **own: str) -> dict[str, object]:
    """What else is known of a page, or of an article on it, which has its own."""
    stated = facts.get("extra")
    return {**(stated if isinstance(stated, Mapping) else {}), **{name: value for name, value in own.items() if value}}


OnPage = tuple[Scanned, str, Sequence[Place], Sequence[Place]]
"""A page, its label, and the words of the text and of the title on it."""


def with_scan(made: Article | Embargoed, text: str, pages: Sequence[OnPage]) -> Article | Embargoed:
    """An article with its pages; without, if its text is not the one in which the words were counted."""
    if isinstance(made, Embargoed):
        return replace(made, article=_with_scan(made.article, text, pages))
    return _with_scan(made, text, pages)


def _with_scan(made: Article, text: str, pages: Sequence[OnPage]) -> Article:
    if made.text != text:
        return made
    scans = tuple(
        ScanPage(
            label=label,
            width=scanned.page.width,
            height=scanned.page.height,
            picture=scanned.picture.name,
            note=scanned.picture.note,
            text=pack(_printed(of_text)),
            title=pack(_printed(of_title)),
        )
        for scanned, label, of_text, of_title in pages
        if scanned.picture.name or any(place.word.box for place in (*of_text, *of_title))
    )
    return replace(made, scan=scans)


def _printed(places: Sequence[Place]) -> list[Printed]:
    return [
        Printed(place.start, place.end, *place.word.box, place.word.block)
        for place in places
        if place.word.box is not None
    ]


def named_after(name: str, page: Page) -> list[str]:
    """The likely names of the picture of a page: the one that it states, and those with the name of its file."""
    path = PurePosixPath(name)
    stated = PurePosixPath(page.picture.replace("\\", "/")).name
    stems = [path.stem.removesuffix(".alto"), path.stem]
    if stated:
        stems.insert(0, PurePosixPath(stated).stem)
    names = [str(path.with_name(stem + suffix)) for suffix in SUFFIXES for stem in dict.fromkeys(stems) if stem]
    return [*names, *([str(path.with_name(stated))] if stated not in ("", ".", "..") else [])]


def covered(origin: Origin, neighbours: Neighbours) -> bool:
    """True if a METS file next to a page, or in the parent folder, covers it."""
    own = PurePosixPath(origin.name)
    likely = [*_mets_names(own), *neighbours.like(_METS)[:MAX_METS]]
    for name in dict.fromkeys(name for name in likely if name != own.name):
        found = neighbours.open(name)
        if found is None:
            continue
        with found:
            data = found.read(xml.MAX_BYTES + 1)
        from_there = f"{own.parent.name}/{own.name}" if name.startswith(ABOVE) else own.name
        if from_there in _pages_of(data):
            return True
    return False


def _pages_of(data: bytes) -> frozenset[str]:
    """The pages that a METS file names; each page of a folder asks for the same."""
    digest = sha256(data).digest()
    named = _named_by.get(digest)
    if named is None:
        if len(_named_by) >= 2 * MAX_METS:
            _named_by.clear()
        named = _named_by[digest] = _named_in(data)
    return named


_named_by: dict[bytes, frozenset[str]] = {}
"""Digest of a METS file → the pages that it names, of as many as two folders may have."""


def _named_in(data: bytes) -> frozenset[str]:
    try:
        root = xml.document(BytesIO(data))
    except BadRecord:  # it reports this itself
        return frozenset()
    if xml.local(root) != "mets":
        return frozenset()
    issue = mets.issue(root)
    return frozenset((*issue.pages.values(), *chain.from_iterable(issue.unread.values())))


def _mets_names(page: PurePosixPath) -> list[str]:
    """Possible names of the METS of a page: `page.mets.xml`, `0002244_18550922_mets.xml`, `mets.xml`, or that of one of
    two folders.
    """
    stem, suffix = page.stem, page.suffix if page.suffix.lower() == ".xml" else ".xml"
    names = ["mets.xml", "METS.xml"]
    for mark in ("_", "-", "."):
        start, found, _ = stem.rpartition(mark)
        names += [f"{start}{mark}mets.xml", f"{start}{mark}METS.xml", f"{start}.mets.xml"] if found else []
    names += [stem.replace("alto", "mets").replace("ALTO", "METS") + ".xml", f"{stem}_mets.xml", f"{stem}.mets.xml"]
    folders = [folder.name for folder in page.parents[:2] if folder.name]
    return [*names, *(f"{place}{folder}{suffix}" for folder in folders for place in ("", ABOVE))]
