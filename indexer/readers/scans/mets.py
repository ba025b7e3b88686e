"""An issue of a newspaper in METS: the titles of its articles, and where on which pages each of them is.

The logical structure lists the articles. The position of an article is stated there, or in the physical structure that
`structLink` ties to it. An article without a stated position has no text.

Source: METS 1.12; the profiles of the national libraries that publish newspapers in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from indexer.readers.shared.element import Element
from indexer.readers.shared.xml import attribute, child, inside, local, words

ARTICLES = frozenset(
    (
        "article", "advertisement", "advert", "ad", "editorial", "letter", "obituary", "notice", "weather", "review",
        "interview", "feature", "poem", "serial", "family_notice", "familynotice", "death_notice", "announcement",
    )
)  # fmt: skip
"""Types of the divisions of an issue that are articles by themselves, in lower case."""
_HEADINGS = frozenset(("heading", "headline", "title", "overline", "subheadline", "heading_text", "textblock_heading"))
_PICTURES = frozenset(
    (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".pdf", ".tif", ".tiff", ".jp2", ".jpx", ".jpf", ".j2k")
)
_TEXTS = (".xml", ".hocr", ".html", ".xhtml")
"""The endings of pages with text."""
_MAX_PICTURES = 8
"""The greatest number of pictures of a page."""
_MAX_TIED = 4
"""The greatest number of logical divisions in a group of links; each of them has all the areas of the group."""


@dataclass(frozen=True, slots=True)
class Area:
    """A range of a page, from the element `begin` to the element `end`; "" for all of it."""

    file: str
    begin: str
    end: str


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of an issue.

    Attributes:
        id: its publisher's id; "" if it has none that is valid outside this file.
        kind: the type of article; lower case.
        heading: the areas of its heading.
        areas: its areas without the heading.
    """

    id: str
    kind: str
    title: str
    language: str
    heading: Sequence[Area]
    areas: Sequence[Area]


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of a newspaper.

    Attributes:
        pages: id of a file → its name next to the METS, for the files with text.
        refused: names of files in other places.
        labels: id of a file → the number printed on the page.
        pictures: id of a file with text → the names of the pictures of its page, next to the METS.
        far: id of a file with text → the address of a picture in another place.
        unread: id of the picture of a page without a file of text → the names of the hOCR it may be in.
        edition: what is stated of it; "" if nothing is.
    """

    title: str
    date: str
    language: str
    pieces: Sequence[Piece]
    pages: Mapping[str, str]
    refused: Sequence[str]
    labels: Mapping[str, str]
    pictures: Mapping[str, Sequence[str]]
    far: Mapping[str, str]
    unread: Mapping[str, tuple[str, ...]]
    edition: str


def issue(root: Element) -> Issue:
    """Parse an issue from the root element of its document."""
    described = {name: section for section in inside(root, "dmdSec") if (name := section.get("ID"))}
    structures = [element for element in inside(root, "structMap")]
    logical = next((s for s in structures if _kind(s) == "logical"), None)
    top = child(logical, "div") if logical is not None else None
    own = _description(top, described) if top is not None else None
    if own is None:
        own = next(
            (section for section in described.values() if next(inside(section, "dateIssued"), None) is not None), None
        )
    pages, refused = _files(root)
    unread = _unread(root, structures, pages)
    pictures, far = _pictures(root, structures, {*pages, *unread})
    linked = _linked(root, structures)
    found = list(_pieces(top, described, linked)) if top is not None else []
    return Issue(
        title=_title(own) or _label_of(root, _date(own if own is not None else root)),
        date=_date(own if own is not None else root),
        language=words(next(inside(own, "languageTerm"), None)),
        pieces=found,
        pages=pages,
        refused=refused,
        labels=_labels(structures, described),
        pictures=pictures,
        far=far,
        unread=unread,
        edition=_edition(own if own is not None else root),
    )


def _kind(element: Element) -> str:
    """The type of a structure or division, without the prefix that NDNP has: `np:page`."""
    return attribute(element, "TYPE").strip().lower().removeprefix("np:")


def _description(division: Element, described: Mapping[str, Element]) -> Element | None:
    return next((described[name] for name in attribute(division, "DMDID").split() if name in described), None)


def _title(section: Element | None) -> str:
    """The main title in a description, with the part that sorting ignores (“The”)."""
    for info in inside(section, "titleInfo"):
        if local(info.getparent()) != "relatedItem" and not info.get("type"):
            parts = [words(part) for part in info if local(part) in ("nonSort", "title", "subTitle")]
            return " ".join(part for part in parts if part)
    return ""


def _date(section: Element) -> str:
    dates = sorted(inside(section, "dateIssued"), key=lambda element: element.get("keyDate") != "yes")
    return next((text for element in dates if (text := words(element))), "")


def _edition(section: Element) -> str:
    """The edition: its name, else its number among those of the day."""
    names = [words(element) for element in inside(section, "edition")]
    for detail in inside(section, "detail"):
        if detail.get("type") == "edition":
            names += [words(part) for kind in ("caption", "title", "number") for part in inside(detail, kind)]
    return next(filter(None, names), "")


def _unread(root: Element, structures: Sequence[Element], pages: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The pictures next to the METS of each page that has no file of text, with `.hocr`, by the id of the first."""
    hrefs = {file.get("ID", ""): attribute(child(file, "FLocat"), "href").strip() for file in inside(root, "file")}
    found: dict[str, tuple[str, ...]] = {}
    for structure in structures:
        for division in inside(structure, "div") if _kind(structure) != "logical" else ():
            if _kind(division) != "page":
                continue
            names = [attribute(part, "FILEID") for part in division.iter() if local(part) in ("fptr", "area")]
            if any(name in pages for name in names):
                continue
            paths = {name: PurePosixPath(_neighbour(hrefs.get(name, "")) or "") for name in names}
            near = {name: path for name, path in paths.items() if path.suffix.lower() in _PICTURES - {".pdf"}}
            if near:
                texts = (str(path.with_suffix(".hocr")) for path in near.values())
                found[next(iter(near))] = tuple(dict.fromkeys(texts))[:_MAX_PICTURES]
    return found


