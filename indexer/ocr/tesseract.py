"""The programs that make text of pictures: Tesseract, and Poppler's pdftoppm for the pages of a PDF.

Each picture is read by a process of its own, in one thread, within limits of memory and processor time: pictures are
not trusted. Neither program is part of Dateline; Debian calls the packages tesseract-ocr and poppler-utils.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE

from indexer.files.regular import open_file
from indexer.readers.shared.pictures import HEAD_BYTES, is_picture
from search.errors import BadRecord, DatelineError
from search.said import said

DPI = 300
"""The resolution in which the pages of a PDF are drawn, in dots per inch."""
MEMORY_BYTES = 4 * 2**30
CPU_S = 600
"""The processor time for a picture."""
READS, DRAWS = "tesseract", "pdftoppm"
PACKAGES = {READS: "tesseract-ocr", DRAWS: "poppler-utils"}
"""Program → the package of Debian that has it."""


class ProgramMissing(DatelineError):
    """A program that reads or draws pages is not installed, or has not the language that is asked for."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """An installed Tesseract.

    Attributes:
        version: as it states it, such as `tesseract 5.3.0`.
        known: the languages that are installed, as it names them: `deu`, `Fraktur`.
    """

    version: str
    known: frozenset[str]

    @classmethod
    def installed(cls) -> Tesseract:
        """Ask the program what it is. Raises ProgramMissing."""
        version = _run(READS, ["--version"]).decode().split("\n", 1)[0].strip()
        listed = _run(READS, ["--list-langs"]).decode().splitlines()[1:]
        return cls(version, frozenset(filter(None, map(str.strip, listed))) - {"osd"})

    def check(self, languages: str) -> None:
        """Make sure that languages are installed, joined by `+` as Tesseract wants them. Raises ProgramMissing."""
        for language in languages.split("+"):
            if language not in self.known:
                name = language if language.isascii() and language.isalpha() and language.islower() else "LANGUAGE"
                raise ProgramMissing(
                    f"Tesseract has no language “{language}”. It has {', '.join(sorted(self.known)) or 'none'}. "
                    f"Debian has others in packages such as tesseract-ocr-{name}."
                )

    def signature(self, languages: str) -> str:
        """What is stored with a text, so that it is known what has read it: the version and the languages."""
        return f"{self.version}, {languages}"

    def hocr(self, picture: Path, languages: str, dpi: int | None = None) -> str:
        """The words of a picture, as hOCR that names the picture without its folder.

        Args:
            dpi: its resolution, in dots per inch; None takes the one that it states, or Tesseract's guess.

        Raises:
            BadRecord: if it cannot be read.
        """
        with open_file(picture) as file:
            if not is_picture(file.read(HEAD_BYTES)):  # Tesseract would take it for a list of the names of pictures
                raise BadRecord(said("It is not a picture, whatever its name."))
        given = ["--dpi", str(dpi)] if dpi else []
        arguments = [f"./{picture.name}", "stdout", "-l", languages, *given, "hocr"]
        return _run(READS, arguments, picture.parent).decode("utf-8", "replace")


def drawn(document: Path, page: int) -> bytes:
    """A page of a PDF, from 1, as JPEG in grey. Raises BadRecord, ProgramMissing."""
    kind = ["-f", str(page), "-l", str(page), "-singlefile", "-r", str(DPI), "-gray", "-jpeg", "-jpegopt", "quality=85"]
    picture = _run(DRAWS, [*kind, f"./{document.name}"], document.parent)
    if not picture:
        raise BadRecord(said("Page {page} cannot be drawn.", page=page))
    return picture


def _run(name: str, arguments: Sequence[str], folder: Path | None = None) -> bytes:
    """What a program writes, at work in a folder. Raises BadRecord if it fails, ProgramMissing if it is not there."""
    own = {**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
    try:
        process = subprocess.Popen([name, *arguments], cwd=folder, env=own, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
    except FileNotFoundError:
        package = PACKAGES[name]
        raise ProgramMissing(
            f"There is no {name}, which this needs. Install it: Debian’s package is {package}."
        ) from None
    with process:
        for limit, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_S)):
            with suppress(ProcessLookupError):  # it has ended
                resource.prlimit(process.pid, limit, (most, most))
        written, told = process.communicate()
    if process.returncode:
        lines = [f"It was ended by signal {-process.returncode}"] if process.returncode < 0 else []
        lines += filter(None, map(str.strip, told.decode("utf-8", "replace").splitlines()))
        why = lines[0][:200].rstrip(".") if lines else "It does not say why"
        raise BadRecord(said("{name} cannot read it. {why}.", name=name, why=why))
    return written
