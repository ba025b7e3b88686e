"""Who may import whom, read from the source: deferred imports included."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from itertools import permutations
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from tests.cases import cases
from tests.test_docs import PROJECT, name_of

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    file for package in ("search", "desk", "indexer", "service", "dateline") for file in (ROOT / package).rglob("*.py")
)
ABOVE = {
    "search": {"dateline", "desk", "indexer", "service"},
    "desk": {"dateline", "indexer", "service"},
    "dateline": {"indexer", "service"},
    "indexer": {"dateline", "service"},
    "service": set(),
}
KEPT_TO: dict[str, str | tuple[str, ...]] = {
    "whoosh": ("search/local/plain_whoosh/", "search/local/safe/lock.py"),
    "falcon": "service/",
    "gunicorn": "service/",
    "jinja2": "service/",
    "click": "service/",
    "mcp": "service/assistants/",
    "authlib": "service/desk/people/client.py",
    "requests": "service/desk/people/client.py",
    "opensearchpy": "search/opensearch/",
    "alembic": "desk/store/",
    "PIL": "search/files/rendering.py",
    "psycopg": "desk/store/",
}
IN_SEARCH = (
    {"data", "fields", "said", "scoring"},
    {"errors", "text"},
    {"system"},
    {"files", "jit", "names"},
    {"kernels", "values"},
    {"syntax"},
    {"cursor", "meaning", "snippets"},
    {"measures"},
    {"engine"},
    {"analyses", "loading", "opensearch", "seen"},
    {"apart", "local"},
    {"backends"},
    {"copying"},
    {"__init__"},
)
"""The rooms of `search`, downwards only: a module imports from earlier groups, or its own."""
IN_SERVICE = (
    {"alone", "jobs", "values", "wording"},
    {"proxies", "remembered", "seeing", "settings", "spool"},
    {"administrators", "archive", "gone", "params"},
    {"resource"},
    {"http"},
    {"batches", "fetching", "formats"},
    {"html", "terminal"},
    {"desk"},
    {"api"},
    {"iiif"},
    {"page"},
    {"server"},
    {"assistants"},
    {"commands"},
    {"__main__"},
)
"""The rooms of `service`, downwards only."""
MOST_FILES, MOST_FLOORS = 20, 8
"""Modules in a folder, and how many of them may stand on each other."""
ROOMS = {
    "format": set(),
    "plain_whoosh": {"format"},
    "safe": {"plain_whoosh", "format"},
    "write": {"format"},
    "ask": {"safe", "plain_whoosh", "format"},
    "watch": set(),
    "segments": {"write", "safe", "plain_whoosh", "format"},
    "converting": {"segments", "write", "plain_whoosh", "format"},
    "writer": {"converting", "segments", "write", "safe", "plain_whoosh", "format"},
    "engine": {"ask", "safe", "format", "watch"},
    "warm": {"ask", "engine", "writer"},
}
"""Inside `search.local`, the rooms and what stands above them: what each may import."""

FEATURES = {"alerts", "audit", "citations", "corrections", "lists", "names", "people", "rights", "searches"}
"""The features of the desk, which do not know of each other."""
IN_DESK = (
    {"asker", "named", "replaced", "separator", "traces", "store"},
    {"edited", "owned"},
    FEATURES,
    {"proof", "restored"},
    {"__init__"},
    {"conversion"},
)
IN_INDEXER = (
    {"safe", "files", "ledger", "dates", "languages"},
    {"report", "enrich", "copies", "digest"},
    {"withheld"},
    {"readers"},
    {"archive"},
    {"ocr", "workers"},
    {"run"},
    {"pipeline", "renewing"},
    {"watch"},
    {"__init__"},
)
"""The rooms of `indexer`, downwards only."""
IN_READERS = ({"shared"}, {"web", "wire", "scans", "tables"}, {"documents"}, {"__init__"})
IN_ENRICH = (
    {"kernels"},
    {"shared"},
    {"authors", "countries", "dates", "language", "meaning", "persons", "stated", "legibility", "topics"},
    {"__init__"},
)


class Facts(NamedTuple):
    """What the rules ask of a module: it is parsed and walked once for all of them, and no tree is kept.

    Attributes:
        documented: it says what it is for.
        imports: what it imports, for its types only, and when a function is called, too.
        loading: its calls that may unpickle.
        changes: its lines that change the disk without asking `search.system.disk`.
        private: the private names that it uses of others.
    """

    documented: bool
    imports: frozenset[str]
    loading: list[ast.Call]
    changes: list[str]
    private: set[str]


@cache
def facts(file: Path) -> Facts:
    return facts_of(file.read_text("utf-8"))


def facts_of(source: str) -> Facts:
    module = ast.parse(source)
    imports: list[ast.Import | ast.ImportFrom] = []
    calls: list[ast.Call] = []
    attributes: list[ast.Attribute] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            attributes.append(node)
        elif isinstance(node, ast.Call):
            calls.append(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
    return Facts(
        bool(ast.get_docstring(module)),
        _imported(imports),
        [call for call in calls if _last(call.func) in LOADING],
        _changes_of_the_disk(imports, calls),
        {node.attr for node in attributes if _is_private(node)},
    )


def imports(file: Path) -> frozenset[str]:
    return facts(file).imports


def _imported(statements: Iterable[ast.Import | ast.ImportFrom]) -> frozenset[str]:
    found: set[str] = set()
    for node in statements:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        else:
            assert node.level == 0, "imports are written in full"
            found.add(node.module or "")
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return frozenset(found)


def _last(called: ast.expr) -> str:
    """The last name of what is called."""
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _is_private(node: ast.Attribute) -> bool:
    own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
    return node.attr.startswith("_") and not node.attr.startswith("__") and not own


@cases("file", MODULES)
def test_imports_go_one_way(file: Path) -> None:
    package = file.relative_to(ROOT).parts[0]
    tops = {name.split(".")[0] for name in imports(file)}

    assert not tops & ABOVE[package]
    for library, place in KEPT_TO.items():
        assert library not in tops or file.relative_to(ROOT).as_posix().startswith(place)


def test_every_library_is_imported() -> None:
    distributions = packages_distributions()
    tops = {name.split(".")[0] for file in MODULES for name in imports(file)}
    used = {plain(distribution) for name in tops for distribution in distributions.get(name, ())}

    wanted = {plain(name_of(requirement)) for requirement in PROJECT["dependencies"]}
    assert wanted - used == {"lxml-html-clean", "tzdata"}  # used by other libraries: docs/decisions.md


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


PACKAGES = {
    "search": IN_SEARCH,
    "desk": IN_DESK,
    "indexer": IN_INDEXER,
    "indexer.readers": IN_READERS,
    "indexer.enrich": IN_ENRICH,
    "service": IN_SERVICE,
}


@cases("room", ["desk", "service.desk"])
def test_features_of_the_desk_are_apart(room: str) -> None:
    folder = ROOT.joinpath(*room.split("."))
    for feature in FEATURES:
        others = tuple(f"{room}.{name}." for name in FEATURES - {feature})
        for file in (folder / feature).rglob("*.py"):
            assert not [name for name in imports(file) if f"{name}.".startswith(others)], file


ENGINES = {"search.local": ROOT / "search" / "local", "search.opensearch": ROOT / "search" / "opensearch"}


@cases("file", [file for file in MODULES if file.relative_to(ROOT).parts[0] != "search"])
def test_above_search_nobody_knows_an_engine(file: Path) -> None:
    """An index is opened, checked and copied by its place, through `search.backends`."""
    assert {name for name in imports(file) if name.startswith(tuple(ENGINES))} == set()


@cases(("engine", "other"), list(permutations(ENGINES)))
def test_engines_do_not_know_of_each_other(engine: str, other: str) -> None:
    knowing = [file for file in ENGINES[engine].rglob("*.py") if {n for n in imports(file) if n.startswith(other)}]

    assert knowing == []


def test_imports_for_types_and_within_functions_count() -> None:
    source = """
        if TYPE_CHECKING:
            from search.local.engine import LocalEngine
        def opened():
            import falcon
    """

    assert facts_of(dedent(source)).imports == {"search.local.engine", "search.local.engine.LocalEngine", "falcon"}


@cases(("package", "order"), list(PACKAGES.items()))
def test_inside_a_package_imports_go_down(package: str, order: tuple[set[str], ...]) -> None:
    for file in (ROOT / package.replace(".", "/")).rglob("*.py"):
        assert upwards(file, package, order) == set(), file


@cases(("package", "order"), list(PACKAGES.items()))
def test_every_room_has_its_place(package: str, order: tuple[set[str], ...]) -> None:
    place = ROOT / package.replace(".", "/")
    found = {path.relative_to(place).parts[0].removesuffix(".py") for path in place.rglob("*.py")}

    assert found - {"__init__"} == set().union(*order) - {"__init__", "data"}


@cases("folder", sorted({file.parent for file in MODULES}))
def test_a_folder_is_seen_at_a_glance(folder: Path) -> None:
    modules = {_name(file): file for file in folder.glob("*.py") if file.stem != "__init__"}

    assert len(modules) <= MOST_FILES
    assert _floors({name: _modules(imports(file), set(modules)) for name, file in modules.items()}) <= MOST_FLOORS


def _floors(edges: Mapping[str, set[str]]) -> int:
    """How many modules stand on each other: the longest way of imports among some modules."""

    @cache
    def height(name: str) -> int:
        return 1 + max((height(used) for used in edges[name] - {name}), default=0)

    return max(map(height, edges), default=0)


def upwards(file: Path, package: str, order: tuple[set[str], ...]) -> set[str]:
    """What a module of a package imports from a later group of an order than its own."""
    level = {name: number for number, names in enumerate(order) for name in names}
    own = file.relative_to(ROOT / package.replace(".", "/")).parts[0].removesuffix(".py")
    used = {name.removeprefix(f"{package}.").split(".")[0] for name in imports(file) if name.startswith(f"{package}.")}
    return {name for name in used if name in level and level[name] > level[own]}


@cases("room", ROOMS)
def test_rooms_of_a_directory_import_one_way(room: str) -> None:
    place = ROOT / "search" / "local" / room
    files = sorted(place.rglob("*.py")) or [place.with_suffix(".py")]
    used = {name.split(".")[2] for file in files for name in imports(file) if name.startswith("search.local.")}

    assert used - {room} == ROOMS[room]


def test_every_module_of_a_directory_is_in_a_room() -> None:
    place = ROOT / "search" / "local"
    found = {path.relative_to(place).parts[0].removesuffix(".py") for path in place.rglob("*.py")}

    assert found - {"__init__"} == set(ROOMS)


@cases("file", sorted((ROOT / "benchmarks").rglob("*.py")))
def test_benchmarks_ask_as_everybody_does(file: Path) -> None:
    """What they measure is what anybody gets: through `search.open`, without a private name."""
    backends = {name for name in imports(file) if name.startswith(("search.local", "search.opensearch"))}

    assert backends == set()
    assert facts(file).private == set()
    assert not [name for name in imports(file) if name.startswith("search") and "._" in name]


UNPICKLING = {
    "pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.load", "marshal.loads", "shelve.open", "dill.load",
    "dill.loads", "joblib.load", "pandas.read_pickle", "whoosh.index.TOC.read", "TOC.read",
    "whoosh.index.open_dir", "open_dir", "FileIndex", "read_pickle", "open_index",
}  # fmt: skip
"""Calls that run what is in a file, Whoosh's that unpickle included."""
LOADING = {name.rpartition(".")[2] for name in UNPICKLING}
OWN_PROCESSES = {"indexer/workers/worker.py"}
"""Modules that unpickle what their own children send through a pipe that nobody else has."""


