"""Batches: lists of names or questions that were sent, to be answered a slice at a time.

    ID.asked      what was sent: the lines, how they are read, the filters
    ID.answers    the answers, in order, one a line, as JSON

in `spool/batches`, which no backup contains. `put` returns when a batch is on disk; from then on it survives the end of
any process, and so does each slice of its answers. Web workers put and read batches; one thread of the process that
indexes answers them (`service.server.asking`), the oldest first. Those of a cluster are where its spool is, of the
machine that was sent them.

Answers tell of articles as they were. An article that is no longer in the index is not shown, and erasing one removes
the answers that tell of it, so that they are found again.
"""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from pathlib import Path

from msgspec import DecodeError, Struct, json

from desk.asker import Asker, asking_for
from desk.traces import tells
from search.analyses.batch import TOGETHER, Reads, answers
from search.engine import Engine
from search.errors import BadQuery, BadValue, IndexDamaged
from search.system import disk
from search.values.results import Answer, Mention
from service import params
from service.jobs import SpoolFull
from service.spool import Spool

MOST_WAITING = 20
"""The batches that may wait for answers."""
RETENTION_S = 7 * 24 * 3600
"""How long a batch is stored after its last answer."""
MOST_BYTES = 1 << 30
"""What all batches may take on disk, but for those that wait."""
_ID = re.compile(r"[0-9a-f]{27}")


def lines_of(text: str, name: str | None) -> list[str]:
    """The lines of a text, or the values of a column of a table with a header line.

    Raises:
        BadQuery: if there is no column of this name.
    """
    if name is None:
        return text.splitlines()
    rows = csv.reader(io.StringIO(text))
    head = next(rows, [])
    if name not in head:
        reason = f"There is no column “{name[:80]}”."
        raise BadQuery([BadValue("column", name, reason, f"There are: {', '.join(head)}."[:500])])
    place = head.index(name)
    return [row[place] if place < len(row) else "" for row in rows]


class BatchDamaged(IndexDamaged):
    """What was sent cannot be read any more; other batches can."""


class Asked(Struct):
    """What was sent.

    Attributes:
        query: the filters, as parameters of the API.
        lines: as sent; blank ones have no answer.
        owner: who sent it, to whom its list may belong, as a member of groups; "" for nobody.
    """

    created: str
    reads: Reads
    query: list[tuple[str, str]]
    lines: list[str]
    owner: str = ""


class Slice(Struct):
    """Answers of one generation.

    Attributes:
        lines: how many lines they are of.
    """

    generation: int
    lines: int
    answers: list[Answer]


_ASKED, _SLICE = json.Decoder(Asked), json.Decoder(Slice)


