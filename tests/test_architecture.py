"""Who may import whom, read from the source: deferred imports included."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(file for package in ("search", "indexer", "service") for file in (ROOT / package).rglob("*.py"))
ABOVE = {"search": {"indexer", "service"}, "indexer": {"service"}, "service": set()}
KEPT_TO = {
    "whoosh": "search/local/",
    "falcon": "service/",
    "gunicorn": "service/",
    "jinja2": "service/",
    "click": "service/",
    "opensearchpy": "search/opensearch/",
}
ORDER = (
    {"text", "errors", "budget", "data"},
    {"vocabulary", "dates", "spellings"},
    {"fields", "article"},
    {"authority", "record"},
    {"query", "results", "syntax", "completion"},
    {"calendar", "similar", "did_you_mean"},
    {"engine"},
    {"snippets"},
    {"local", "opensearch"},
    {"backends", "loading"},
    {"__init__"},
)
"""Inside `search`, downwards only: a module imports from earlier groups, or its own."""


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written in full"
            found.add(node.module or "")
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_go_one_way(file: Path) -> None:
    package = file.relative_to(ROOT).parts[0]
    tops = {name.split(".")[0] for name in imports(file)}

    assert not tops & ABOVE[package]
    for library, place in KEPT_TO.items():
        assert library not in tops or file.relative_to(ROOT).as_posix().startswith(place)


@pytest.mark.parametrize("file", sorted((ROOT / "search").rglob("*.py")), ids=lambda f: str(f.relative_to(ROOT)))
def test_inside_search_imports_go_down(file: Path) -> None:
    level = {name: number for number, names in enumerate(ORDER) for name in names}
    own = file.relative_to(ROOT / "search").parts[0].removesuffix(".py")
    used = {name.split(".")[1] for name in imports(file) if name.startswith("search.")}

    assert {name for name in used if name in level and level[name] > level[own]} == set()


UNPICKLING = {
    "pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.load", "marshal.loads", "shelve.open", "dill.load",
    "dill.loads", "joblib.load", "pandas.read_pickle", "whoosh.index.TOC.read", "TOC.read",
    "whoosh.index.open_dir", "open_dir", "FileIndex", "read_pickle", "open_index",
}  # fmt: skip
"""Calls that run what is in a file, Whoosh's that unpickle included."""
OWN_PROCESSES = {"indexer/crew.py"}
"""Modules that unpickle what their own children send through a pipe that nobody else has."""


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_is_unpickled(file: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
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


def test_every_module_says_what_it_is_for() -> None:
    silent = [file for file in MODULES if not ast.get_docstring(ast.parse(file.read_text("utf-8")))]

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


def _modules(imported: set[str], known: set[str]) -> set[str]:
    """The modules meant: `from package import module` means the module, not what the package itself imports."""
    meant = imported & known
    return {name for name in meant if not any(other.startswith(f"{name}.") for other in meant)}


HURRIED = re.compile(
    r"\btimeout=\d+(?![\ds]*&)|(?:monotonic|perf_counter|time\.time)\(\) \+ \d|\.(?:join|wait)\(\d|"
    r"create_connection\(\([^()]*(?:\([^()]*\)[^()]*)*\), \d|HTTPConnection\([^()]*timeout=\d|range\(\d{3,}\):\s+try:"
)
"""A deadline of its own in a test, which a busy machine meets where nothing is wrong."""


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: path.name)
def test_tests_have_no_deadlines_but_that_of_waiting(path: Path) -> None:
    found = [match[0] for match in HURRIED.finditer(path.read_text("utf-8")) if path != Path(__file__)]

    assert not found, "Wait for a state with tests.waiting.until, and give processes and sockets waiting.HANG_S."
