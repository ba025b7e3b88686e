"""Scanned newspapers: METS for an issue, ALTO for its pages.

A METS file gives its articles, with their text from the ALTO files next to it, and as pages those pages that have no
article. An ALTO file gives its page, unless a METS file next to it already does. A METS file whose pages are missing,
or lack the elements it points to, is rejected with the reason, and its pages are read as pages.

The title of an article is its label, or else its heading, or else its first block if that is short enough. A page has
no title. The date of a page is that of its issue; a page read alone gets the day in its file name, if there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from indexer.dates import addresses, printed
from indexer.files.neighbours import ABOVE, Neighbours, Nothing
from indexer.readers.scans import mets
from indexer.readers.scans.alto_page import AltoPage, Word, alto_page, text_of
from indexer.readers.scans.mets import Area, Issue, Piece
from indexer.readers.shared import xml
from indexer.readers.shared.record import Item, Origin, article
from search.errors import BadRecord, NoArticle

MAX_TITLE = 200
"""The greatest number of characters of a first block that may be a title."""
MAX_METS = 20
"""The greatest number of files that are tried as the METS of a page."""
MAX_NAMED = 4
"""The greatest number of files named in a reason."""


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is METS or ALTO, by its root element."""
    return xml.root_of(head) in ("mets", "alto")


def read(file: BinaryIO, origin: Origin, neighbours: Neighbours | None = None) -> Iterator[Item]:
    """Read the articles of an issue, or the page.

    Args:
        neighbours: the files next to this one.
    """
    neighbours = neighbours or Nothing()
    try:
        root = xml.document(file)
        if xml.local(root) == "alto":
            page = alto_page(root)
            if not _covered(origin, neighbours):
                yield _alone(page, origin)
        else:
            yield from _issue(mets.issue(root), origin, neighbours)
    except BadRecord as problem:
        yield problem


def _alone(page: AltoPage, origin: Origin) -> Item:
    day = addresses.in_name(origin.name)
    dated = {"published": day, "published_from": "filename"} if day else {}
    return _page(page, origin, dated, None)


def _page(page: AltoPage, origin: Origin, fields: Mapping[str, object], number: int | None, label: str = "") -> Item:
    text = text_of([page.words])
    if not text:
        raise NoArticle("It is a page without text: an image, or without OCR.")
    label = label or page.label
    return article({**fields, "text": text, "extra": {"page": label} if label else {}}, origin, number)


def _issue(issue: Issue, origin: Origin, neighbours: Neighbours) -> Iterator[Item]:
    pages, problems = _pages(issue, neighbours)
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
        yield BadRecord("It is a METS file without pages in ALTO.")


def _pages(issue: Issue, neighbours: Neighbours) -> tuple[dict[str, AltoPage], list[BadRecord]]:
    """The readable pages of an issue, by the ids of their files, and the reasons why others cannot be read."""
    pages: dict[str, AltoPage] = {}
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
        if xml.local(root) == "alto":
            pages[name] = alto_page(root)
    if missing:
        more = f" and {len(missing) - MAX_NAMED} more" if len(missing) > MAX_NAMED else ""
        problems.append(BadRecord(f"Its pages are not next to it: {', '.join(missing[:MAX_NAMED])}{more}."))
    return pages, problems


def _piece(piece: Piece, pages: Mapping[str, AltoPage], issue: Issue, origin: Origin, number: int) -> Item:
    heading = [_words(area, pages) for area in piece.heading]
    body = [_words(area, pages) for area in piece.areas]
    text, title = text_of(body), piece.title
    if not title:
        title = " ".join(text_of(heading).split())
    elif not text:
        text = text_of(heading)
    if not title:
        first, _, rest = text.partition("\n\n")
        if rest and len(first) <= MAX_TITLE:
            title, text = first, rest
    if not text:
        raise BadRecord("It has no text." if title else "It has no text: its page lacks the elements it points to.")
    fields = {**_dated(issue), "id": piece.id or None, "title": title, "text": text}
    labels = dict.fromkeys(issue.labels[a.file] for a in (*piece.heading, *piece.areas) if a.file in issue.labels)
    fields["language"] = piece.language or issue.language or None
    fields["section"] = piece.kind if piece.kind != "article" else None
    fields["extra"] = {"page": ", ".join(labels)} if labels else {}
    return article(fields, origin, number)


def _dated(issue: Issue) -> dict[str, object]:
    found: dict[str, object] = {"source": issue.title or None, "language": issue.language or None}
    if issue.date:
        found["published"] = printed.iso(issue.date) or issue.date
        found["published_from"] = "metadata"
    return found


def _words(area: Area, pages: Mapping[str, AltoPage]) -> Sequence[Word]:
    """The words of an area; empty if its page does not have it."""
    page = pages.get(area.file)
    if page is None:
        return ()
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
            try:
                root = xml.document(found)
            except BadRecord:  # it reports this itself
                continue
        from_there = f"{own.parent.name}/{own.name}" if name.startswith(ABOVE) else own.name
        if xml.local(root) == "mets" and from_there in mets.issue(root).pages.values():
            return True
    return False


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
