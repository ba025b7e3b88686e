"""The one door to the disk: every call that changes it is made here, or through it in `database` and `temporary`.

Three promises hold for all of them. A file is whole on disk before it gets the name it is looked for by, and a name is
on disk once its directory has been synced, so that whatever ends the program or the power between two calls leaves what
was there before. Whatever is made belongs to its owner alone, 0600 and 0700, whatever the umask. And what the system
refuses is raised as `CannotWrite`, in a sentence: no bare `OSError` or `sqlite3.Error` of a write gets out.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Self, TypeVar, cast

from search.errors import CannotWrite, DiskFull, IndexDamaged

T = TypeVar("T")

ASIDE = ".new"
"""What a file is called, behind its name, until it is whole."""
FILE_MODE = 0o600
FOLDER_MODE = 0o700
_PIECE = 1 << 20
_STDERR = 2
_OTHERS = 0o077
_FULL = (errno.ENOSPC, errno.EDQUOT)
_WAYS_OUT = {
    errno.ENOSPC: "Make room there, and run it again.",
    errno.EDQUOT: "Remove files of this user or raise the quota, and run it again.",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f), and run it again.",
    errno.EROFS: "Mount it for writing, or name a place that can be written.",
    errno.EIO: "The disk may be failing: see the system's log, and put the index on another.",
    errno.EACCES: "Run this as the user who owns it.",
    errno.EPERM: "Run this as the user who owns it.",
    errno.EMFILE: "Raise the limit on open files (ulimit -n), and run it again.",
    errno.ENFILE: "Too many are open on this machine: close some, and run it again.",
    errno.ENOMEM: "Free some memory, and run it again.",
    errno.EBADF: "It is closed. Give it a place to go.",
}
_NO_SECOND_NAME = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOENT, errno.EEXIST)


def refused(path: Path | str, error: OSError) -> CannotWrite:
    """What the system said when something was to be written, as a sentence with the way out.

    Args:
        path: a file, or what else it is in words that begin the sentence.
    """
    kind = DiskFull if error.errno in _FULL else CannotWrite
    reason = error.strerror or str(error)
    hint = _WAYS_OUT.get(error.errno or 0, "Name a place that can be written.")
    what = path if isinstance(path, str) else f"“{path}”"
    return kind(f"{what} cannot be written: {reason}. Nothing that was acknowledged is lost. {hint}")


def way_out(error: OSError) -> str | None:
    """What to do about an error of the disk, its rights or its limits; None where it is of another kind."""
    return _WAYS_OUT.get(error.errno or 0)


def of_the_machine(error: BaseException, what: str = "A temporary file") -> CannotWrite | None:
    """The sentence for an error of the disk, its rights or its limits that came up elsewhere, from a library say.

    Args:
        what: what it is about where the error does not say.
    """
    if not isinstance(error, OSError) or error.errno not in _WAYS_OUT:
        return None
    return refused(Path(os.fsdecode(error.filename)) if error.filename else what, error)


def system(_what: str, _path: Path, do: Callable[[], T]) -> T:
    """The call itself. Tests have it fail here, under everything that is promised above."""
    return do()


def ask(what: str, path: Path, do: Callable[[], T]) -> T:
    """Make one call that changes the disk. Raises CannotWrite when the system refuses it."""
    try:
        return system(what, path, do)
    except OSError as error:
        raise refused(path, error) from error


# files


def read_only(path: Path) -> BinaryIO:
    """A file of an index, to be read. One that is not a plain file is not opened: a pipe, a link out of the directory.

    Raises:
        OSError: when it cannot be read.
        IndexDamaged: when it is something else.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise _no_file(path) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_file(path)
    return open(descriptor, "rb")


def _no_file(path: Path) -> IndexDamaged:
    return IndexDamaged(f"“{path}” is not a regular file, and is not opened. Restore it, or index the archive again.")


class File:
    """A file that is being written; each of its calls raises `CannotWrite` when the system refuses it."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self.name = str(path)

    def write(self, data: bytes | memoryview) -> int:
        """Write bytes."""
        return ask("write", self._path, lambda: self._file.write(data))

    def sync(self) -> None:
        """Force what was written to disk."""
        ask("sync", self._path, self._synced)

    def _synced(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def fileno(self) -> int:
        """Its descriptor."""
        return self._file.fileno()

    def close(self) -> None:
        """Let go of it, written as far as it is."""
        try:
            ask("close", self._path, self._file.close)
        finally:
            if not self._file.closed:
                with suppress(OSError):  # what came first is told
                    self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create(path: Path, new: bool = False) -> File:
    """A file to write to, which its owner alone may read, in place of any of this name.

    Args:
        new: refuse where one is.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_EXCL if new else os.O_TRUNC)
    return File(ask("create", path, lambda: cast(BinaryIO, os.fdopen(_opened(path, flags), "wb"))), path)


def touch(path: Path) -> None:
    """Make an empty file where there is none; one that is there becomes its owner's alone, and stays as it is."""
    ask("touch", path, lambda: os.close(_opened(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC)))


