"""The captions of pictures in HTML, apart from the text: those of figures, and in WordPress's `[caption …]`.

They are no text of an article, but all that is known of its pictures. Cost: linear.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.readers.shared import markup

FIELD = "captions_in_text"
"""The field of `extra` with them."""
_MARKS = (
    (re.compile(r"<figcaption(?:\s[^<>]*)?>", re.IGNORECASE), re.compile(r"</figcaption\s*>", re.IGNORECASE)),
    (re.compile(r"\[(?:wp_)?caption\s[^\[\]]*\]", re.IGNORECASE), re.compile(r"\[/(?:wp_)?caption\]", re.IGNORECASE)),
)
"""What each kind of caption begins and ends with."""
_SIGNS = ("figcaption", "caption]")


class Apart(NamedTuple):
    """HTML without its captions, and these as lines of text."""

    html: str
    captions: list[str]


def apart(html: str) -> Apart:
    """Take the captions that are closed out of HTML. Raises BadRecord if one is too long."""
    captions: list[str] = []
    lower = html.lower()
    for sign, (begins, ends) in zip(_SIGNS, _MARKS, strict=True):
        if sign not in lower:
            continue
        first, *others = begins.split(html)
        pieces = [first]
        for one in others:
            end = ends.search(one)
            if end is not None:
                captions.append(" ".join(markup.html(one[: end.start()]).split()))
            pieces.append("\n\n" + one[end.end() :] if end is not None else one)
        html = "".join(pieces)
    return Apart(html, list(filter(None, captions)))
