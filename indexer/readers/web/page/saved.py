"""The pictures of a page that a browser has saved, in a folder next to it: `story.html`, `story_files/ferry.jpg`.

A page states its main picture by its address (Open Graph, Twitter cards); saved, it has the name at the end of that.
Other pictures in the folder are as likely those of advertisements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

FOLDERS = ("{}_files", "{}.files", "{}-Dateien", "{}_fichiers", "{}_archivos")
"""The names that browsers give such a folder."""
_META = re.compile(rb"<meta\b[^>]{0,1000}+>", re.IGNORECASE)
_STATED = re.compile(
    rb"\b(?:property|name)\s{0,9}=\s{0,9}[\"']?(?:og:image|twitter:image)(?:[\"'\s]|:url|:src)", re.IGNORECASE
)
_CONTENT = re.compile(rb"\bcontent\s{0,9}=\s{0,9}(?:\"([^\"]{1,900})\"|'([^']{1,900})')", re.IGNORECASE)


def pictures(head: bytes, name: str) -> list[str]:
    """The names that the main picture of a page may have next to it, the most likely first.

    Args:
        head: the beginning of the page.
        name: the file of the page.
    """
    stem = PurePosixPath(name).stem
    found = []
    for path in _stated(head):
        last = PurePosixPath(path).name
        if last not in ("", ".", ".."):
            found += [f"{folder.format(stem)}/{last}" for folder in FOLDERS]
    return list(dict.fromkeys(found))


def _stated(head: bytes) -> Iterator[str]:
    """The paths of the addresses of the pictures that a page states."""
    for tag in _META.finditer(head):
        content = _CONTENT.search(tag[0]) if _STATED.search(tag[0]) else None
        if content is not None:
            address = unescape((content[1] or content[2]).decode("utf-8", "replace"))
            try:
                yield unquote(urlsplit(address.strip()).path)
            except ValueError:  # it is no address
                continue
