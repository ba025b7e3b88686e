"""In which database the desk of an index is. Imports no library: whether there is one is asked more often than it is
opened.

`DATELINE_DESK` says where: the address of a database of PostgreSQL, which several machines can share, or a directory.
Without it the desk is in the index's own directory; that of an index in a cluster is in the home directory of the user.
Sessions and jobs are in a file of their own, `SPOOL`, which no backup contains; on a server, in the same database.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

from search import backends
from search.errors import IndexProblem
from search.files import databases, reconciling

SETTING = "DATELINE_DESK"
FILE = "desk.sqlite"
SPOOL = "spool/spool.sqlite"
KEYS = "keys.json"
FORMER = {
    FILE: ("alerts.sqlite", "citations.sqlite", "corrections.sqlite", "lists.sqlite", "searches.sqlite", KEYS),
    SPOOL: ("jobs.sqlite", "sessions.sqlite"),
}
"""What earlier versions stored, in the same directory; of an index in a cluster in pieces there."""
_ADDRESS = re.compile(r"(?:postgresql|postgres)(?:\+psycopg)?://", re.IGNORECASE)

Home = Path | str
"""The file with a desk, or the address of PostgreSQL."""


def of(place: str | Path, file: str = FILE) -> Home:
    """Where the desk of an index is, or its spool."""
    given = os.environ.get(SETTING, "").strip()
    if found := _ADDRESS.match(given):
        return f"postgresql://{given[found.end() :]}"
    if "://" in given:
        raise IndexProblem(
            f"{SETTING} is the address of PostgreSQL (postgresql://…) or a directory, not “{named(given)}”."
        )
    default, path = by_default(place, file), Path(given) / file
    return default if not given or path.resolve() == default.resolve() else path


def is_home(home: Home, file: str) -> bool:
    """Whether a desk has what one of the files has: a server has all."""
    return isinstance(home, str) or file.endswith(home.name)


def by_default(place: str | Path, file: str = FILE) -> Path:
    """Where the desk of an index is, unless the setting says so."""
    if not backends.is_address(place):
        return Path(place) / file
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    digest = sha256(str(place).encode()).hexdigest()
    return home / "dateline" / f"{str(place).rstrip('/').rpartition('/')[2]}-{digest[:12]}" / file


def named(home: Home) -> str:
    """A desk as people read it: never with a password."""
    if isinstance(home, Path):
        return str(home)
    scheme, _, rest = home.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def there(place: str | Path, file: str = FILE) -> bool:
    """True if an index has a desk, or had one that is missing now, or one that is elsewhere, which opening it tells.

    That of an index in a cluster may be empty.

    Raises:
        ClusterUnavailable: if the cluster of the index does not answer.
    """
    home, default = of(place, file), by_default(place, file)
    if any(isinstance(one, Path) and is_file(one) for one in (home, default)) or former(place, file):
        return True
    if not backends.is_address(place) and file == FILE and (Path(place) / reconciling.DESK).exists():
        return True
    return (isinstance(home, str) or backends.is_address(place)) and backends.exists(place)


def is_file(path: Path) -> bool:
    """True if there is a database in a file, or was one."""
    return path.exists() or databases.seal_path(path).exists()


def former(place: str | Path, file: str = FILE) -> list[Path]:
    """The files of earlier versions in the directory of an index, and those of which only the checksum is left."""
    if backends.is_address(place):
        return []
    folder = (Path(place) / file).parent
    return [folder / name for name in FORMER[file] if is_file(folder / name)]
