"""Safe XML for the readers of wire formats.

Documents are decoded here, so that a wrong encoding, a NUL or an HTML entity without a DTD does not cost an article. A
document that declares its own entities, is nested too deeply or has too many elements is rejected before it costs
memory. `document` returns a whole one, `records` yields any number of elements one by one. Names are compared without
their namespaces, which publishers omit or get wrong.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator
from html.entities import html5
from itertools import chain
from typing import Any, BinaryIO

from lxml import etree

from indexer.readers.shared.element import Element
from indexer.safe.stray_bytes import AS_WINDOWS
from search.errors import BadRecord
from search.said import said
from search.text import dates
from search.text.numbers import whole_number

MAX_BYTES = 8 * 1024 * 1024
"""Of a document that is read whole; in a stream, of the part from the end of one record to the end of the next."""
MAX_ELEMENTS = 200_000
"""In memory at the same time; libxml2 takes some 200 bytes for the smallest."""

MAX_ATTRIBUTES = 400
"""Of an element; lxml compares each of them with all others."""

_CHUNK = 1 << 16
_ENCODINGS = ("utf-8", "utf-16", "utf-32", "iso8859", "cp", "koi8", "mac", "gb", "big5", "euc", "shift_jis", "iso2022")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml\s[^>]*\?>")
_BEFORE_ROOT = re.compile(
    r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+<([A-Za-z_][\w.:-]*)", re.DOTALL
)
"""Possessive, so that input before the root is not scanned twice, however many instructions and comments there are."""
_ROOT = re.compile(r"<[A-Za-z_]")
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&(#\d{1,12}|#[xX][0-9A-Fa-f]{1,12}|[A-Za-z][A-Za-z0-9]{1,31});")
_SECTION, _SECTION_END = "<![CDATA[", "]]>"
_AMPERSAND = re.compile(rf"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?:{_REFERENCE.pattern[1:]})?", re.DOTALL)
"""A section, in which an ampersand is one; or an ampersand, with the reference that it begins."""
_UNENDED = re.compile(r"(?:&[^;]{0,47}|<(?:!(?:\[[CDAT]{0,5})?)?|\]\]?)\Z")
"""The beginning, at the end of a piece, of what the next piece may complete."""
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))
_BASIC = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?)?\s?(?:(Z)|([+-]\d\d):?(\d\d))?", re.ASCII | re.IGNORECASE
)


def root_of(head: bytes) -> str:
    """The name of a document's root element, without its prefix; "" if it is not in the beginning."""
    encoding = _encoding(head)
    match = _BEFORE_ROOT.match(head[:8192].decode(encoding, "replace").lstrip("\ufeff"))
    return match[1].rpartition(":")[2] if match else ""


def document(file: BinaryIO) -> Element:
    """The root element of a document. Raises BadRecord if it is not well-formed, or not safe to read."""
    return next(_elements(file, frozenset()))


def records(file: BinaryIO, names: Collection[str]) -> Iterator[Element]:
    """Yield the elements with these names, each as soon as it ends; it is freed afterwards, with all before it.

    If a document has none of them, its root is yielded, so that the reader can report what it is.

    Raises:
        BadRecord: if the document is truncated, is not well-formed from there on, or is not safe to read.
    """
    yield from _elements(file, frozenset(names))


def _elements(file: BinaryIO, names: frozenset[str]) -> Iterator[Element]:
    """Yield the elements with these names, or the root at its end if there are none.

    An undeclared prefix does not make a document invalid, since names are compared without; libxml2 continues after
    one only if configured so from the start.
    """
    beginning = file.tell() if file.seekable() else None
    found = 0
    try:
        for element in _parsed(file, names, recover=False):
            yield element
            found += 1
        return
    except etree.XMLSyntaxError as error:
        if beginning is None or error.code != etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE:
            raise _broken(error.msg, error.lineno) from None
    file.seek(beginning)
    try:
        for place, element in enumerate(_parsed(file, names, recover=True)):
            if place >= found:
                yield element
    except etree.XMLSyntaxError as error:
        raise _broken(error.msg, error.lineno) from None


