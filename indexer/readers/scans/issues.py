"""Scanned newspapers: METS for an issue, ALTO or PAGE XML for its pages.

A METS file gives its articles, with their text from the pages next to it, and as pages those pages that have no
article. A file of a page gives that, unless a METS file next to it already does. A METS file whose pages are missing,
or lack the elements it points to, is rejected with the reason, and its pages are read as pages.

The title of an article is its label, or else its heading, or else its first block if that is short enough. A page has
no title. The date of a page is that of its issue; a page read alone gets the day in its file name, if there is one.

An article has the places of its words on its pages, and the picture of each page if there is one next to it: the one
that the METS or the page names, or one with the name of the page's file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from indexer.dates import addresses, printed
from indexer.files.neighbours import ABOVE, Neighbours, Nothing
from indexer.readers.scans import mets
from indexer.readers.scans.alto import alto_page
from indexer.readers.scans.mets import Area, Issue, Piece
from indexer.readers.scans.page import Page, Place, Word, laid_out, quality
from indexer.readers.scans.page_xml import page_xml
from indexer.readers.shared import xml
from indexer.readers.shared.pictures import SUFFIXES, Picture, Pictures
from indexer.readers.shared.record import Item, Origin, article
from search.errors import BadRecord, NoArticle
from search.said import said
from search.values.article import Article
from search.values.printed import Printed, pack
from search.values.scan import ScanPage

MAX_TITLE = 200
"""The greatest number of characters of a first block that may be a title."""
MAX_METS = 20
"""The greatest number of files that are tried as the METS of a page."""
MAX_NAMED = 4
"""The greatest number of files named in a reason."""
_PAGES = {"alto": alto_page, "PcGts": page_xml}
"""The root element of a page → what reads it."""


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is METS, ALTO or PAGE XML, by its root element."""
    return xml.root_of(head) in ("mets", *_PAGES)


def read(
    file: BinaryIO, origin: Origin, neighbours: Neighbours | None = None, pictures: Pictures | None = None
) -> Iterator[Item]:
    """Read the articles of an issue, or the page.

    Args:
        neighbours: the files next to this one.
        pictures: the pictures among them.
    """
    neighbours = neighbours or Nothing()
    pictures = pictures or Pictures(neighbours)
    try:
        root = xml.document(file)
        parse = _PAGES.get(xml.local(root))
        if parse is None:
            yield from _issue(mets.issue(root), origin, neighbours, pictures)
        elif not _covered(origin, neighbours):
            yield page_alone(parse(root), origin, pictures)
    except BadRecord as problem:
        yield problem


@dataclass(frozen=True, slots=True)
class _Scanned:
    """A page, and its picture."""

    page: Page
    picture: Picture


def page_alone(
    page: Page, origin: Origin, pictures: Pictures | None, number: int | None = None, read_by: str = ""
) -> Item:
    """A page without an issue, as an article.

    Args:
        number: its number in a file of several.
        read_by: the program that has made text of it, if that is known.

    Raises:
        NoArticle: if it has no text.
    """
    day = addresses.in_name(origin.name) or addresses.in_name(PurePosixPath(origin.name).parent.name)
    dated = {"published": day, "published_from": "filename"} if day else {}
    own = PurePosixPath(origin.name).name
    picture = (pictures or Pictures(Nothing())).first(_named_after(own, page))
    return _page(_Scanned(page, picture), origin, dated, number, read_by=read_by)


def _page(
    scanned: _Scanned,
    origin: Origin,
    fields: Mapping[str, object],
    number: int | None,
    label: str = "",
    read_by: str = "",
) -> Item:
    laid = laid_out([scanned.page.words])
    if not laid.text:
        raise NoArticle("It is a page without text: an image, or without OCR.")
    label = label or scanned.page.label
    extra = {name: value for name, value in (("page", label), ("read_by", read_by)) if value}
    sure = quality(place.word for place in laid.places)
    made = article({**fields, "text": laid.text, "quality": sure, "extra": extra}, origin, number)
    return _with_scan(made, laid.text, [(scanned, label, laid.places, [])])


_OnPage = tuple[_Scanned, str, Sequence[Place], Sequence[Place]]
"""A page, its label, and the words of the text and of the title on it."""


def _with_scan(made: Article, text: str, pages: Sequence[_OnPage]) -> Article:
    """An article with its pages; without, if its text is not the one in which the words were counted."""
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