@cases("file", MODULES)
def test_nothing_is_unpickled(file: Path) -> None:
    calls = facts(file).loading
    called = {ast.unparse(call.func) for call in calls}
    unpickling = {name for name in called if name in UNPICKLING or name.rpartition(".")[2] in UNPICKLING}

    if file.relative_to(ROOT).as_posix() in OWN_PROCESSES:
        assert unpickling == {"pickle.loads"}
        loaded = [ast.unparse(call.args[0]) for call in calls if ast.unparse(call.func) == "pickle.loads"]
        assert all(what.endswith("pipe.recv_bytes()") for what in loaded)
    else:
        assert unpickling == set()
        assert not imports(file) & {"pickle", "marshal", "shelve", "pickle.loads", "pickle.load"}
    for call in calls:
        if ast.unparse(call.func) in ("np.load", "numpy.load"):
            assert "allow_pickle=False" in ast.unparse(call)


def test_no_property_is_computed_by_one_thread_at_a_time() -> None:
    """In Python 3.11 that of the standard library waits for other objects (see `search.system.lazy`)."""
    waiting = [file.name for file in MODULES if "functools.cached_property" in imports(file)]

    assert waiting == ["lazy.py"]


def test_every_module_says_what_it_is_for() -> None:
    silent = [file for file in MODULES if not facts(file).documented]

    assert silent == []


