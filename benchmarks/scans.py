"""How well are pages read that have no text? Known texts are set in columns, drawn, worn, and read by `dateline ocr`.

    python -m benchmarks.scans [--pages 4] [--columns 1,3,6] [--language eng]

The articles of `seeds/` are set by Chromium as on a page of a newspaper, with a headline each, and drawn at 300 dots
per inch. `worn` pages are frayed, turned by half a degree, out of focus, and pale. Errors are of words, by what has to
be changed, added and left out to make the printed text of what was read, as a share of the printed words: `in order`,
and `in any order`, which counts how often each word is there; their difference is what was read in the wrong place,
such as lines of two columns as one. A scan of a real newspaper has stains, broken type and shadows of the other side,
too: these are figures of Tesseract's best case.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
from lxml import etree
from playwright.sync_api import Page, sync_playwright

from benchmarks import results
from indexer.ocr import reading
from indexer.ocr.tesseract import DPI, Tesseract
from indexer.ocr.textless import Failed, Scan, scans
from indexer.readers.scans.hocr import hocr_pages
from indexer.readers.scans.page import text_of
from search.text import tokens
from tests.parts import chromium

SEEDS = Path(__file__).parent.parent / "seeds"
WIDTH, HEIGHT = 3300, 4500
"""Of a page, in pixels: 11 by 15 inches at 300 dots per inch."""
WORN = "transform: rotate(0.5deg); filter: url(#worn) blur(1.4px) contrast(0.6) brightness(1.1);"
FRAYED = """<svg width=0 height=0><filter id=worn><feTurbulence type=fractalNoise baseFrequency=0.18 numOctaves=3 />
<feDisplacementMap in=SourceGraphic scale=7 /></filter></svg>"""
"""The edges of letters, as of worn type on rough paper."""


def main() -> None:
    """Set, draw, read and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--columns", default="1,3,6")
    parser.add_argument("--language", default="eng")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("scans")
    tesseract = Tesseract.installed()
    articles = [path.read_text().partition("---\n")[2].partition("---\n")[2] for path in sorted(SEEDS.rglob("*.txt"))]
    with sync_playwright() as drivers:
        browser = drivers.chromium.launch(executable_path=chromium())
        view = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for columns in map(int, options.columns.split(",")):
            for wear in ("clean", "worn"):
                with tempfile.TemporaryDirectory() as folder:
                    printed = [
                        _draw(view, articles[number :: options.pages], columns, wear, Path(folder) / f"{number}.png")
                        for number in range(options.pages)
                    ]
                    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
                    found = [one for one in scans([Path(folder)]) if isinstance(one, Scan)]
                    for one in reading.read(found, tesseract, options.language, 1, DPI):
                        assert not isinstance(one, Failed), one.reason
                    cpu = (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before) / options.pages
                    read = [_words(Path(folder) / f"{number}.hocr") for number in range(options.pages)]
                words = sum(map(len, printed))
                ordered = sum(map(_distance, printed, read)) / words
                anyhow = sum(map(_unlike, printed, read)) / words
                sheet.row("pages", columns=columns, wear=wear, words=words, ordered=ordered, anyhow=anyhow, cpu=cpu)
                print(
                    f"{columns} columns, {wear}: {words:,} words, {100 * ordered:.1f} % wrong in order, "
                    f"{100 * anyhow:.1f} % in any order, {cpu:.1f} CPU s a page"
                )
        browser.close()
    sheet.keep(options.keep)


def _draw(view: Page, articles: Sequence[str], columns: int, wear: str, to: Path) -> list[str]:
    """Draw as many articles as a page has room for. Returns its words, in the order of reading."""
    set_as = "".join(
        f"<h2>{escape(title)}</h2>" + "".join(f"<p>{escape(one)}</p>" for one in text.split("\n\n"))
        for title, _, text in (article.strip().partition("\n") for article in articles)
    )
    style = (
        f"body{{margin:120px;width:{WIDTH - 240}px;font:36px/46px 'Liberation Serif',serif;background:#fff}}"
        f"div{{height:{HEIGHT - 300}px;overflow:hidden;column-count:{columns};column-gap:50px;"
        "column-rule:2px solid #444;column-fill:auto;text-align:justify;hyphens:auto}"
        "p{margin:0;text-indent:1em}h2{font-size:52px;line-height:60px}"
        f"{'body{' + WORN + '}' if wear == 'worn' else ''}"
    )
    view.set_content(f"<html lang=en><style>{style}</style><body>{FRAYED}<div>{set_as}</div></body></html>")
    view.screenshot(path=to)
    seen = view.evaluate(
        """() => { const words = [], edge = document.querySelector("div").getBoundingClientRect().right + 20;
        const walk = document.createTreeWalker(document.querySelector("div"), NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) for (const match of walk.currentNode.data.matchAll(/\\S+/g)) {
          const range = document.createRange();
          range.setStart(walk.currentNode, match.index);
          range.setEnd(walk.currentNode, match.index + match[0].length);
          if (range.getBoundingClientRect().right <= edge) words.push(match[0]);
        } return words.join(" "); }"""
    )
    return tokens.words(seen)


def _words(text: Path) -> list[str]:
    root = etree.parse(text, etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    return tokens.words(text_of(page.words for page in hocr_pages(root)))


def _unlike(printed: Sequence[str], read: Sequence[str]) -> int:
    """The words of either that the other has not, those that can be pairs counted once."""
    missing, invented = Counter(printed) - Counter(read), Counter(read) - Counter(printed)
    return max(missing.total(), invented.total())


def _distance(printed: Sequence[str], read: Sequence[str]) -> int:
    """The least number of words to change, add or leave out (Levenshtein)."""
    numbers = {word: number for number, word in enumerate(dict.fromkeys((*printed, *read)))}
    across = np.array([numbers[word] for word in read])
    steps = np.arange(len(across) + 1)
    row = steps.copy()
    for number, word in enumerate(printed, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (across != numbers[word]))
        row = np.minimum.accumulate(np.concatenate(([number], best)) - steps) + steps
    return int(row[-1])


if __name__ == "__main__":
    main()