def _parsed(file: BinaryIO, names: frozenset[str], recover: bool) -> Iterator[Element]:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    root: Element | None = None
    held = size = found = 0
    problem: etree.XMLSyntaxError | None = None
    for chunk in chain(_chunks(file), (None,)):
        size += len(chunk or b"")
        if size > MAX_BYTES:
            mb = MAX_BYTES // 2**20
            raise BadRecord(
                said("An item in it is larger than {mb} MB.", mb=mb)
                if names
                else said("It is larger than {mb} MB.", mb=mb)
            )
        try:
            parser.close() if chunk is None else parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            problem = error  # earlier records are valid
        for event, element in parser.read_events():
            if event == "start":
                held += 1
                if len(element.attrib) > MAX_ATTRIBUTES:
                    raise BadRecord(said("One of its elements has more than {most} attributes.", most=MAX_ATTRIBUTES))
                if root is None:
                    root = element
                    _refuse_entities(element)
                if held > MAX_ELEMENTS:
                    raise BadRecord(said("It has more than {most} elements. Split it.", most=MAX_ELEMENTS))
            elif names and local(element) in names:
                yield element
                _let_go(element)
                found += 1
                held = size = 0
        if problem is not None:
            raise problem
        if recover:
            _refuse_errors(parser.feed_error_log)
    if root is None:
        raise _broken("it has no element", None)
    if not found:
        yield root


def _refuse_errors(log: Any) -> None:
    for entry in log:
        if entry.domain != etree.ErrorDomains.NAMESPACE and entry.level == etree.ErrorLevels.FATAL:
            raise _broken(entry.message, entry.line)


def _broken(message: str | None, line: int | None) -> BadRecord:
    reason = " ".join((message or "it breaks off").split()).rstrip(".")[:200]
    return BadRecord(said("It is not well-formed XML: {reason}.", reason=reason), line or None)