def _files(root: Element) -> tuple[dict[str, str], list[str]]:
    """The files with text, and the names that refer to other places than the folder of the METS."""
    pages: dict[str, str] = {}
    refused: list[str] = []
    for file in inside(root, "file"):
        location = child(file, "FLocat")
        href = attribute(location, "href").strip()
        name = file.get("ID")
        if not name or not href or not unquote(href).lower().endswith(_TEXTS):
            continue
        local_name = _neighbour(href)
        if local_name is None:
            refused.append(href)
        else:
            pages[name] = local_name
    return pages, refused


def _pictures(
    root: Element, structures: Sequence[Element], pages: Collection[str]
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The pictures of each page, by the page's division or else by a group of files: those next to it, and others."""
    hrefs: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for file in inside(root, "file"):
        href, name = attribute(child(file, "FLocat"), "href").strip(), file.get("ID")
        if not name or not href:
            continue
        if group := attribute(file, "GROUPID"):
            groups.setdefault(group, []).append(name)
        if PurePosixPath(unquote(href)).suffix.lower() in _PICTURES:
            hrefs[name] = href
    together = [
        [attribute(element, "FILEID") for element in division.iter() if local(element) in ("fptr", "area")]
        for structure in structures
        if _kind(structure) != "logical"
        for division in inside(structure, "div")
        if _kind(division) == "page"
    ]
    near: dict[str, list[str]] = {}
    far: dict[str, str] = {}
    for names in [*together, *groups.values()]:
        shown = list(dict.fromkeys(hrefs[name] for name in names if name in hrefs))[:_MAX_PICTURES]
        for page in dict.fromkeys(name for name in names if name in pages):
            for href in shown:
                if (found := _neighbour(href)) is not None:
                    near.setdefault(page, []).append(found)
                else:
                    far.setdefault(page, href)
    return near, far


def _neighbour(href: str) -> str | None:
    """The name of the linked file next to this one; None if the link leads elsewhere."""
    name = unquote(href)
    for start in ("file:///", "file://", "file:"):
        if name.lower().startswith(start):
            name = name[len(start) :]
            break
    if "\\" in name or "\0" in name or ":" in name or name.startswith("/"):
        return None
    name = normpath(name)
    return None if name.startswith("..") else name


def _areas(division: Element) -> Iterator[Area]:
    """The ranges of pages that a division names, without those of the divisions inside it."""
    for pointer in division:
        if local(pointer) != "fptr":
            continue
        areas = list(inside(pointer, "area"))
        for area in areas:
            begin = attribute(area, "BEGIN") if attribute(area, "BETYPE") in ("IDREF", "") else ""
            yield Area(attribute(area, "FILEID"), begin, attribute(area, "END") or begin)
        if not areas and (file := attribute(pointer, "FILEID")):
            yield Area(file, "", "")


def _linked(root: Element, structures: Sequence[Element]) -> dict[str, list[Area]]:
    """Id of a logical division → its areas, by the physical divisions tied to it."""
    physical = {
        name: division
        for structure in structures
        if _kind(structure) != "logical"
        for division in inside(structure, "div")
        if (name := division.get("ID"))
    }
    found: dict[str, list[Area]] = {}
    for link in inside(root, "smLink"):
        _tie(attribute(link, "from"), [attribute(link, "to")], physical, found)
    for group in inside(root, "smLinkGrp"):
        names = [attribute(link, "href").lstrip("#") for link in inside(group, "smLocatorLink")]
        for name in [name for name in names if name not in physical][:_MAX_TIED]:
            _tie(name, names, physical, found)
    return found


def _tie(name: str, others: Sequence[str], physical: Mapping[str, Element], found: dict[str, list[Area]]) -> None:
    name = name.lstrip("#")
    for other in others:
        division = physical.get(other.lstrip("#"))
        if division is not None and _kind(division) not in ("page", "newspaper", "physsequence", "issue"):
            found.setdefault(name, []).extend(_areas(division))


def _pieces(
    top: Element, described: Mapping[str, Element], linked: Mapping[str, Sequence[Area]], depth: int = 0
) -> Iterator[Piece]:
    for division in top:
        if local(division) != "div":
            continue
        if _kind(division) in ARTICLES:
            yield _piece(division, described, linked)
        elif depth < 50:
            yield from _pieces(division, described, linked, depth + 1)


def _piece(division: Element, described: Mapping[str, Element], linked: Mapping[str, Sequence[Area]]) -> Piece:
    heading: list[Area] = []
    body: list[Area] = []
    waiting = [(division, False)]
    while waiting:
        part, in_heading = waiting.pop()
        in_heading = in_heading or _kind(part) in _HEADINGS
        (heading if in_heading else body).extend((*_areas(part), *linked.get(attribute(part, "ID"), ())))
        waiting += [(inner, in_heading) for inner in reversed(part) if local(inner) == "div"]
    section = _description(division, described)
    local_id = next((words(e) for e in inside(section, "identifier") if local(e.getparent()) != "relatedItem"), "")
    return Piece(
        id=local_id,
        kind=_kind(division),
        title=" ".join(attribute(division, "LABEL").split()) or _title(section),
        language=words(next(inside(section, "languageTerm"), None)),
        heading=heading,
        areas=body,
    )


def _label_of(root: Element, day: str) -> str:
    """The title in the label of a METS, as NDNP writes it: `The Gazette (Harbour, Tex.), 1869-01-01`; else ""."""
    title, comma, last = " ".join(attribute(root, "LABEL").split()).rpartition(", ")
    return title if comma and day and last == day else ""


def _number(division: Element, described: Mapping[str, Element]) -> str:
    """The number printed on a page, as it states it, or as the description of the page does."""
    if stated := attribute(division, "ORDERLABEL"):
        return stated
    for detail in inside(_description(division, described), "detail"):
        if detail.get("type") == "page number":
            return words(next(inside(detail, "number"), None))
    return attribute(division, "ORDER")


def _labels(structures: Sequence[Element], described: Mapping[str, Element]) -> dict[str, str]:
    return {
        attribute(pointer, "FILEID"): label
        for structure in structures
        for division in inside(structure, "div")
        if _kind(division) == "page" and (label := _number(division, described))
        for pointer in division
        if local(pointer) == "fptr"
    }
