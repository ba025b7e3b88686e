"""Scanned newspapers: METS for an issue, ALTO, PAGE XML or hOCR for its pages.

A METS file gives its articles, with their text from the pages next to it, and as pages those pages that have no
article. A file of a page gives that, unless a METS file next to it already does. Where it names only pictures, the hOCR
next to each is its page, as `dateline ocr` writes it. A METS file whose pages are missing, or lack the elements it
points to, is rejected with the reason, and its pages are read as pages. What a METS does not state of its issue may be
in `issue.json` (see `alone`).

The title of an article is its label, or else its heading, or else its first block if that is short enough. A page has
no title. The date of a page is that of its issue: the one that is stated, or else that of the names of the METS and its
folder, or of all its pages. For a page read alone see `alone`.

An article has the places of its words on its pages, and the picture of each page if there is one next to it: the one
that the METS or the page names, or one with the name of the page's file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO

from indexer.dates import printed
from indexer.files.neighbours import Neighbours, Nothing
from indexer.readers.scans import hocr, mets
from indexer.readers.scans.alone import (
    OnPage,
    Scanned,
    covered,
    further,
    named_after,
    of_issue,
    page_article,
    pages_alone,
    with_scan,
    with_those_named,
)
from indexer.readers.scans.alto import alto_pages
from indexer.readers.scans.mets import Area, Issue, Piece
from indexer.readers.scans.page import Page, Place, Word, laid_out, quality
from indexer.readers.scans.page_xml import page_xml
from indexer.readers.shared import embargoes, xml
from indexer.readers.shared.element import Element
from indexer.readers.shared.pictures import SUFFIXES, Picture, Pictures
from indexer.readers.shared.record import Item, Origin
from search.errors import BadRecord
from search.said import said

MAX_TITLE = 200
"""The greatest number of characters of a first block that may be a title."""
MAX_NAMED = 4
"""The greatest number of files named in a reason."""
_PAGES: Mapping[str, Callable[[Element], list[Page]]] = {"alto": alto_pages, "PcGts": lambda root: [page_xml(root)]}
"""The root element of pages → what reads them."""


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
        elif not covered(origin, neighbours):
            yield from pages_alone(parse(root), origin, neighbours, pictures)
    except BadRecord as problem:
        yield problem


def _issue(issue: Issue, origin: Origin, neighbours: Neighbours, pictures: Pictures) -> Iterator[Item]:
    every = _all_pages(issue, neighbours)
    facts = _facts(issue, neighbours, origin, every.values())
    pages, several, problems = _pages(issue, every, neighbours, pictures)
    pieces = [_on_pages(piece, pages, several) for piece in issue.pieces] if several else issue.pieces
    yield from problems
    used: set[str] = set()
    lost = 0
    for number, piece in enumerate(pieces, 1):
        if not any(area.file in pages for area in (*piece.heading, *piece.areas)):
            lost += 1
            continue
        try:
            found = _piece(piece, pages, issue, facts, origin, number)
        except BadRecord as problem:
            yield problem.with_reason(said("Article {number}: {reason}", number=str(number), reason=problem.reason))
        else:
            used.update(area.file for area in (*piece.heading, *piece.areas))
            yield found
    if lost and pages:
        yield BadRecord(
            said(
                "{lost} of its {count} articles are on pages that are not next to it, or on none.",
                lost=str(lost),
                count=len(issue.pieces),
            )
        )
    for number, (name, page) in enumerate(pages.items(), len(issue.pieces) + 1):
        if name not in used:
            try:
                yield page_article(page, origin, facts, number, issue.labels.get(name, ""))
            except BadRecord as problem:
                yield problem.with_reason(f"{page.path}: {problem.reason}")
    if not pages and not issue.pages and not issue.refused:
        why = said("It is a METS file without pages in ALTO, PAGE XML or hOCR.")
        hint = said("Read its pictures with “dateline ocr”.")
        yield BadRecord(f"{why} {hint}" if issue.unread else why)


def _all_pages(issue: Issue, neighbours: Neighbours) -> dict[str, str]:
    """The pages that a METS names, and those next to it that its pictures have become."""
    found = dict(issue.pages)
    for name, texts in issue.unread.items():
        for text in texts:
            if (file := neighbours.open(text)) is not None:
                file.close()
                found[name] = text
                break
    return found


def _pages(
    issue: Issue, every: Mapping[str, str], neighbours: Neighbours, pictures: Pictures
) -> tuple[dict[str, Scanned], dict[str, Sequence[str]], list[BadRecord]]:
    """The readable pages of an issue, by the ids of their files; those of each file of several pages, which have other
    ids, unless it is named as often as it has pages; and the reasons why others cannot be read.
    """
    pages: dict[str, Scanned] = {}
    several: dict[str, Sequence[str]] = {}
    missing: list[str] = []
    problems = [
        BadRecord(said("It points to “{name}”, which is not next to it.", name=name[:200]))
        for name in issue.refused[:MAX_NAMED]
    ]
    frames: Counter[str] = Counter()
    """Name of a picture → how many of its frames the pages before are, in files of their own."""
    named: dict[str, list[str]] = {}
    for name, path in every.items():
        named.setdefault(path, []).append(name)
    for path, names in named.items():
        found = neighbours.open(path)
        if found is None:
            missing.append(path)
            continue
        with found:
            try:
                root = xml.document(found)
                is_hocr = xml.local(root) == "html"
                parse = _PAGES.get(xml.local(root)) or (hocr.hocr_pages if is_hocr else None)
                some = parse(root) if parse is not None else []
                if is_hocr and not some:
                    raise BadRecord(said("It is hOCR without a page (class ocr_page)."))
            except BadRecord as problem:
                problems.append(BadRecord(said("Its page {path}: {reason}", path=path, reason=problem.reason)))
                continue
        if not some:
            continue
        if len(some) == 1:
            some = some * len(names)
        elif len(some) != len(names):
            several |= dict.fromkeys(names, tuple(f"{names[0]} {number}" for number in range(1, len(some) + 1)))
        before = Counter(frames)
        for at, (name, page) in enumerate(zip(several.get(names[0], names), some, strict=True)):
            stated = names[min(at, len(names) - 1)]
            of_page = _shown_first(issue.pictures.get(stated, ()))
            near = [*of_page, *named_after(path, page)]
            shown = next(iter(of_page), page.picture)
            picture = pictures.first(near, before[shown] + page.frame)
            if not picture.name and before[shown]:  # of one frame: what it shows are both pages, as of an open book
                picture = pictures.first(near, page.frame)
            frames[shown] = before[shown] + page.frame + 1 if shown else 0
            if not any(picture) and stated in issue.far:
                told = said(
                    "Its picture “{name}” is not next to it, and is not fetched. Put it there.",
                    name=issue.far[stated][:200],
                )
                picture = Picture("", str(told))
            pages[name] = Scanned(page, picture, hocr.read_by(root) if is_hocr else "", path)
    if missing:
        listed, more = ", ".join(missing[:MAX_NAMED]), len(missing) - MAX_NAMED
        told = said("Its pages are not next to it: {names}.", names=listed)
        if more > 0:
            told = said("Its pages are not next to it: {names} and {more} more.", names=listed, more=more)
        problems.append(BadRecord(told))
    return pages, several, problems


def _on_pages(piece: Piece, pages: Mapping[str, Scanned], several: Mapping[str, Sequence[str]]) -> Piece:
    """An article whose areas name pages, where files have several of them."""

    def each(areas: Iterable[Area]) -> list[Area]:
        found = []
        for area in areas:
            names = several.get(area.file, (area.file,))
            on = [name for name in names if name in pages and area.begin in ("", *pages[name].page.places)]
            found += [replace(area, file=name) for name in on or names[:1]]
        return found

    return replace(piece, heading=each(piece.heading), areas=each(piece.areas))


def _shown_first(names: Sequence[str]) -> list[str]:
    """Names of pictures, those first that browsers are likely to show."""
    last = {suffix: number for number, suffix in enumerate(SUFFIXES)}
    return sorted(names, key=lambda name: last.get(PurePosixPath(name).suffix.lower(), len(last)))


def _piece(
    piece: Piece,
    pages: Mapping[str, Scanned],
    issue: Issue,
    facts: Mapping[str, object],
    origin: Origin,
    number: int,
) -> Item:
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
        raise BadRecord(
            said("It has no text.") if title else said("It has no text: its page lacks the elements it points to.")
        )
    fields = {**facts, "id": piece.id or None, "title": title, "text": text}
    labels = dict.fromkeys(issue.labels[a.file] for a in (*piece.heading, *piece.areas) if a.file in issue.labels)
    fields["language"] = piece.language or facts.get("language")
    fields["section"] = piece.kind if piece.kind != "article" else facts.get("section")
    fields["extra"] = further(facts, page=", ".join(labels))
    fields["quality"] = quality(place.word for _, place in (*of_title, *of_text))
    made = embargoes.item(fields, origin, number)
    return with_scan(made, text, _by_page(pages, issue, of_title, of_text))


def _by_page(
    pages: Mapping[str, Scanned],
    issue: Issue,
    of_title: Iterable[tuple[str, Place]],
    of_text: Iterable[tuple[str, Place]],
) -> list[OnPage]:
    """The words of an article by page, the pages in the order in which it comes to them."""
    found: dict[str, tuple[list[Place], list[Place]]] = {}
    for file, place in of_title:
        found.setdefault(file, ([], []))[1].append(place)
    for file, place in of_text:
        found.setdefault(file, ([], []))[0].append(place)
    return [(pages[file], issue.labels.get(file, "") or pages[file].page.label, *both) for file, both in found.items()]


def _facts(issue: Issue, neighbours: Neighbours, origin: Origin, pages: Iterable[str]) -> dict[str, object]:
    """What is known of an issue: what its METS states, what else a file next to it does, and what names do.

    Args:
        pages: the names of their files, next to the METS.
    """
    stated = {"source": issue.title, "language": issue.language, "edition": issue.edition}
    found = {**of_issue(neighbours), **{name: value for name, value in stated.items() if value}}
    if issue.date:
        found["published"] = printed.iso(issue.date) or issue.date
        found["published_from"] = "metadata"
    found = with_those_named(found, origin.name)
    if not found.get("published"):
        folder = PurePosixPath(origin.name).parent
        named = [with_those_named({}, str(folder / page)) for page in dict.fromkeys(pages)]
        if named and all(one == named[0] for one in named):
            found |= {**named[0], **{name: value for name, value in found.items() if value}}
    return found


def _words(area: Area, pages: Mapping[str, Scanned]) -> Sequence[Word]:
    """The words of an area; empty if its page does not have it."""
    page = pages[area.file].page
    if not area.begin:
        return page.words
    begin, end = page.places.get(area.begin), page.places.get(area.end)
    return page.words[begin[0] : max(begin[1], end[1] if end else 0)] if begin else ()