def _named_after(name: str, page: Page) -> list[str]:
    """The likely names of the picture of a page: the one that it states, and those with the name of its file."""
    path = PurePosixPath(name)
    stated = PurePosixPath(page.picture.replace("\\", "/")).name
    stems = [path.stem.removesuffix(".alto"), path.stem]
    if stated:
        stems.insert(0, PurePosixPath(stated).stem)
    names = [str(path.with_name(stem + suffix)) for suffix in SUFFIXES for stem in dict.fromkeys(stems) if stem]
    return [*names, *([str(path.with_name(stated))] if stated not in ("", ".", "..") else [])]


def _issue(issue: Issue, origin: Origin, neighbours: Neighbours, pictures: Pictures) -> Iterator[Item]:
    pages, problems = _pages(issue, neighbours, pictures)
    yield from problems
    used: set[str] = set()
    lost = 0
    for number, piece in enumerate(issue.pieces, 1):
        if not any(area.file in pages for area in (*piece.heading, *piece.areas)):
            lost += 1
            continue
        try:
            found = _piece(piece, pages, issue, origin, number)
        except BadRecord as problem:
            yield problem.with_reason(f"Article {number}: {problem.reason}")
        else:
            used.update(area.file for area in (*piece.heading, *piece.areas))
            yield found
    if lost and pages:
        yield BadRecord(f"{lost} of its {len(issue.pieces)} articles are on pages that are not next to it, or on none.")
    for number, (name, page) in enumerate(pages.items(), len(issue.pieces) + 1):
        if name not in used:
            try:
                yield _page(page, origin, _dated(issue), number, issue.labels.get(name, ""))
            except BadRecord as problem:
                yield problem.with_reason(f"{issue.pages[name]}: {problem.reason}")
    if not issue.pages and not issue.refused:
        yield BadRecord("It is a METS file without pages in ALTO or PAGE XML.")


def _pages(issue: Issue, neighbours: Neighbours, pictures: Pictures) -> tuple[dict[str, _Scanned], list[BadRecord]]:
    """The readable pages of an issue, by the ids of their files, and the reasons why others cannot be read."""
    pages: dict[str, _Scanned] = {}
    missing: list[str] = []
    problems = [
        BadRecord(f"It points to “{name[:200]}”, which is not next to it.") for name in issue.refused[:MAX_NAMED]
    ]
    for name, path in issue.pages.items():
        found = neighbours.open(path)
        if found is None:
            missing.append(path)
            continue
        with found:
            try:
                root = xml.document(found)
            except BadRecord as problem:
                problems.append(BadRecord(f"Its page {path}: {problem.reason}"))
                continue
        if parse := _PAGES.get(xml.local(root)):
            page = parse(root)
            picture = pictures.first([*_shown_first(issue.pictures.get(name, ())), *_named_after(path, page)])
            if not any(picture) and name in issue.far:
                told = said(
                    "Its picture “{name}” is not next to it, and is not fetched. Put it there.",
                    name=issue.far[name][:200],
                )
                picture = Picture("", str(told))
            pages[name] = _Scanned(page, picture)
    if missing:
        more = f" and {len(missing) - MAX_NAMED} more" if len(missing) > MAX_NAMED else ""
        problems.append(BadRecord(f"Its pages are not next to it: {', '.join(missing[:MAX_NAMED])}{more}."))
    return pages, problems


def _shown_first(names: Sequence[str]) -> list[str]:
    """Names of pictures, those first that browsers are likely to show."""
    last = {suffix: number for number, suffix in enumerate(SUFFIXES)}
    return sorted(names, key=lambda name: last.get(PurePosixPath(name).suffix.lower(), len(last)))


def _piece(piece: Piece, pages: Mapping[str, _Scanned], issue: Issue, origin: Origin, number: int) -> Item:
    heads = [area for area in piece.heading if area.file in pages]
    areas = [area for area in piece.areas if area.file in pages]
    heading = laid_out([_words(area, pages) for area in heads], between=" ")
    body = laid_out([_words(area, pages) for area in areas])
    text, title = body.text, piece.title
    of_text = [(areas[place.stretch].file, place) for place in body.places]
    of_title = [(heads[place.stretch].file, place) for place in heading.places]
    if not title:
        title = heading.text
    elif not text:
        body, areas = laid_out([_words(area, pages) for area in heads]), heads
        text, of_text, of_title = body.text, [(areas[place.stretch].file, place) for place in body.places], []
    elif title != heading.text:  # printed as something else: where it is, is known, but not which word is which
        of_title = [(file, place._replace(start=0, end=0)) for file, place in of_title]
    if not title:
        first, gap, rest = text.partition("\n\n")
        if rest and len(first) <= MAX_TITLE:
            title, text, begin = first, rest, len(first) + len(gap)
            of_title = [(file, place) for file, place in of_text if place.end <= len(first)]
            of_text = [
                (file, place._replace(start=place.start - begin, end=place.end - begin))
                for file, place in of_text
                if place.start >= begin
            ]
    if not text:
        raise BadRecord("It has no text." if title else "It has no text: its page lacks the elements it points to.")
    fields = {**_dated(issue), "id": piece.id or None, "title": title, "text": text}
    labels = dict.fromkeys(issue.labels[a.file] for a in (*piece.heading, *piece.areas) if a.file in issue.labels)
    fields["language"] = piece.language or issue.language or None
    fields["section"] = piece.kind if piece.kind != "article" else None
    fields["extra"] = {"page": ", ".join(labels)} if labels else {}
    fields["quality"] = quality(place.word for _, place in (*of_title, *of_text))
    made = article(fields, origin, number)
    return _with_scan(made, text, _by_page(pages, issue, of_title, of_text))