def _let_go(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    while (before := element.getprevious()) is not None:
        parent.remove(before)
    element.clear(keep_tail=False)


def _refuse_entities(element: Any) -> None:
    dtd = element.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise _entities()


def _entities() -> BadRecord:
    return BadRecord(said("Its DTD declares entities, which are not expanded. Provide it with the entities expanded."))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield a document in pieces as UTF-8, without a declaration, invalid characters and undeclared references."""
    first = file.read(_CHUNK)
    encoding = _encoding(first)
    decoder = codecs.getincrementaldecoder(encoding)(errors=AS_WINDOWS)
    data, rest, begun, inside = first, "", False, False
    while data:
        _refuse_other_encodings(data, encoding)
        text = rest + decoder.decode(data)
        data = file.read(_CHUNK)
        unended = _UNENDED.search(text, max(0, len(text) - 48)) if data else None
        text, rest = (text[: unended.start()], unended[0]) if unended else (text, "")
        if not begun:
            begun = True
            text = _DECLARATION.sub("", text.lstrip("\ufeff")).lstrip(" \0")
            root = _ROOT.search(text)
            if "<!ENTITY" in text[: root.start() if root else None]:
                raise _entities()
        yield _known(text, inside).encode("utf-8", "replace")
        inside = _ends_inside(text, inside)


def _ends_inside(text: str, inside: bool) -> bool:
    """True if a piece of a document ends in a CDATA section; `inside`, if it begins in one."""
    opens, closes = text.rfind(_SECTION), text.rfind(_SECTION_END)
    return inside if opens == closes else opens > closes


def _encoding(head: bytes) -> str:
    """The encoding of a document: by its byte order mark, its first bytes or its declaration, otherwise UTF-8."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return encoding
    if head[:2] == b"<\0":
        return "utf-16-le"
    if head[:2] == b"\0<":
        return "utf-16-be"
    declared = _DECLARED.search(head[:300])
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError:
        return "utf-8"
    if name in ("iso8859-1", "latin_1"):
        return "cp1252"  # the actual encoding of such documents, as in browsers
    if name.startswith(("utf-16", "utf-32")) or not name.startswith(_ENCODINGS):
        return "utf-8"  # the declaration could be read byte by byte
    return name


def _refuse_other_encodings(data: bytes, encoding: str) -> None:
    """Reject text that is mostly in another encoding: a stray byte is repaired, a wrong alphabet is not."""
    good = len(data.decode(encoding, "ignore").encode(encoding, "ignore"))
    if len(data) - good > len(data) // 8 + 16:
        raise BadRecord(
            said(
                "It is not in {encoding}, the encoding that it declares or the default of XML.",
                encoding=encoding.upper(),
            )
        )


def _known(text: str, inside: bool) -> str:
    """Text without characters that are invalid in XML, with HTML entities expanded that no DTD here declares, and with
    ampersands written as such that begin no reference, or one that nothing declares.

    Args:
        inside: True if it begins in a CDATA section.
    """
    if _NOT_XML.search(text):
        text = _NOT_XML.sub("", text)
    if "&" in text:
        references = _REFERENCE.findall(text)
        names = set(references)
        if len(references) < text.count("&") or not all(map(_is_declared, names)):
            begun = _SECTION if inside else ""
            text = _AMPERSAND.sub(_written_as_such, begun + text)[len(begun) :]
        for name in names:
            if name.startswith("#"):
                number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
                if not _is_xml(number):
                    text = text.replace(f"&{name};", "\ufffd")
                elif name[1] == "X":
                    text = text.replace(f"&{name};", f"&#{number};")
            elif name not in _PREDEFINED and f"{name};" in html5:
                text = text.replace(f"&{name};", html5[f"{name};"].replace("&", "&amp;").replace("<", "&lt;"))
    return text


def _written_as_such(match: re.Match[str]) -> str:
    """An ampersand that begins no declared reference as `&amp;`; anything else unchanged."""
    whole: str = match[0]
    if whole.startswith(_SECTION) or (match[1] and _is_declared(match[1])):
        return whole
    return f"&amp;{whole[1:]}"


def _is_declared(name: str) -> bool:
    """True for the number of a character, an entity of XML, or one of HTML."""
    return name.startswith("#") or name in _PREDEFINED or f"{name};" in html5


def _is_xml(number: int) -> bool:
    return number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000


def local(element: Element | None) -> str:
    """The name of an element without its namespace; "" for nodes that are not elements."""
    tag = getattr(element, "tag", None)
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    """The namespace of an element; "" if it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: Element | None, *names: str) -> list[Element]:
    """The direct children with one of these names, in document order; empty for None."""
    return [] if element is None else [inner for inner in element if local(inner) in names]


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at the end of a path of names; None if there is none."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def inside(element: Element | None, *names: str) -> Iterator[Element]:
    """The elements at any depth with one of these names."""
    return iter(()) if element is None else (inner for inner in element.iter() if local(inner) in names)


def words(element: Element | None) -> str:
    """All text of an element on one line; "" for None."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def attribute(element: Element | None, name: str) -> str:
    """An attribute, by its name without namespace; "" if there is none."""
    if element is None:
        return ""
    found = element.get(name)
    if found is None:
        found = next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")
    return " ".join(found.split())


def moment(value: str) -> str:
    """A date in the notation of IPTC's older formats (`19930814T140000-0500`), as ISO 8601; any other unchanged."""
    value = " ".join(value.split())
    match = _BASIC.fullmatch(value)
    if match is None:
        return value
    year, month, day, hour, minute, second, utc, hours, minutes = match.groups()
    zone = "Z" if utc else f"{hours}:{minutes}" if hours else ""
    return f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second or '00'}{zone}" if hour else "")


def until(value: str) -> str:
    """The time at which an embargo ends, in ISO 8601.

    Raises:
        BadRecord: if it is invalid: then the article may never be shown.
    """
    time = moment(value)
    try:
        dates.parse(time)
    except ValueError as error:
        raise BadRecord(said("It is embargoed until a time that cannot be read: {error}", error=str(error))) from None
    return time


def version(value: str) -> int | None:
    """A version number; None if it is not one."""
    return whole_number(value.strip(), 18)
