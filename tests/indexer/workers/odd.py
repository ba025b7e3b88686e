"""Records that do to the process that reads them what they say."""

from __future__ import annotations

import os
import signal

from search.values.article import Article


def item(word: str, name: str) -> Article:
    """The article of a word, unless that ends or stops the process."""
    if word.endswith("-once"):  # by whichever process is first
        mark = os.path.join(os.environ["MARKS"], name)
        word = "again" if os.path.exists(mark) else word.removesuffix("-once")
        open(mark, "w").close()
    match word:
        case "stuck":
            sum(range(10**12))  # Python cannot interrupt this
        case "loop":
            while True:
                pass
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "dead":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "fault":
            raise KeyError("a fault of the reader")
    return Article(id=name, text=f"{word} " * 20)
