"""The entry point of the command `dateline`: sets the cache of compiled kernels, then calls `cli`.

Numba reads its variable for that when it is first imported, so nothing of this project may be imported before.

Ctrl-C during the imports, and while all kernels are compiled, ends the process at once: nothing is open, and a library
that is being imported, or compiles, may take the exception for a failure of its own.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def main() -> None:
    """Run the command."""
    if folder := os.environ.get("DATELINE_KERNEL_CACHE", "").strip():
        os.environ["NUMBA_CACHE_DIR"] = folder
    gc.disable()  # imported modules are not garbage; scanning them again and again takes a fifth of the time
    try:
        with interruptible():
            import dateline  # noqa: F401 - first, since it looks if `search` is ours
            from service.commands import cli  # after the cache is set, so not at the top
    except Exception as error:  # importing what would name its type may fail as well
        if type(error).__module__ not in ("search.errors", "dateline.distributions"):
            raise
        _say(str(error))
        raise SystemExit(2) from None

    gc.freeze()
    gc.enable()
    atexit.register(gc.freeze)  # nor at the end, where it takes each process of a server a third of a second
    cli.main(prog_name="dateline")


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once, with the sentence and the exit code that it has later."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # otherwise it is ignored, as in the background of a script
        signal.signal(signal.SIGINT, _interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    _say("Interrupted.")
    os._exit(2)


def _say(sentence: str) -> None:
    if sys.stderr is not None:  # it may be closed, and print would take stdout
        print(f"Error: {sentence}", file=sys.stderr, flush=True)
