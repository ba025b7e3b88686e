"""`dateline ocr`: text for the pages of an archive that have none."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from indexer.ocr import reading
from indexer.ocr.tesseract import Tesseract
from indexer.ocr.textless import Failed, Scan, scans
from service.terminal.arguments import AS_JSON, counted, write_json
from service.terminal.printing import err, steps

NAMED = 10
"""The greatest number of files that could not be read, named on the terminal."""


@click.command(name="ocr")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--language", metavar="L", default="", help="As Tesseract names them, joined by +: deu+Fraktur. By default eng."
)
@click.option("--again", is_flag=True, help="Read again what was read in other languages, or by another version.")
@click.option(
    "--dpi", type=click.IntRange(50, 2400), help="The resolution of pictures that do not state it: columns need it."
)
@click.option("--workers", type=click.IntRange(1, 256), help="Pages read at a time; by default one per core.")
@AS_JSON
def read_pages(
    paths: tuple[Path, ...], language: str, again: bool, dpi: int | None, workers: int | None, as_json: bool
) -> None:
    """Read pictures of pages (TIFF, JPEG 2000, PNG, JPEG) and PDFs that have no text, by Tesseract.

    The words and their places are stored next to each picture, as hOCR: 0001.hocr for 0001.tif. Then index the folder,
    in which issue.json may state what is known of the pages: {"source": "The Gazette", "published": "1899-02-03"}.
    What has text is not read, and what another program has read is never changed. A run that was stopped continues
    where it was. With --again but without --language each page is read in the languages in which it was read before.

    \b
    Example:
      dateline ocr archive/gazette --language deu+Fraktur
    """
    tesseract = Tesseract.installed()
    tesseract.check(language or reading.DEFAULT)
    began = time.monotonic()
    found = list(scans(paths, again))
    todo = [one for one in found if isinstance(one, Scan) and _is_of_another(one, tesseract, language)]
    failed = [one for one in found if isinstance(one, Failed)]
    with_text = len(found) - len(todo) - len(failed)
    read = 0
    with steps("Reading") as progress:
        pages = reading.read(todo, tesseract, language, workers or os.cpu_count() or 1, dpi)
        for number, one in enumerate(pages, 1):
            if isinstance(one, Failed):
                failed.append(one)
            else:
                read += 1
            progress(number, len(todo))
    seconds = time.monotonic() - began
    err.print(f"{counted(read, 'page')} read in {seconds:.1f} s; {with_text:,} had text.")
    if language and not again and (other := _others(paths, tesseract, language)):
        err.print(f"{other:,} of those were read in other languages, or by another version: --again reads them.")
    if failed:
        err.print(f"{len(failed):,} not read:")
        for one in failed[:NAMED]:
            err.print(f"  {one.path}: {one.reason}")
    if as_json:
        told = [{"path": str(one.path), "reason": one.reason} for one in failed]
        write_json({"read": read, "with_text": with_text, "failed": told, "seconds": seconds})
    if failed and not read:
        raise SystemExit(2)


def _is_of_another(one: Scan | Failed | None, tesseract: Tesseract, language: str) -> bool:
    """True of a page that was not read by this version in these languages."""
    return isinstance(one, Scan) and one.was != tesseract.signature(reading.languages_of(one, language))


def _others(paths: tuple[Path, ...], tesseract: Tesseract, language: str) -> int:
    """How many pages were read here, and otherwise than is said now."""
    found = [one for one in scans(paths, again=True) if isinstance(one, Scan) and one.was]
    return sum(_is_of_another(one, tesseract, language) for one in found)
