"""An exception that a signal raises, at any line of what numbers words, leaves the numbers right."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from search import Article
from search.local.write import numbering
from search.local.write.numbering import Numberer, Preparer, Translation
from search.local.write.tokenise import Stream
from search.local.write.word_numbers import Words

FOLDER = str(Path(numbering.__file__).parent)
KNOWN = "alpha beta alphas"
NEW = "gammas gamma delta's 中国 beta"


class Struck(Exception):
    """What a signal raises."""


def struck(task: Callable[[], object], at: int) -> bool:
    """Run a task, and end it at some line of those that number words. Returns False if it has no more lines."""
    lines = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines
        if not frame.f_code.co_filename.startswith(FOLDER):
            return None
        if event == "line":
            lines += 1
            if lines == at:
                raise Struck
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        task()
    except Struck:
        return True
    finally:
        sys.settrace(before)
    return False


def interruptions(task: Callable[[int], Callable[[], object]]) -> Iterator[int]:
    """The lines at which a task was ended; each begins with one that was prepared for it."""
    for at in count(1):
        if not struck(task(at), at):
            assert at > 20
            return
        yield at


def spelled(words: Words, text: str) -> list[str]:
    """The words of an English text, by number and back."""
    stream = Stream()
    data = np.frombuffer(text.encode(), np.uint8)
    words.tokeniser("en")(data, np.array([len(data)]), stream)
    _, forms = words.columns()
    return [words.names[int(forms[number])] for number in stream.data[: stream.size]]


def test_a_tokeniser_goes_on() -> None:
    known: dict[int, Words] = {}
    expected = spelled(Words(1000), f"{NEW} {KNOWN}")

    def begun(at: int) -> Callable[[], object]:
        known[at] = Words(1000)
        spelled(known[at], KNOWN)
        return lambda: spelled(known[at], NEW)

    for at in interruptions(begun):
        assert spelled(known[at], f"{NEW} {KNOWN}") == expected
        assert expected[:2] == ["gammas", "gamma"]


class Writer:
    """Receives what one other process prepares, as a writer does."""

    def __init__(self) -> None:
        self.prepare = Preparer()
        self._numberer = Numberer(1000)
        self._translation = Translation()
        self.receive(KNOWN)

    def receive(self, text: str) -> tuple[list[str], str]:
        """The words and the person of an article that is prepared, as they arrive."""
        prepared = self.prepare([Article("a", text, language="en", person=(text,))])
        if not prepared.turn:
            self._translation = Translation()
        numbered = self._translation(prepared, self._numberer)
        _, forms = self._numberer.words.columns()
        words = [self._numberer.words.names[int(forms[number])] for number in numbered.words]
        return words, self._numberer.names["person"][int(numbered.values["person"].numbers[0])]


@pytest.mark.check
def test_what_is_prepared_next_is_right_or_refused() -> None:
    writers: dict[int, Writer] = {}
    expected = Writer().receive(f"{NEW} {KNOWN}")
    refused = 0

    def begun(at: int) -> Callable[[], object]:
        writers[at] = Writer()
        return lambda: writers[at].prepare([Article("b", NEW, language="en", person=("Ann",))])

    for at in interruptions(begun):
        try:
            assert writers[at].receive(f"{NEW} {KNOWN}") == expected
        except ValueError:
            refused += 1
    assert refused <= 1  # the batch was complete, and about to be returned