def test_modules_form_no_cycle() -> None:
    names = {_name(file): file for file in MODULES}
    edges = {name: _modules(imports(file), set(names)) - {name} for name, file in names.items()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above, name))
        if name not in done:
            for used in edges[name]:
                visit(used, (*above, name))
            done.add(name)

    for name in names:
        visit(name, ())


def _name(file: Path) -> str:
    return file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")


def _modules(imported: frozenset[str], known: set[str]) -> set[str]:
    """The modules meant: `from package import module` means the module, not what the package itself imports."""
    meant = imported & known
    return {name for name in meant if not any(other.startswith(f"{name}.") for other in meant)}


DOOR = ("search/system/disk.py", "search/system/database.py", "search/system/temporary.py")
"""The modules that change the disk; no other does."""
_OF_PATHS = {
    "write_text", "write_bytes", "mkdir", "rmdir", "rename", "unlink", "touch", "chmod", "lchmod", "symlink_to",
    "hardlink_to", "link_to", "tofile", "savez", "memmap", "open_memmap",
}  # fmt: skip
_OF_OS = {
    "mkdir", "makedirs", "rename", "renames", "replace", "remove", "unlink", "rmdir", "removedirs",
    "link", "symlink", "chmod", "fchmod", "chown", "fchown", "truncate", "ftruncate", "fsync", "fdatasync", "write",
    "pwrite", "writev", "mkfifo", "mknod", "utime", "sendfile", "copy_file_range",
}  # fmt: skip
_OF_ARRAYS = {"save", "savez", "savez_compressed"}
_NAMED = {*_OF_PATHS, *_OF_OS, *_OF_ARRAYS, "open", "fdopen", "replace"}
_MODULES = {"shutil", "tempfile", "sqlite3"}


