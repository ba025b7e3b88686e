"""A real server of PostgreSQL, of Debian's package, started in a directory of its own as a user of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests import waiting

USER = "dateline"


def programs() -> Path | None:
    """The directory with the programs of the newest server; None if there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (str(debian[-1]) if debian else None)
    return Path(found).parent if found is not None else None


class Server:
    """A server that runs.

    Attributes:
        data: its directory.
    """

    def __init__(self, data: Path, process: subprocess.Popen[bytes]) -> None:
        self.data, self.process = data, process
        self._made = 0

    @property
    def made(self) -> int:
        """How many databases were made."""
        return self._made

    def address(self, name: str) -> str:
        """Where a database of it is."""
        return f"postgresql://{USER}@/{name}?host={quote(str(self.data), safe='')}"

    def new(self) -> str:
        """The address of a database that is new."""
        self._made += 1
        name = f"desk{self._made}"
        self.run("postgres", f"CREATE DATABASE {name}")
        return self.address(name)

    def run(self, name: str, statement: str) -> None:
        """Run a statement in a database."""
        with closing(psycopg.connect(self.address(name), autocommit=True)) as opened:
            opened.execute(statement.encode())


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server, whose data are below a directory that others may enter."""
    found = programs()
    assert found is not None
    data = folder / "data"
    data.mkdir(0o700)
    other = {}
    if os.geteuid() == 0:  # which a server refuses to run as
        account = pwd.getpwnam("nobody")
        os.chown(data, account.pw_uid, account.pw_gid)
        other = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    options = ["--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": "/"}
    subprocess.run([found / "initdb", "-D", data, *options], check=True, **quiet, **other)  # type: ignore[call-overload]
    chosen = ("listen_addresses=", "fsync=off", "autovacuum=off")  # which removes files while a test reads them all
    command = [found / "postgres", "-D", data, "-k", data, *(part for each in chosen for part in ("-c", each))]
    process = subprocess.Popen(command, **quiet, **other)  # type: ignore[call-overload]
    server = Server(data, process)
    try:
        waiting.until(lambda: _answers(server), "the server answers")
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # else it waits for everybody who is connected
        process.wait(waiting.HANG_S)


def _answers(server: Server) -> bool:
    try:
        server.run("postgres", "SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
