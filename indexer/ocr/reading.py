"""Reads pages without text, several at a time, and stores the text of each as soon as it is there.

A page that is done is a file that is complete: a run that is stopped goes on where it was. A page of a PDF becomes a
JPEG next to it, too, which is what people then look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from html import escape
from itertools import islice
from pathlib import Path

from indexer.ocr.tesseract import DPI, Tesseract, drawn
from indexer.ocr.textless import Failed, Scan
from indexer.readers.scans.hocr import MADE_BY
from search.errors import BadRecord
from search.system import disk

DEFAULT = "eng"


def languages_of(scan: Scan, languages: str) -> str:
    """In which languages a page is read: as said, else as it was read before, else in English."""
    return languages or scan.was.rpartition(", ")[2] or DEFAULT


def read(
    scans: Iterable[Scan], tesseract: Tesseract, languages: str, workers: int, dpi: int | None = None
) -> Iterator[Scan | Failed]:
    """Read pages, and yield each when its text is stored, or why it has none.

    Args:
        languages: joined by `+`; "" reads a page again in those in which it was read.
        workers: how many are read at a time.
        dpi: the resolution of pictures, in dots per inch; None if they state it.

    Raises:
        ProgramMissing: if Tesseract lacks a language, or the pages of a PDF cannot be drawn.
        CannotWrite: if a text cannot be stored.
    """
    waiting, running = iter(scans), set[Future[Scan | Failed]]()
    pool = ThreadPoolExecutor(workers)
    try:
        while True:
            running.update(
                pool.submit(_one, scan, tesseract, languages_of(scan, languages), dpi)
                for scan in islice(waiting, workers - len(running))
            )
            if not running:
                return
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for one in ended:
                yield one.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _one(scan: Scan, tesseract: Tesseract, languages: str, dpi: int | None) -> Scan | Failed:
    tesseract.check(languages)
    try:
        picture = _picture(scan)
        written = tesseract.hocr(picture, languages, DPI if scan.page else dpi)
    except BadRecord as problem:
        return Failed(scan.picture, f"Page {scan.page}: {problem.reason}" if scan.page else problem.reason)
    sign = f'<meta name="{MADE_BY}" content="{escape(tesseract.signature(languages))}"/>\n </head>'
    disk.put(scan.text, written.replace("</head>", sign, 1).encode(), private=False)
    return scan


def _picture(scan: Scan) -> Path:
    if not scan.page:
        return scan.picture
    picture = scan.text.with_suffix(".jpg")
    disk.put(picture, drawn(scan.picture, scan.page), private=False)
    return picture
