"""Arrays that take long to derive from models and tables: stored once, then mapped into memory by every process.

They are in the directory of the compiled kernels, a file each. The name of a file has a `key` of what it is derived
from, so that another version derives its own; files of other keys are removed. Where nothing can be stored, each
process derives the arrays for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

import search
from indexer import languages
from indexer.enrich.kernels import numbering
from indexer.languages import Language
from search.errors import CannotWrite, IndexDamaged
from search.files.array_file import VERSION, ArrayFile, ArrayFileWriter
from search.jit import places
from search.system import disk

Arrays = Mapping[str, NDArray[Any]]
"""Arrays of one dimension by name, none of them writable."""

SUFFIX = ".arrays"


def arrays(name: str, key: str, derive: Callable[[], Arrays]) -> Arrays:
    """Some arrays, from where they are stored, or as derived; then they are stored.

    Args:
        name: of the file; without a hyphen.
        key: changes if others would be derived.
    """
    folder = places.derived(Path(numbering.__file__).parent)
    return stored(folder, name, key, derive) if folder else _fixed(derive())


def stored(folder: Path, name: str, key: str, derive: Callable[[], Arrays]) -> Arrays:
    """The same, in a directory."""
    place = folder / f"{name}-{VERSION}-{key}{SUFFIX}"
    if (found := _mapped(place)) is not None:
        return found
    made = _fixed(derive())  # before the directory is locked, which a kernel that is compiled for it locks, too
    try:
        with disk.locked(folder):
            if _mapped(place) is None:
                _store(made, place)
    except CannotWrite:
        return made
    for other in folder.glob(f"{name}-*{SUFFIX}"):
        if other != place:
            disk.remove(other)
    return _mapped(place) or made


@cache
def version(language: Language) -> str:
    """A key of the tables and models of a language, of the code that reads them, and of what it uses of `search`."""
    digest = sha256(" ".join(languages.folders()).encode())  # whose names of countries are no towns
    ours, theirs = Path(__file__).parents[1], Path(search.__file__).parent
    folders = language.folder, *(languages.folders()[code] for code in language.listed(languages.RELATIVE))
    found = [*ours.rglob("*"), Path(languages.__file__), *(path for folder in folders for path in folder.iterdir())]
    found += [*(theirs / "data").iterdir(), theirs / "text" / "tokens.py", theirs / "names" / "vocabulary.py"]
    for path in sorted(path for path in found if path.suffix in (".py", ".tsv", ".npz")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _fixed(derived: Arrays) -> Arrays:
    """The arrays as those of a file, which kernels are compiled for."""
    for array in derived.values():
        array.setflags(write=False)
    return derived


def _mapped(place: Path) -> Arrays | None:
    """The arrays of a file; None if it does not exist or cannot be used."""
    try:
        file = ArrayFile(place)
        return {name: file[name] for name in file.names}
    except (OSError, IndexDamaged):
        return None


def _store(arrays: Arrays, place: Path) -> None:
    """Write arrays to a file."""
    temporary = place.with_name(place.name + disk.TEMPORARY_SUFFIX)
    with disk.create(temporary) as file:
        writer = ArrayFileWriter(file)
        for name, array in arrays.items():
            writer.add(name, array)
        writer.close()
    disk.rename(temporary, place)
