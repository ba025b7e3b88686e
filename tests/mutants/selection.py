"""Which tests to run for a line: those that execute it, in processes that they start too.

First come those named after its module, then those of which most of what they execute is in the module, for what they
cost; one of each file with tests before a second one, so that the first few are not all alike.

A line that no test is seen to execute is one of four. It runs when its module is imported, as constants do, or is
compiled, as kernels are: then tests are taken that execute a line which names what is defined there, and where such
lines are of that kind themselves, those that name what is defined around these. Or it runs in other processes only, or
none tests it. For all of them the tests are taken too that are named after the module, or else import it; and for any
line such files of tests as were written or changed since, whole.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path, PurePosixPath

from coverage import CoverageData

from tests.mutants import COSTS, COVERAGE, JOBS, PACKAGES, SHARED
from tests.mutants.tree import Tree, digest

PACKAGES_OF_TESTS = (
    "tests/desk", "tests/indexer", "tests/search", "tests/service", "tests/reliability", "tests/security",
    "tests/test_dateline.py", "tests/test_docs.py", "tests/test_example_programs.py", "tests/test_examples.py",
)  # fmt: skip
"""What is recorded: not what needs nodes of a cluster or a browser."""
LEFT_OUT = (
    "tests/indexer/enrich/test_quality.py", "tests/indexer/enrich/test_growth.py",
    "tests/indexer/test_whole_archive.py", "tests/service/test_fuzz.py", "tests/service/test_time.py",
)  # fmt: skip
"""What costs too much for what it would find."""
SOURCES = "sources.json"
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
_FAR = 3
"""How many steps away names are followed."""


def record(tree: Tree, folder: Path, within: Sequence[str] = PACKAGES_OF_TESTS) -> None:
    """Run the tests of a tier, several folders at once, and write down which lines each executes.

    What was recorded stays: only files with tests are run that have changed since, or are new.

    Args:
        folder: where to; named after the tier.
        within: the folders to take.
    """
    parts = list(_parts(folder))
    sources = {path.relative_to(tree.path).as_posix(): digest(path) for path in tree.path.rglob("*.py")}
    files = [name for name in _test_files(tree.path) if name.startswith(tuple(within)) and name not in LEFT_OUT]
    new: dict[str, list[str]] = {}
    for name in files:
        if not any(part.has(name, sources[name]) for part in parts):
            new.setdefault(str(PurePosixPath(name).parent), []).append(name)

    def recorded(own: Sequence[str], into: Path) -> None:
        into.mkdir(parents=True)
        (into / SOURCES).write_text(json.dumps(sources | dict.fromkeys(set(_test_files(tree.path)) - set(own), "")))
        command = [*PYTEST, "--tier", folder.name, "-p", "tests.mutants.recorder", *own]
        environment = tree.environment(MUTANTS_FOLDER=str(into))
        with (into / "log.txt").open("w") as log:
            subprocess.run(command, cwd=tree.path, env=environment, check=False, stdout=log, stderr=log)

    first = len(list(folder.glob("*")))
    with ThreadPoolExecutor(JOBS) as pool:
        largest = sorted(new.items(), key=lambda item: -len(item[1]))
        tasks = {
            pool.submit(recorded, own, folder / f"{number:03}-{inner.replace('/', '-')}"): inner
            for number, (inner, own) in enumerate(largest, first)
        }
        for done in as_completed(tasks):
            done.result()
            print(f"recorded {tasks[done]}, tests of “{folder.name}”", flush=True)


@dataclass(frozen=True)
class _Part:
    """What one run of `record` wrote for a folder: the folder, and the files as they were, of tests those it ran."""

    folder: Path
    sources: dict[str, str]

    def has(self, name: str, sha: str) -> bool:
        return self.sources.get(name) == sha


def _parts(folder: Path) -> Iterator[_Part]:
    """The parts that were finished, in the order in which they were recorded."""
    for costs in sorted(folder.glob(f"*/{COSTS}")):
        yield _Part(costs.parent, json.loads((costs.parent / SOURCES).read_text()))


def _test_files(root: Path) -> list[str]:
    """The files with tests, of those folders that are recorded."""
    parts = [root / part for part in PACKAGES_OF_TESTS]
    paths = [path for part in parts for path in ([part] if part.is_file() else sorted(part.rglob("test_*.py")))]
    return [path.relative_to(root).as_posix() for path in paths]


@dataclass(frozen=True)
class Test:
    """A test, and the processor time it takes.

    Attributes:
        name: as pytest knows it.
        cost: seconds of its own.
        shared: of each fixture that it shares with others, the seconds; one that several tests use is made once.
    """

    name: str
    cost: float
    shared: Mapping[str, float] = field(default_factory=dict)

    @property
    def alone(self) -> float:
        """The seconds it takes where no other test runs."""
        return self.cost + sum(self.shared.values())


def cost_of(tests: Iterable[Test]) -> float:
    """The processor time that tests take together."""
    tests = list(tests)
    shared: dict[str, float] = {}
    for test in tests:
        shared |= test.shared
    return sum(test.cost for test in tests) + sum(shared.values())


@dataclass
class Selection:
    """What was recorded.

    Attributes:
        root: the tree.
        executed: path → line → tests.
        known: the tests that passed.
    """

    root: Path
    executed: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    known: dict[str, Test] = field(default_factory=dict)

    @classmethod
    def read(cls, tree: Tree, folders: Sequence[Path]) -> Selection:
        """Read what `record` has written, the later folder before the earlier; of files changed since, nothing."""
        found = cls(tree.path)
        now = {name: digest(tree.path / name) for name in _test_files(tree.path)}
        for part in chain.from_iterable(map(_parts, folders)):
            costs: dict[str, float] = json.loads((part.folder / COSTS).read_text())
            fixtures = json.loads((part.folder / SHARED).read_text())
            users: dict[str, list[str]] = {name: fixture["users"] for name, fixture in fixtures.items()}
            shared: dict[str, dict[str, float]] = defaultdict(dict)
            for name, those in users.items():
                for test in those:
                    shared[test][name] = fixtures[name]["cost"]
            known = {
                test: Test(test, cost, shared[test])
                for test, cost in costs.items()
                if part.has(file := _file(test), now.get(file, "gone"))
            }
            found.known |= known
            data = CoverageData(str(part.folder / COVERAGE))
            data.read()
            for path in data.measured_files():
                if not Path(path).is_relative_to(tree.path):  # a copy that a test has made
                    continue
                name = Path(path).relative_to(tree.path).as_posix()
                if not (tree.path / name).exists() or not part.has(name, digest(tree.path / name)):
                    continue
                for line, contexts in data.contexts_by_lineno(path).items():
                    tests = chain.from_iterable(users.get(context, (context,)) for context in contexts)
                    found.executed[name][line].update(test for test in tests if test in known)
        return found

    def tests(self, path: str, line: int) -> list[Test]:
        """The tests for a line, the most promising first: see above. Of a function, one case comes before a second."""
        named = self._named_after(path)
        names = self._of_line(path, line, 0) or self._of_line(path, line, _FAR) | named
        names |= {name for name in named if "::" not in name}
        names -= {*LEFT_OUT}
        found = [self.known.get(name, Test(name, 5.0)) for name in names if "\\" not in name]  # pytest misreads those
        shares = self._shares(path)
        found.sort(key=lambda test: (-shares[test.name] / (1 + test.alone), test.alone, test.name))
        cases: Counter[str] = Counter()
        turns: Counter[tuple[str, int]] = Counter()
        order: dict[str, tuple[bool, bool, int, int]] = {}
        for test in found:
            function, file = test.name.partition("[")[0], _file(test.name)
            case, is_own = cases[function], _is_named_after(file, path)
            order[test.name] = not is_own, "::" in test.name, case, 0 if is_own else turns[file, case]
            cases[function] += 1
            turns[file, case] += 1
        return sorted(found, key=lambda test: order[test.name])

    @cache  # noqa: B019
    def _shares(self, path: str) -> Mapping[str, float]:
        """Of each test, how much of what it executes is in a file."""
        here: Counter[str] = Counter(chain.from_iterable(self.executed[path].values()))
        return defaultdict(float, {test: lines / self._lines()[test] for test, lines in here.items()})

    @cache  # noqa: B019
    def _lines(self) -> Counter[str]:
        """How many lines each test executes."""
        return Counter(test for lines in self.executed.values() for tests in lines.values() for test in tests)

    def _of_line(self, path: str, line: int, far: int) -> set[str]:
        first, last, name = self._statement(path, line)
        found: set[str] = set()
        if line in _in_functions(self.root / path):  # else what a test starts only imports it
            for each in range(first, last + 1):
                found |= self.executed[path][each]
        if found or not far or not name:
            return found
        for other, at in self._naming(name):
            if (other, at) != (path, line) and not (other == path and first <= at <= last):
                found |= self.executed[other][at]
        if not found:
            for other, at in self._naming(name):
                if not (other == path and first <= at <= last) and self._statement(other, at)[2] not in ("", name):
                    found |= self._of_line(other, at, far - 1)
        return found

    def _named_after(self, path: str) -> set[str]:
        """The tests in a file named after a module, else after its folder and in those that import it, else in its
        folder; of files not recorded, the files.
        """
        stem, folder = PurePosixPath(path).stem, PurePosixPath(path).parent
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        imports = re.compile(
            rf"^(?:from|import) {module}\b|^from {module.rpartition('.')[0]} import .*\b{stem}\b", re.M
        )
        files = self._files()
        found = (
            [name for name in files if _is_named_after(name, path)]
            or [name for name, text in files.items() if _is_named_after(name, f"{folder}.py") or imports.search(text)]
            or [name for name in files if PurePosixPath(name).parent == "tests" / folder]
        )
        tests = {test for test in self.known if _file(test) in found}
        return tests | {name for name in found if not any(test.startswith(f"{name}::") for test in tests)}

    @cache  # noqa: B019
    def _files(self) -> dict[str, str]:
        """The files with tests, of those that are recorded."""
        return {name: (self.root / name).read_text("utf-8") for name in _test_files(self.root)}

    def _statement(self, path: str, line: int) -> tuple[int, int, str]:
        """The lines of the smallest statement around a line, and the name by which others know it."""
        return _statements(self.root / path).get(line, (line, line, ""))

    @cache  # noqa: B019
    def _naming(self, name: str) -> list[tuple[str, int]]:
        return [(path, line) for path, lines in self._words().items() for line in lines.get(name, ())]

    @cache  # noqa: B019
    def _words(self) -> dict[str, dict[str, list[int]]]:
        found: dict[str, dict[str, list[int]]] = {}
        for path in [path for package in PACKAGES for path in (self.root / package).rglob("*.py")]:
            words = found[path.relative_to(self.root).as_posix()] = defaultdict(list)
            for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
                for word in set(re.findall(r"\w+", text)):
                    words[word].append(number)
        return found

    def __hash__(self) -> int:
        return id(self)


@cache
def _statements(path: Path) -> dict[int, tuple[int, int, str]]:
    """Line → first and last line of the smallest statement there, and the outermost name it defines or is part of."""
    found: dict[int, tuple[int, int, str]] = {}
    for node, name in _walk(ast.parse(path.read_text("utf-8")), ""):
        last = node.body[0].lineno - 1 if isinstance(node, _COMPOUND) else node.end_lineno or node.lineno
        for line in range(node.lineno, max(last, node.lineno) + 1):
            found[line] = node.lineno, max(last, node.lineno), name
    return found


@cache
def _in_functions(path: Path) -> frozenset[int]:
    """The lines that run when a function is called, not when the file is imported."""
    functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    return frozenset(
        line for node in functions for line in range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
    )


_COMPOUND = (ast.FunctionDef, ast.ClassDef, ast.If, ast.For, ast.While, ast.With, ast.Try)


def _is_named_after(test: str, path: str) -> bool:
    """Whether a file with tests is named after a module of the package that it tests."""
    package, name = path.partition("/")[0], PurePosixPath(path).name
    return test.startswith(f"tests/{package}/") and test.endswith(f"/test_{name}")


def _file(test: str) -> str:
    return test.partition("::")[0]


def _walk(node: ast.AST, name: str) -> Iterator[tuple[ast.stmt, str]]:
    """The statements in a node, each after those around it."""
    for child in ast.iter_child_nodes(node):
        known = name
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            known = child.name if not name or name[0].isupper() else name
        elif isinstance(child, ast.Assign | ast.AnnAssign) and (not name or name[0].isupper()):
            target = child.targets[0] if isinstance(child, ast.Assign) else child.target
            known = target.id if isinstance(target, ast.Name) else name
        if isinstance(child, ast.stmt):
            yield child, known
        yield from _walk(child, known)