class Batches:
    """The batches of an index."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._spool = Spool(place)
        self.folder = self._spool.folder / "batches"

    def put(self, asked: Asked) -> str:
        """Accept a batch. When this returns its id, it is on disk.

        Raises:
            SpoolFull: if too many are waiting.
        """
        self._spool.make()
        disk.make_folder(self.folder)
        if len(self.waiting()) >= MOST_WAITING:
            raise SpoolFull(f"{MOST_WAITING} batches are already waiting for answers. Try again later.")
        batch_id = self._spool.new_id()
        disk.put(self._asked(batch_id), json.encode(asked))
        disk.sync_folder(self.folder)
        return batch_id

    def asked(self, batch_id: str) -> Asked | None:
        """What was sent; None if there is no such batch. Raises BatchDamaged."""
        if not _ID.fullmatch(batch_id) or not self._asked(batch_id).exists():
            return None
        try:
            return _ASKED.decode(self._asked(batch_id).read_bytes())
        except DecodeError:
            raise BatchDamaged(f"“{self._asked(batch_id)}” is damaged. Remove it, and send the batch again.") from None

    def slices(self, batch_id: str, skipped: int = 0) -> Iterator[Slice]:
        """The answers so far, of `TOGETHER` lines a slice, but the last; one that was not written completely is none.

        Args:
            skipped: how many slices are skipped, without reading them.
        """
        try:
            with self._answers(batch_id).open("rb") as file:
                for line in islice(file, skipped, None):
                    yield _SLICE.decode(line)
        except (FileNotFoundError, DecodeError):  # none yet; the rest is not written
            return

    def answered(self, batch_id: str) -> int:
        """How many lines have been answered."""
        asked = self.asked(batch_id)
        try:
            with self._answers(batch_id).open("rb") as file:
                whole = sum(line.endswith(b"\n") for line in file)
        except FileNotFoundError:
            return 0
        return min(TOGETHER * whole, len(asked.lines) if asked is not None else 0)

    def waiting(self) -> list[str]:
        """The batches with lines that have no answer, oldest first."""
        if not self.folder.is_dir():
            return []
        ids = sorted(path.stem for path in self.folder.glob("*.asked"))
        return [one for one in ids if not (self.folder / f"{one}.done").exists()]

    def answer(self, engine: Engine, batch_id: str, stop: Callable[[], bool]) -> None:
        """Answer the lines of a batch that have no answer, until it is told to stop; each slice is stored durably."""
        asked = self.asked(batch_id)
        assert asked is not None
        narrowed = params.read(asked.query).query
        begun = TOGETHER * self._whole(batch_id)
        while begun < len(asked.lines) and not stop():
            some, generation = asked.lines[begun : begun + TOGETHER], engine.generation
            with asking_for(Asker(asked.owner, sees_all=True)):
                found = Slice(generation, len(some), list(answers(engine, some, narrowed, asked.reads, begun + 1)))
            with disk.locked(self.folder):  # or what is erased now might be written again
                if engine.generation != generation:
                    continue
                with disk.append(self._answers(batch_id)) as file:
                    file.write(json.encode(found) + b"\n")
                    file.sync()
            begun += len(some)
        if begun >= len(asked.lines):
            disk.touch(self.folder / f"{batch_id}.done")
            disk.sync_folder(self.folder)

    def _whole(self, batch_id: str) -> int:
        """How many slices are complete; what was written of another, when a process was stopped, is removed."""
        whole, path = [], self._answers(batch_id)
        if not path.exists():
            return 0
        for one in self.slices(batch_id):
            if one.lines < TOGETHER:
                break
            whole.append(json.encode(one) + b"\n")
        if path.stat().st_size != sum(map(len, whole)):
            disk.put(path, whole)
        return len(whole)

    def give_up(self, batch_id: str, problem: str) -> None:
        """Store why a batch cannot be answered."""
        disk.put(self.folder / f"{batch_id}.problem", problem.encode("utf-8"))
        disk.touch(self.folder / f"{batch_id}.done")
        disk.sync_folder(self.folder)

    def problem(self, batch_id: str) -> str | None:
        """Why a batch cannot be answered, or not completely."""
        path = self.folder / f"{batch_id}.problem"
        return path.read_text("utf-8") if path.exists() else None

    def sweep(self) -> None:
        """Remove the batches that were answered long ago, and the oldest while all take more than `MOST_BYTES`."""
        ended = sorted(self.folder.glob("*.done"), key=lambda path: path.stat().st_mtime)
        whole = sum(path.stat().st_size for path in self.folder.iterdir())
        for path in ended:
            own = sum(one.stat().st_size for one in self.folder.glob(f"{path.stem}.*"))
            if whole > MOST_BYTES or time.time() - path.stat().st_mtime > RETENTION_S:
                self._remove(path.stem)
                whole -= own

    def erase(self, ids: Collection[str]) -> None:
        """Remove the answers that tell of some articles, so that all are found again, and batches that ask for one."""
        if not self.folder.is_dir():
            return
        with disk.locked(self.folder):
            for path in self.folder.glob("*.asked"):
                self._erase(path.stem, ids)
            disk.sync_folder(self.folder)

    def _erase(self, batch_id: str, ids: Collection[str]) -> None:
        try:
            asked = self.asked(batch_id)
        except BatchDamaged:  # it cannot be told what it has
            self._remove(batch_id)
            return
        if asked is not None and asked.reads == "query" and any(_tells(line, ids) for line in asked.lines):
            self._remove(batch_id)
        elif any(one.id in ids for found in self.slices(batch_id) for row in found.answers for one in ends(row)):
            disk.remove(self._answers(batch_id))
            disk.remove(self.folder / f"{batch_id}.done")

    def _remove(self, batch_id: str) -> None:
        for suffix in ("asked", "answers", "done", "problem"):
            disk.remove(self.folder / f"{batch_id}.{suffix}")

    def _asked(self, batch_id: str) -> Path:
        return self.folder / f"{batch_id}.asked"

    def _answers(self, batch_id: str) -> Path:
        return self.folder / f"{batch_id}.answers"


def _tells(line: str, ids: Collection[str]) -> bool:
    """Whether a question asks for one of some articles by its id."""
    return "id:" in line.lower() and tells(params.joined([("q", line)]), ids, ())


def ends(answer: Answer) -> list[Mention]:
    """The articles that an answer tells of."""
    return [one for one in (answer.first, answer.last) if one is not None]
