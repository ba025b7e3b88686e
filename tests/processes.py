"""What processes are doing, as Linux tells it in `/proc`: states that a test waits for instead of sleeping."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import Signals
from typing import Any

from tests import waiting

LOOKS = 10


@contextmanager
def killed_at_the_end(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Kill a process with the block, even if an assertion fails: `with Popen(…)` alone waits for it, for ever."""
    try:
        yield
    finally:
        process.kill()


def descriptors() -> int:
    """How many this process has open, but for those that only garbage of other tests holds, gone at any moment."""
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def children(parent: int) -> list[int]:
    """The processes that a process has started and not yet waited for."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _fields(int(entry.name))) and int(fields[1]) == parent:
            found.append(int(entry.name))
    return found


def family(pid: int) -> list[int]:
    """A process and all that it has started, and they in turn."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def wants_cpu(pid: int) -> bool:
    """Whether a process runs or would, if others let it, or waits for a disk."""
    fields = _fields(pid)
    return bool(fields) and fields[0] in "RD"


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    fields = _fields(pid)
    return bool(fields) and fields[0] not in "ZX"


def name_of(pid: int) -> str:
    """What a process is called, as `ps` lists it; "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text("utf-8").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def catches(pid: int, number: Signals) -> bool:
    """Whether a process has a handler of its own for a signal; Python has one for SIGINT from the start."""
    return bool(_signals(pid, "SigCgt") >> (number - 1) & 1)


def has_taken(pid: int, number: Signals) -> bool:
    """Whether no signal of this kind is still to be delivered to a process: the next is not merged with it."""
    return not _signals(pid, "ShdPnd") >> (number - 1) & 1


def cpu(pid: int) -> float:
    """CPU seconds of a process and those that it has started."""
    own = sum(map(int, fields[11:13])) if (fields := _fields(pid)) else 0
    return own / os.sysconf("SC_CLK_TCK") + sum(map(cpu, children(pid)))


def until_idle(pids: Iterable[int]) -> None:
    """Wait until processes have done all that they can do now: they sleep, and use no CPU from look to look."""
    pids = list(pids)
    before: list[tuple[str, str, str] | None] = []
    same = 0

    def idle() -> bool:
        nonlocal before, same
        now = [(f[0], f[11], f[12]) if (f := _fields(pid)) else None for pid in pids]
        same = same + 1 if now == before and not any(one and one[0] in "RD" for one in now) else 0
        before = now
        return same >= LOOKS

    waiting.until(idle, "the processes are idle")


def has_read(connection: socket.socket) -> bool:
    """Whether the process at the other end of a connection, on this machine, has read all that was sent to it."""
    ours, theirs = (f"{port:04X}" for port in (connection.getsockname()[1], connection.getpeername()[1]))
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        _, local, remote, _, queues, *_ = line.split()
        if (local[-4:], remote[-4:]) in ((ours, theirs), (theirs, ours)):
            sending, receiving = queues.split(":")
            if int(sending if local[-4:] == ours else receiving, 16):
                return False
    return True


def connections(pid: int, port: int) -> int:
    """The number of connections that a process has at a port of its own."""
    found = (line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:])
    ours = {f"socket:[{fields[9]}]" for fields in found if fields[1].endswith(f":{port:04X}") and fields[3] == "01"}
    number = 0
    for held in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            number += os.readlink(held) in ours
    return number


def _fields(pid: int) -> list[str]:
    """What follows the name in the `stat` of a process; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _signals(pid: int, kind: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    return int(next(line for line in lines if line.startswith(kind)).split()[1], 16)
