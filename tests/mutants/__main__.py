"""`python -m tests.mutants`, or `make mutants`: see `tests.mutants`.

The first run records which lines each test executes, in an hour of two idle cores: those of `make test` before the
mutants are tried with it, then what `make check` adds. Later ones take that from `.mutants/map`, record the tests
that are new or have changed, and take nothing about code that has changed since; `--record` records all again. A run
that is ended goes on where it was. Each core has a tree of its own to try mutants in.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from tests.mutants import JOBS, mutations, report, selection, trial
from tests.mutants.tree import FOLDER, ROOT, Tree, is_compiled

Task = tuple[mutations.Mutant, report.Result | None, Sequence[selection.Test]]
"""A mutant, what came of it if that is known, and else the tests to run."""


def main() -> int:
    """Run the command; 1 where too few are noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description="Change the code, and run its tests.")
    parser.add_argument("--count", type=int, default=300, help="how many mutants (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="which (default 1)")
    parser.add_argument("--tests", type=int, default=100, help="run at most so many tests for one (default 100)")
    parser.add_argument("--seconds", type=float, default=30.0, help="and for so long, of processor time (default 30)")
    parser.add_argument("--floor", type=float, default=0.85, help="the share to be noticed (default 0.85)")
    parser.add_argument("--within", default="", metavar="PATH", help="of these, those whose path begins so")
    parser.add_argument("--no-kernels", action="store_true", help="leave out what is compiled: a minute for each")
    parser.add_argument("--again", action="store_true", help="run those again that were not noticed")
    parser.add_argument(
        "--tier", choices=("test", "all"), default="all", help="the tests of `make test` alone, or then all"
    )
    parser.add_argument("--record", action="store_true", help="record again which lines each test executes")
    parser.add_argument("--no-record", action="store_true", help="record nothing, and choose new tests by their names")
    asked = parser.parse_args()
    if asked.record:
        shutil.rmtree(FOLDER / "map", ignore_errors=True)
    trees = [Tree.copy(FOLDER / f"tree-{number}") for number in range(JOBS)]
    results = run(trees, asked, "test")
    quickly = sum(result.noticed for result in results)
    if asked.tier == "all":
        results = run(trees, asked, "all", [result for result in results if result.noticed])
    told = report.told(results, asked.seed, quickly)
    (FOLDER / "report.md").write_text(told, "utf-8")
    print(told)
    return int(sum(result.noticed for result in results) < asked.floor * len(results))


def run(
    trees: Sequence[Tree], asked: argparse.Namespace, tier: str, noticed: Sequence[report.Result] = ()
) -> list[report.Result]:
    """Try each mutant that is asked for with the tests of a tier, unless it was before, or is among those noticed."""
    recorded = [FOLDER / "map" / "test", *([FOLDER / "map" / "check"] if tier == "all" else [])]
    if not asked.no_record:
        selection.record(trees[0], recorded[-1])
    choice = selection.Selection.read(trees[0], recorded)
    limits = trial.Limits(asked.tests, asked.seconds)
    kept = report.StoredResults(FOLDER / f"results-{tier}.json")
    known = {result.mutant.name: result for result in noticed}
    benches = [trial.Bench(tree, FOLDER / f"bench-{number}", tier) for number, tree in enumerate(trees)]
    free: SimpleQueue[trial.Bench] = SimpleQueue()
    for bench in benches:
        free.put(bench)

    def tasks() -> Iterator[Task]:
        for mutant in mutations.drawn(ROOT, asked.count, asked.seed, FOLDER / "lines.json", asked.within):
            if not (asked.no_kernels and is_compiled(mutant.path)):
                result = known.get(mutant.name) or kept.of(mutant)
                if result is not None and (result.noticed or not asked.again):
                    yield mutant, result, ()
                else:
                    yield mutant, None, trial.chosen(choice.tests(mutant.path, mutant.line), limits)

    def tried(task: Task) -> report.Result:
        mutant, result, tests = task
        if result is not None:
            return result
        bench = free.get()
        try:
            came = bench.run(mutant.path, mutant.source, tests)
        finally:
            free.put(bench)
        return report.Result(mutant, came.outcome, len(tests), came.by)

    results: list[report.Result] = []
    with ThreadPoolExecutor(len(benches)) as pool:
        for number, result in enumerate(pool.map(tried, tasks()), 1):
            kept.keep(result)
            results.append(result)
            at = f"{result.mutant.path}:{result.mutant.line} {result.mutant.operator}"
            print(f"{number:4} {result.outcome:9} {at} {result.by}", flush=True)
    for bench in benches:
        bench.close()
    return results


if __name__ == "__main__":
    sys.exit(main())
