"""Captions in HTML, which are no text but are kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer.readers.shared import captions
from indexer.readers.shared.columns import without_markup
from tests import waiting
from tests.cases import cases


@cases("text, read, found", [
    ("<p>a</p><figure><figcaption class='c'>The <b>ferry</b>\n&amp; crew</figcaption></figure><p>b</p>", "a\n\nb",
     ["The ferry & crew"]),
    ('<b>a</b>\n[caption id="x" width="3"]<img src="x" /> The ferry[/caption]\nb', "a\n\nb", ["The ferry"]),
    ("&lt;p&gt;a&lt;/p&gt;&lt;figcaption&gt;b&lt;/figcaption&gt;", "a", ["b"]),
    ("<figcaption>a</figcaption>[wp_caption a=b]<b>b</b>[/wp_caption]c<p>", "c", ["a", "b"]),
    ("<p>a</p><figcaption>b", "a\n\nb", None),
    ("<p>a [caption] b [/caption]</p><figcaption> </figcaption>", "a [caption] b [/caption]", None),
    ("no tags: [caption a=b]c[/caption]", "no tags: [caption a=b]c[/caption]", None),
    ("&amp;amp;", "&amp;", None),
])  # fmt: skip
def test_captions_in_the_text_of_a_record_go_to_extra(text: str, read: str, found: list[str] | None) -> None:
    record = without_markup({"text": text, "extra": {"kept": 1}})

    assert re.sub(r"\n{3,}", "\n\n", str(record["text"])) == read
    assert record["extra"] == {"kept": 1} | ({captions.FIELD: found} if found else {})


@cases("part", ["<figcaption>", "[caption a=b]", "<figcaption>a</figcaption>", "</figcaption>[caption "])
def test_captions_are_found_in_linear_time(part: str) -> None:
    def reading(count: int) -> Callable[[], object]:
        return lambda: captions.apart(part * count)

    assert waiting.grows_less(8, reading, 1_000, 4_000)