def _by_page(
    pages: Mapping[str, _Scanned],
    issue: Issue,
    of_title: Iterable[tuple[str, Place]],
    of_text: Iterable[tuple[str, Place]],
) -> list[_OnPage]:
    """The words of an article by page, the pages in the order in which it comes to them."""
    found: dict[str, tuple[list[Place], list[Place]]] = {}
    for file, place in of_title:
        found.setdefault(file, ([], []))[1].append(place)
    for file, place in of_text:
        found.setdefault(file, ([], []))[0].append(place)
    return [(pages[file], issue.labels.get(file, "") or pages[file].page.label, *both) for file, both in found.items()]


def _dated(issue: Issue) -> dict[str, object]:
    found: dict[str, object] = {"source": issue.title or None, "language": issue.language or None}
    if issue.date:
        found["published"] = printed.iso(issue.date) or issue.date
        found["published_from"] = "metadata"
    return found


def _words(area: Area, pages: Mapping[str, _Scanned]) -> Sequence[Word]:
    """The words of an area; empty if its page does not have it."""
    page = pages[area.file].page
    if not area.begin:
        return page.words
    begin, end = page.places.get(area.begin), page.places.get(area.end)
    return page.words[begin[0] : max(begin[1], end[1] if end else 0)] if begin else ()


def _covered(origin: Origin, neighbours: Neighbours) -> bool:
    """True if a METS file next to a page, or in the parent folder, covers it."""
    own = PurePosixPath(origin.name)
    found_by_name = [name for name in neighbours.names() if _is_likely_mets(name, own)][:MAX_METS]
    for name in dict.fromkeys((*_mets_names(own.name), *found_by_name)):
        found = neighbours.open(name)
        if found is None:
            continue
        with found:
            data = found.read(xml.MAX_BYTES + 1)
        from_there = f"{own.parent.name}/{own.name}" if name.startswith(ABOVE) else own.name
        if from_there in _pages_of(data):
            return True
    return False


@lru_cache(maxsize=4)
def _pages_of(data: bytes) -> frozenset[str]:
    """The pages that a METS file names; each page of an issue asks for the same."""
    try:
        root = xml.document(BytesIO(data))
    except BadRecord:  # it reports this itself
        return frozenset()
    return frozenset(mets.issue(root).pages.values()) if xml.local(root) == "mets" else frozenset()


def _is_likely_mets(name: str, page: PurePosixPath) -> bool:
    """True if a file name may be that of a page's METS: it has `mets` in it, or is named after one of two folders."""
    stem, suffix = PurePosixPath(name.lower()).stem, PurePosixPath(name.lower()).suffix
    folders = [folder.name.lower() for folder in page.parents[:2] if folder.name]
    return suffix == ".xml" and ("mets" in stem or stem in folders) and name != page.name


def _mets_names(name: str) -> list[str]:
    """Possible names of the METS of a page: `page.mets.xml`, `0002244_18550922_mets.xml`, `mets.xml`."""
    stem = name[: -len(".xml")] if name.lower().endswith(".xml") else name
    names = ["mets.xml", "METS.xml"]
    for mark in ("_", "-", "."):
        start, found, _ = stem.rpartition(mark)
        names += [f"{start}{mark}mets.xml", f"{start}{mark}METS.xml", f"{start}.mets.xml"] if found else []
    names += [stem.replace("alto", "mets").replace("ALTO", "METS") + ".xml", f"{stem}_mets.xml", f"{stem}.mets.xml"]
    return list(dict.fromkeys(each for each in names if each != name))
