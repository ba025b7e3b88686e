"""All changes to the disk: every such call is made here, or through here by `database` and `temporary`.

Three guarantees hold for all of them. A file is complete on disk before it gets its final name, and the name is on disk
once its directory has been synced: if the program crashes or the power fails between two calls, the previous state is
intact. Every file and directory is private to its owner, 0600 and 0700, whatever the umask, except those of an archive,
which others read as well. An error of the operating system is raised as `CannotWrite`, with a sentence: no bare
`OSError` or `sqlite3.Error` of a write escapes.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from search.errors import CannotWrite, DiskFull, IndexDamaged
from search.system.closeable import Closeable

T = TypeVar("T")

TEMPORARY_SUFFIX = ".new"
"""The suffix of a file's name until the file is complete."""
FILE_MODE = 0o600
SHARED_MODE = 0o666
"""Of a file of an archive, less what the umask forbids."""
FOLDER_MODE = 0o700
_PIECE = 1 << 20
_STDIN, _STDERR = 0, 2
_OTHERS = 0o077
_FULL = (errno.ENOSPC, errno.EDQUOT)
_HINTS = {
    errno.ENOSPC: "Free some space there, and run it again.",
    errno.EDQUOT: "Remove files of this user or raise the quota, and run it again.",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f), and run it again.",
    errno.EROFS: "Mount it for writing, or choose a writable place.",
    errno.EIO: "The disk may be failing: check the system's log, and move the index to another disk.",
    errno.EACCES: "Run this as the user who owns it.",
    errno.EPERM: "Run this as the user who owns it.",
    errno.EMFILE: "Raise the limit on open files (ulimit -n), and run it again.",
    errno.ENFILE: "Too many are open on this machine: close some, and run it again.",
    errno.ENOMEM: "Free some memory, and run it again.",
    errno.EBADF: "It is closed. Redirect it to a file.",
}
_NO_LINK = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOENT, errno.EEXIST)


def refused(path: Path | str, error: OSError) -> CannotWrite:
    """The exception for a failed write, with a sentence that says what to do.

    Args:
        path: a file, or a description that begins the sentence.
    """
    kind = DiskFull if error.errno in _FULL else CannotWrite
    reason = error.strerror or str(error)
    hint = _HINTS.get(error.errno or 0, "Choose a writable place.")
    what = path if isinstance(path, str) else f"“{path}”"
    return kind(f"{what} cannot be written: {reason}. Nothing that was acknowledged is lost. {hint}")


def hint_for(error: OSError) -> str | None:
    """Advice about an error of the disk, its permissions or its limits; None for any other error."""
    return _HINTS.get(error.errno or 0)


def system_error(error: BaseException, what: str = "A temporary file") -> CannotWrite | None:
    """The exception for an error of the disk, its permissions or its limits that came from a library.

    Args:
        what: the subject of the sentence if the error names no file.
    """
    if not isinstance(error, OSError) or error.errno not in _HINTS:
        return None
    return refused(Path(os.fsdecode(error.filename)) if error.filename else what, error)


def system(_what: str, _path: Path, do: Callable[[], T]) -> T:
    """Make the call. Tests replace this function, below everything that the module guarantees."""
    return do()


def call(what: str, path: Path, do: Callable[[], T]) -> T:
    """Make one call that changes the disk. Raises CannotWrite if the system refuses it."""
    try:
        return system(what, path, do)
    except OSError as error:
        raise refused(path, error) from error


# files


