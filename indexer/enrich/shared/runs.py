"""A text is cut once, into runs; what a run consists of is found once for each different run.

A run is what stands between white space and those signs that are in no word or number, as in `U.S.-led` or `1,000`.
Words are defined in several ways, by `search.text.tokens` and by others, but in none of them does a word span two runs.
So a definition is a `Parts`: the words of each different run, as numbers. The words of a text are then a loop over
numbers (`kernels.parts`). A table of runs that has grown large is replaced by an empty one.

Cost: some ten microseconds for a text of 400 words; some microseconds for a run that is new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import parts as kernels
from indexer.enrich.shared.words import Table
from indexer.languages import Language
from search.kernels import runs
from search.kernels.runs import grown

INSIDE = "'.,/:-"
"""ASCII characters that may be in a run, besides letters and digits."""

MOST, MOST_BYTES = 1 << 16, 1 << 24
"""The number of different runs, and the size of the table, from which it is replaced."""

_KINDS = np.array([byte >= 128 or chr(byte).isalnum() or chr(byte) in INSIDE for byte in range(256)], np.uint8)

Array = NDArray[Any]


class Runs:
    """The different runs so far, what they consist of, and a table of their words; threads take turns."""

    def __init__(self, language: Language) -> None:
        self.words = Table(language)
        self.lock = RLock()
        self.whole = True
        self.parts: dict[Parts, Known] = {}
        self._numbers = runs.Runs(_KINDS)

    @property
    def full(self) -> bool:
        """True if a text should rather be cut by an empty table."""
        return not self.whole or not self.words.whole or self._numbers.known > MOST or self._numbers.memory > MOST_BYTES

    @property
    def known(self) -> int:
        """The number of different runs."""
        return self._numbers.known

    def since(self, first: int) -> list[str]:
        """The runs from a number on."""
        data, ends = self._numbers.since(first)
        return [data[start:end].decode("utf-8", "surrogatepass") for start, end in zip([0, *ends], ends, strict=False)]

    def cut(self, data: bytes) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The numbers of the runs of a text in UTF-8, and their first bytes."""
        with self.lock:
            self.whole = False  # until the end: an exception that a signal raises may come at any moment
            (count,), _ = self._numbers.number(np.frombuffer(data, np.uint8), np.array([len(data)], np.int64))
            numbers, starts = self._numbers.found[1][:count].copy(), self._numbers.starts[:count].copy()
            self.whole = True
        return numbers, starts


class Known:
    """The parts of the first runs of a table: values of each part, and the end of each run's parts, after a 0."""

    def __init__(self, types: Sequence[type[np.generic]]) -> None:
        self.ends = np.zeros(1 << 12, np.int64)
        self.values: list[Array] = [np.empty(1 << 12, each) for each in types]
        self.known = 0


class Parts:
    """What each run consists of, by some definition.

    Args:
        types: of the values of a part.
        of: gives for some runs of a table the number of parts of each, and the values of all parts, by column.
    """

    def __init__(
        self,
        types: Sequence[type[np.generic]],
        of: Callable[[Runs, Sequence[str]], tuple[Sequence[int], Sequence[Sequence[int] | Array]]],
    ) -> None:
        self._types = types
        self._of = of

    def known(self, table: Runs) -> Known:
        """The parts of all runs of a table, so far."""
        known = table.parts.get(self)
        if known is None or known.known < table.known:
            with table.lock:
                known = table.parts.setdefault(self, Known(self._types))
                self._learn(known, table)
        return known

    def _learn(self, known: Known, table: Runs) -> None:
        first, end = known.known, table.known
        if first == end:
            return
        counts, columns = self._of(table, table.since(first))
        used = int(known.ends[first])
        ends = used + np.cumsum(counts, dtype=np.int64)
        if len(known.ends) <= end:
            known.ends = grown(known.ends, end + 1)
        for number, values in enumerate(columns):
            if len(known.values[number]) < ends[-1]:
                known.values[number] = grown(known.values[number], int(ends[-1]))
            known.values[number][used : ends[-1]] = values
        known.ends[first + 1 : end + 1] = ends
        known.known = end


class Cut:
    """A text, cut into runs.

    Attributes:
        table: of the runs; `numbers`: their numbers in it.
    """

    __slots__ = ("_data", "_spelled", "_starts", "numbers", "table", "text")

    def __init__(self, text: str, table: Runs) -> None:
        self.text, self.table = text, table
        self._data = text.encode("utf-8", "surrogatepass")
        self.numbers, self._starts = table.cut(self._data)
        self._spelled: dict[tuple[Parts, int], NDArray[np.int32]] = {}

    def start(self, at: int) -> int:
        """The offset of a run in the text, in code points."""
        start = int(self._starts[at])
        if len(self._data) == len(self.text):
            return start
        return len(self._data[:start].decode("utf-8", "surrogatepass"))

    def from_run(self, at: int) -> str:
        """The text from a run up to the next one."""
        end = int(self._starts[at + 1]) if at + 1 < len(self._starts) else len(self._data)
        return self._data[int(self._starts[at]) : end].decode("utf-8", "surrogatepass")

    def spelled(self, parts: Parts, most: int = 1 << 62) -> NDArray[np.int32]:
        """The first values of the parts of the text, in order, `most` at most; cached, since they are first learned and
        then read.
        """
        if (parts, most) not in self._spelled:
            self._spelled[parts, most] = self._spell(parts, most)
        return self._spelled[parts, most]

    def _spell(self, parts: Parts, most: int) -> NDArray[np.int32]:
        known = parts.known(self.table)
        leading, size = kernels.count_parts(self.numbers, known.ends, most)
        out = np.empty(size, np.int32)
        kernels.spell(self.numbers[:leading], known.ends, known.values[0], out)
        return out[:most]


@lru_cache(maxsize=1 << 7)
def cut(text: str, language: Language) -> Cut:
    """A text in a language, cut into runs; those of a batch are cached, whose words are first learned and then read."""
    table = _current.get(language)
    if table is None or table.full:
        table = _current[language] = Runs(language)
    return Cut(text, table)


_current: dict[Language, Runs] = {}
