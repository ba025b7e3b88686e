"""Text fragments: the end of an address at which a browser scrolls to a passage of a page and highlights it.

Source: https://wicg.github.io/scroll-to-text-fragment/.
"""

from __future__ import annotations

from urllib.parse import quote


def fragment(passage: str, before: str = "", after: str = "") -> str:
    """`#:~:text=…`, to append to an address; "" if there is no passage.

    Args:
        passage: as the page has it, of one paragraph.
        before, after: the text next to it, of which the nearest word tells this occurrence from others.
    """
    if not passage.strip():
        return ""
    prefix, suffix = before.split()[-1:], after.split()[:1]
    parts = [*(f"{_escaped(one)}-" for one in prefix), _escaped(passage), *(f"-{_escaped(one)}" for one in suffix)]
    return f"#:~:text={','.join(parts)}"


def _escaped(text: str) -> str:
    """A text without the signs that have a meaning there."""
    return quote(" ".join(text.split()), safe="").replace("-", "%2D")