def read_only(path: Path) -> BinaryIO:
    """Open a file of an index for reading. Only a regular file is opened: not a pipe, nor a link out of the directory.

    Raises:
        OSError: if it cannot be read.
        IndexDamaged: if it is not a regular file.
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


class File(Closeable):
    """A file that is being written; each of its calls raises `CannotWrite` if the system refuses it."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self.name = str(path)

    def write(self, data: bytes | memoryview) -> int:
        """Write bytes."""
        return call("write", self._path, lambda: self._file.write(data))

    def sync(self) -> None:
        """Force the written bytes to disk."""
        call("sync", self._path, self._synced)

    def _synced(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def fileno(self) -> int:
        """Its descriptor."""
        return self._file.fileno()

    def close(self) -> None:
        """Close it; bytes that were not synced may be lost."""
        try:
            call("close", self._path, self._file.close)
        finally:
            if not self._file.closed:
                with suppress(OSError):  # the first error is reported
                    self._file.close()


def create(path: Path, new: bool = False, private: bool = True) -> File:
    """Create a file, replacing any file of this name.

    Args:
        new: refuse if the file exists.
        private: only its owner may read it; else the umask decides.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_EXCL if new else os.O_TRUNC)
    return File(call("create", path, lambda: cast(BinaryIO, os.fdopen(_opened(path, flags, private), "wb"))), path)


def append(path: Path) -> File:
    """Open a file that only its owner may read to write at its end; create it if it does not exist."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    return File(call("append", path, lambda: cast(BinaryIO, os.fdopen(_opened(path, flags), "ab"))), path)


def touch(path: Path) -> None:
    """Create an empty file, or make an existing one private to its owner."""
    call("touch", path, lambda: os.close(_opened(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC)))


def _opened(path: Path, flags: int, private: bool = True) -> int:
    if not private:
        return os.open(path, flags, SHARED_MODE)
    descriptor = os.open(path, flags, FILE_MODE)
    try:
        found = os.fstat(descriptor)
        if stat.S_IMODE(found.st_mode) != FILE_MODE and stat.S_ISREG(found.st_mode):
            with _modes_optional(found):
                os.fchmod(descriptor, FILE_MODE)
    except BaseException:  # also an interrupt: the descriptor is not leaked
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def _modes_optional(found: os.stat_result) -> Iterator[None]:
    """Ignore that a mode cannot be set on a file of our own: its file system has no modes, and the mount decides."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP) or found.st_uid != os.geteuid():
            raise


def overwrite(path: Path, data: bytes) -> None:
    """Overwrite a file in place, such as one that is locked; not atomic."""
    with File(call("create", path, lambda: path.open("r+b")), path) as file:
        file.write(data)
        call("truncate", path, lambda: os.ftruncate(file.fileno(), len(data)))


def sync(file: File) -> None:
    """Force the written bytes of a file to disk."""
    file.sync()


def sync_file(path: Path) -> None:
    """Force a file that others wrote to disk."""
    with File(call("open", path, lambda: path.open("r+b")), path) as file:
        file.sync()


def rename(path: Path, name: Path) -> None:
    """Rename a file or directory, replacing any file of that name."""
    call("rename", path, lambda: path.replace(name))


def link(path: Path, to: Path) -> bool:
    """Give a file a second name.

    Returns:
        False if it cannot have one, its first is gone, or another file has that name.
    """
    try:
        system("link", to, lambda: os.link(path, to))
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise refused(to, error) from error
        return False
    return True


def set_time(path: Path, moment: float) -> None:
    """Set the modification time of a file, in seconds since 1970."""
    call("date", path, lambda: os.utime(path, (moment, moment)))


def remove(path: Path) -> None:
    """Remove a file, if it exists."""
    call("remove", path, lambda: path.unlink(missing_ok=True))


def remove_tree(folder: Path) -> None:
    """Remove a directory with everything in it, if it exists."""
    with suppress(FileNotFoundError):
        call("remove_tree", folder, lambda: shutil.rmtree(folder) if folder.exists() else None)


def sync_folder(folder: Path) -> None:
    """Force the names in a directory to disk."""
    call("sync_folder", folder, lambda: _synced_folder(folder))


def _synced_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(path: Path, data: bytes | Iterable[bytes], synced: bool = True, private: bool = True) -> None:
    """Replace a file atomically; its name is on disk after `sync_folder`.

    Args:
        private: as of `create`; False for a file of an archive.
        synced: force the bytes to disk first. Otherwise a power failure may leave a part of them, which readers must be
            able to detect, and to do without.
    """
    temporary = path.with_name(f"{path.name}{TEMPORARY_SUFFIX}")
    try:
        with create(temporary, private=private) as file:
            for piece in [data] if isinstance(data, bytes) else data:
                file.write(piece)
            if synced:
                sync(file)
        rename(temporary, path)
    except BaseException:  # also an interrupt: no unfinished file is left
        with suppress(CannotWrite):  # the first error is reported
            remove(temporary)
        raise


def copy(file: BinaryIO, to: Path) -> None:
    """Copy an open file to a path that does not exist, durably. Errors of reading it are passed on unchanged."""
    with create(to, new=True) as copied:
        while piece := file.read(_PIECE):
            copied.write(piece)
        sync(copied)


# directories


def make_folder(folder: Path, new: bool = False, private: bool = True) -> None:
    """Create a directory, and its missing parents.

    Args:
        new: refuse if it exists.
        private: only its owner may enter it; else the umask decides.
    """
    for above in reversed(folder.absolute().parents):
        if not above.exists():
            call("make_folder", above, lambda above=above: _made(above, True, private))  # type: ignore[misc]
    call("make_folder", folder, lambda: _made(folder, not new, private))


def _made(folder: Path, there: bool, private: bool) -> None:
    try:
        folder.mkdir(FOLDER_MODE if private else 0o777)
    except FileExistsError:
        if not there or not folder.is_dir():
            raise
        return
    if not private:
        return
    with _modes_optional(folder.stat()):
        folder.chmod(FOLDER_MODE)


def make_private(folder: Path) -> None:
    """Make a directory and everything in it private to its owner, as files are created today; links are not changed."""
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):  # another process has removed it meanwhile
            found = path.lstat()
            if stat.S_IMODE(found.st_mode) & _OTHERS and not stat.S_ISLNK(found.st_mode):
                call("make_private", path, lambda path=path, found=found: _made_private(path, found))  # type: ignore[misc]


def _made_private(path: Path, found: os.stat_result) -> None:
    with _modes_optional(found), suppress(FileNotFoundError):
        path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a directory against every other process that calls this, until the block ends."""
    descriptor = call("hold", folder, lambda: os.open(folder, os.O_RDONLY))
    try:
        call("hold", folder, lambda: fcntl.flock(descriptor, fcntl.LOCK_EX))
        yield
    finally:
        os.close(descriptor)


# standard streams


def open_standard_streams() -> None:
    """Open the null device for a closed stdin, stdout or stderr; otherwise the next file would receive the output.

    Python has no stream for what is closed. From now on stdin is empty, and stderr discards what is written to it, here
    and in the processes that this one starts. What a closed stdout means is for the caller to decide.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stdin is None:
        sys.stdin = os.fdopen(_STDIN, closefd=False, encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(_STDERR, "w", closefd=False, encoding="utf-8")


def null_descriptor() -> int:
    """A descriptor that discards everything written to it."""
    return os.open(os.devnull, os.O_WRONLY)


def free_bytes(path: Path) -> int:
    """How many bytes are left on the disk of a file or folder."""
    return shutil.disk_usage(path).free
