"""`python -m tests.mutants`, or `make mutants`: see `tests.mutants`.

The first run records which lines each test executes, in half an hour of an idle machine. Later ones take that from
`.mutants/map`, record the tests that are new or have changed, and take nothing about code that has changed since;
`--record` records all again. A run that is ended goes on where it was.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence

from tests.mutants import mutations, report, selection, trial
from tests.mutants.tree import FOLDER, ROOT, Tree, is_compiled


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
    tree = Tree.copy(FOLDER / "tree")
    if not asked.no_record:
        selection.record(tree, FOLDER / "map")
    choice = selection.Selection.read(tree, FOLDER / "map")
    results = run(tree, choice, asked, "test")
    quickly = sum(result.noticed for result in results)
    if asked.tier == "all":
        results = run(tree, choice, asked, "all", [result for result in results if result.noticed])
    told = report.told(results, asked.seed, quickly)
    (FOLDER / "report.md").write_text(told, "utf-8")
    print(told)
    return int(sum(result.noticed for result in results) < asked.floor * len(results))


def run(
    tree: Tree,
    choice: selection.Selection,
    asked: argparse.Namespace,
    tier: str,
    noticed: Sequence[report.Result] = (),
) -> list[report.Result]:
    """Try each mutant that is asked for with the tests of a tier, unless it was before, or is among those noticed."""
    limits = trial.Limits(asked.tests, asked.seconds)
    kept = report.StoredResults(FOLDER / f"results-{tier}.json")
    known = {result.mutant.name: result for result in noticed}
    bench = trial.Bench(tree, FOLDER, tier)
    cheap = selection.of_tier(tree, tier) if tier == "test" else None
    results: list[report.Result] = []
    drawn = mutations.drawn(ROOT, asked.count, asked.seed, FOLDER / "lines.json", asked.within)
    for number, mutant in enumerate(drawn, 1):
        if asked.no_kernels and is_compiled(mutant.path):
            continue
        result = known.get(mutant.name) or kept.of(mutant)
        if result is None or (asked.again and not result.noticed):
            tests = trial.chosen(choice.tests(mutant.path, mutant.line, cheap), limits)
            came = bench.run(mutant.path, mutant.source, tests)
            result = report.Result(mutant, came.outcome, len(tests), came.by)
            kept.keep(result)
        results.append(result)
        print(f"{number:4} {result.outcome:9} {mutant.path}:{mutant.line} {mutant.operator} {result.by}", flush=True)
    bench.close()
    return results


if __name__ == "__main__":
    sys.exit(main())