def _opened(path: Path, flags: int) -> int:
    descriptor = os.open(path, flags, FILE_MODE)
    try:
        found = os.fstat(descriptor)
        if stat.S_IMODE(found.st_mode) != FILE_MODE and stat.S_ISREG(found.st_mode):
            with _of_a_system_without_modes(found):
                os.fchmod(descriptor, FILE_MODE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def _of_a_system_without_modes(found: os.stat_result) -> Iterator[None]:
    """Pass over that a mode cannot be set on a file of one's own: its file system has none, and its mount decides."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP) or found.st_uid != os.geteuid():
            raise


def overwrite(path: Path, data: bytes) -> None:
    """Put these bytes into a file that stays the same file, such as one that is locked; not whole or not at all."""
    with File(ask("create", path, lambda: path.open("r+b")), path) as file:
        file.write(data)
        ask("truncate", path, lambda: os.ftruncate(file.fileno(), len(data)))


def sync(file: File) -> None:
    """Force what was written to a file to disk."""
    file.sync()


def sync_file(path: Path) -> None:
    """Force a file that others wrote to disk."""
    with File(ask("open", path, lambda: path.open("r+b")), path) as file:
        file.sync()


def rename(path: Path, name: Path) -> None:
    """Give a file or directory another name, in place of any other file of that name."""
    ask("rename", path, lambda: path.replace(name))


def link(path: Path, to: Path) -> bool:
    """Give a file a second name; False where it cannot have one, has lost its first, or another file has it."""
    try:
        system("link", to, lambda: os.link(path, to))
    except OSError as error:
        if error.errno not in _NO_SECOND_NAME:
            raise refused(to, error) from error
        return False
    return True


def date(path: Path, moment: float) -> None:
    """Set the time of a file, in seconds since 1970."""
    ask("date", path, lambda: os.utime(path, (moment, moment)))


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    ask("remove", path, lambda: path.unlink(missing_ok=True))


def remove_tree(folder: Path) -> None:
    """Remove a directory with everything in it, if it is there."""
    with suppress(FileNotFoundError):
        ask("remove_tree", folder, lambda: shutil.rmtree(folder) if folder.exists() else None)


def sync_folder(folder: Path) -> None:
    """Force the names in a directory to disk."""
    ask("sync_folder", folder, lambda: _synced_folder(folder))


def _synced_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(path: Path, data: bytes | Iterable[bytes], synced: bool = True) -> None:
    """Put these bytes in the place of a file, whole or not at all; the name is on disk after `sync_folder`.

    Args:
        synced: whether they are forced to disk first. Without, a loss of power may leave a part of them, so that
            whoever reads them must be able to tell, and to do without.
    """
    aside = path.with_name(f"{path.name}{ASIDE}")
    try:
        with create(aside) as file:
            for piece in [data] if isinstance(data, bytes) else data:
                file.write(piece)
            if synced:
                sync(file)
        rename(aside, path)
    except BaseException:
        with suppress(CannotWrite):  # what went wrong first is told
            remove(aside)
        raise


def copy(file: BinaryIO, to: Path) -> None:
    """Copy an open file to a place where nothing is, durably. An error of reading it is the file's own."""
    with create(to, new=True) as copied:
        while piece := file.read(_PIECE):
            copied.write(piece)
        sync(copied)


# directories


def make_folder(folder: Path, new: bool = False) -> None:
    """Make a directory that its owner alone may enter, and those above it that are not there.

    Args:
        new: refuse where it is.
    """
    for above in reversed(folder.absolute().parents):
        if not above.exists():
            ask("make_folder", above, lambda above=above: _made(above, True))  # type: ignore[misc]
    ask("make_folder", folder, lambda: _made(folder, not new))


def _made(folder: Path, there: bool) -> None:
    try:
        folder.mkdir(FOLDER_MODE)
    except FileExistsError:
        if not there or not folder.is_dir():
            raise
        return
    with _of_a_system_without_modes(folder.stat()):
        folder.chmod(FOLDER_MODE)


def tighten(folder: Path) -> None:
    """Make a directory and everything in it its owner's alone, as it is made today; links are left alone."""
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):  # another process has removed it meanwhile
            found = path.lstat()
            if stat.S_IMODE(found.st_mode) & _OTHERS and not stat.S_ISLNK(found.st_mode):
                ask("tighten", path, lambda path=path, found=found: _tightened(path, found))  # type: ignore[misc]


def _tightened(path: Path, found: os.stat_result) -> None:
    with _of_a_system_without_modes(found), suppress(FileNotFoundError):
        path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a directory from every other process that holds it, for as long."""
    descriptor = ask("hold", folder, lambda: os.open(folder, os.O_RDONLY))
    try:
        ask("hold", folder, lambda: fcntl.flock(descriptor, fcntl.LOCK_EX))
        yield
    finally:
        os.close(descriptor)


# what goes nowhere


def occupy_standard() -> None:
    """Have no file opened under the number of a closed stdin, stdout or stderr: what is printed would go there."""
    while (descriptor := os.open(os.devnull, os.O_RDONLY)) <= _STDERR:
        pass
    os.close(descriptor)


def nowhere() -> int:
    """A descriptor to which everything can be written, and is lost."""
    return os.open(os.devnull, os.O_WRONLY)
