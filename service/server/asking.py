"""Answers the batches that were sent (see `service.batches`), in a thread of the process that indexes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing

import desk
from search.errors import BadQuery, DatelineError
from search.system import disk
from service.alone import LOOK_EVERY_S, alone
from service.batches import BatchDamaged, Batches
from service.http import log

RETRY_S = 5.0


class Asking:
    """Answers the batches of an index, in the one process that does."""

    def __init__(self, place: str, stop: Callable[[], bool]) -> None:
        self._place = place
        self._stop = stop
        self._batches = Batches(place)

    def run(self) -> None:
        """Work until it is told to stop."""
        disk.make_folder(self._batches.folder)
        with alone(self._batches.folder / "asking.lock", self._stop) as mine:
            while mine and not self._stop():
                self.once()
                time.sleep(LOOK_EVERY_S)

    def once(self) -> None:
        """Answer all that wait."""
        if not (waiting := self._batches.waiting()):
            return
        with closing(desk.open(self._place)) as engine:
            for batch_id in waiting:
                try:
                    self._batches.answer(engine, batch_id, self._stop)
                except (BadQuery, BatchDamaged) as problem:  # such as a list that was deleted meanwhile
                    self._batches.give_up(batch_id, str(problem))
                except (DatelineError, OSError):  # of the index or the disk, and no fault of the batch
                    raise
                except Exception as error:  # an internal error fails its batch, not those behind it
                    log.say(log.trace(error))
                    told = f"Dateline failed on it: {type(error).__name__}. The server's log says why."
                    self._batches.give_up(batch_id, told)
        self._batches.sweep()


def asking(place: str, stop: Callable[[], bool]) -> threading.Thread:
    """Start a thread that answers the batches of an index until it is told to stop."""

    def work() -> None:
        reported = ""
        while not stop():
            try:
                Asking(place, stop).run()
            except (DatelineError, OSError) as error:  # no index yet, or a full disk: try again later
                if str(error) != reported:
                    reported = str(error)
                    log.say(f"Answering batches: {reported}")
                time.sleep(RETRY_S)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
