"""Imported by each Python that has this folder on its path: takes from Dateline what Linux has and macOS does not.

Names that Python defines on Linux alone, functions of the C library, `/proc` and `/sys`, and that the system is Linux.
Libraries that were built for this system, such as LLVM's, still see that it is Linux.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

NAMES: dict[ModuleType, str] = {
    os: "sched_getaffinity sched_setaffinity posix_fadvise posix_fallocate memfd_create pidfd_open eventfd splice "
    "copy_file_range getrandom getxattr listxattr setxattr removexattr pipe2 setresuid setresgid fdatasync "
    "O_DIRECT O_TMPFILE O_PATH O_NOATIME",
    select: "epoll",
    signal: "sigtimedwait sigwaitinfo SIGRTMIN SIGRTMAX SIGPWR SIGSTKFLT pidfd_send_signal",
    socket: "SO_PEERCRED SOCK_CLOEXEC SOCK_NONBLOCK AF_NETLINK AF_PACKET SO_BINDTODEVICE TCP_QUICKACK TCP_DEFER_ACCEPT "
    "TCP_USER_TIMEOUT TCP_CORK SO_INCOMING_CPU",
    time: "CLOCK_BOOTTIME CLOCK_TAI pthread_getcpuclockid",
    fcntl: "F_OFD_SETLK F_SETPIPE_SZ F_ADD_SEALS F_SETLEASE F_NOTIFY",
}
FUNCTIONS = frozenset({"inotify_init", "inotify_init1", "inotify_add_watch", "prctl", "malloc_trim", "sync_file_range"})
FOLDERS = ("/proc", "/sys")
PACKAGES = ("search", "desk", "indexer", "service", "dateline")


class _Platform(str):
    """`sys.platform`: “darwin” if Dateline asks."""

    __hash__ = str.__hash__

    def _seen(self) -> str:
        asker = sys._getframe(2).f_globals.get("__name__", "")
        return "darwin" if asker.partition(".")[0] in PACKAGES else str.__str__(self)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self._seen(), str(other))

    def __ne__(self, other: object) -> bool:
        return str.__ne__(self._seen(), str(other))

    def startswith(self, *given: Any) -> bool:
        return str.startswith(self._seen(), *given)


def _hidden(path: object) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    name = os.fsdecode(path)
    return any(name == folder or name.startswith(folder + "/") for folder in FOLDERS)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "ctypes.dlsym" and arguments[1] in FUNCTIONS:
        raise AttributeError(arguments[1])
    if event in ("open", "os.listdir", "os.scandir") and _hidden(arguments[0]):
        raise FileNotFoundError(2, "No such file or directory", arguments[0])


def _without(stat: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
    def seen(path: Any, *arguments: Any, **named: Any) -> os.stat_result:
        if _hidden(path):
            raise FileNotFoundError(2, "No such file or directory", path)
        return stat(path, *arguments, **named)

    return seen


for _module, _names in NAMES.items():
    for _name in _names.split():
        if hasattr(_module, _name):
            delattr(_module, _name)
os.stat, os.lstat = _without(os.stat), _without(os.lstat)
sys.addaudithook(_refuse)
sys.platform = _Platform(sys.platform)