def _changes_of_the_disk(statements: Iterable[ast.Import | ast.ImportFrom], calls: Iterable[ast.Call]) -> list[str]:
    lines = [f"{call.lineno}: {ast.unparse(call)}" for call in calls if _changes(call)]
    for node in statements:
        if isinstance(node, ast.Import):
            lines += [f"{node.lineno}: import {name.name}" for name in node.names if name.name in _MODULES]
        elif node.module in (*_MODULES, "os"):
            lines.append(f"{node.lineno}: from {node.module} import …")
    return lines


def _changes(call: ast.Call) -> bool:
    name = call.func
    if isinstance(name, ast.Name):
        return name.id == "open" and _writes(call, 1)
    if not isinstance(name, ast.Attribute) or name.attr not in _NAMED:
        return False
    of = ast.unparse(name.value)
    if of in ("disk", "temporary", "database"):
        return False
    if of == "os" and name.attr == "open":
        flags = ast.unparse(call.args[1])
        return "O_RDONLY" not in flags or any(flag in flags for flag in ("O_CREAT", "O_TRUNC", "O_WRONLY", "O_RDWR"))
    if of == "os":
        return _writes(call, 1) if name.attr == "fdopen" else name.attr in _OF_OS
    if name.attr == "replace":  # of a path; a text's takes two, a date's are named
        return len(call.args) == 1 and not call.keywords and of not in ("dataclasses", "copy")
    if name.attr == "open":
        return _writes(
            call, 1 if of in ("io", "gzip", "bz2", "lzma", "codecs", "builtins", "zipfile", "tarfile") else 0
        )
    return name.attr in _OF_PATHS or (of in ("np", "numpy") and name.attr in _OF_ARRAYS)


def _writes(call: ast.Call, place: int) -> bool:
    """Whether a call opens for writing, as far as its mode is a word in the source."""
    modes = [word.value for word in call.keywords if word.arg == "mode"] + list(call.args[place : place + 1])
    return any(isinstance(m, ast.Constant) and isinstance(m.value, str) and set(m.value) <= set("rwaxbt+")
               and bool(set(m.value) & set("wax+")) for m in modes)  # fmt: skip


@cases("file", MODULES)
def test_the_disk_is_changed_through_one_door(file: Path) -> None:
    if file.relative_to(ROOT).as_posix() not in DOOR:
        assert facts(file).changes == []


@cases(
    "line",
    [
        "open('x', 'w')", "path.open('ab')", "path.open(mode='r+b')", "io.open(path, 'x')", "path.write_text('')",
        "path.mkdir()", "path.replace(other)", "os.replace(a, b)", "os.open(path, os.O_WRONLY)", "path.unlink()",
        "import sqlite3", "import tempfile", "from shutil import rmtree", "from os import rename", "np.save(path, x)",
    ],
)  # fmt: skip
def test_a_change_of_the_disk_elsewhere_is_noticed(line: str) -> None:
    assert len(facts_of(line).changes) == 1


@cases("line", ["open(path)", "path.open('rb')", "text.replace('a', 'b')", "day.replace(day=1)", "disk.rename(a, b)"])
def test_reading_is_nobody_s_business(line: str) -> None:
    assert facts_of(line).changes == []
