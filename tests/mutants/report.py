"""What came of the mutants: kept while they are run, so that a run that is ended can go on, and told at its end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutations import Mutant
from tests.mutants.trial import Outcome


@dataclass(frozen=True)
class Result:
    """A mutant, what came of it, of how many tests, and which noticed it."""

    mutant: Mutant
    outcome: Outcome
    tests: int
    by: str = ""

    @property
    def noticed(self) -> bool:
        """Whether a test failed, or never ended."""
        return self.outcome in ("killed", "endless")


class StoredResults:
    """The outcomes of earlier runs, in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, tuple[Outcome, int, str]] = json.loads(path.read_text()) if path.exists() else {}

    def of(self, mutant: Mutant) -> Result | None:
        """What came of a mutant before."""
        known = self._known.get(mutant.name)
        return Result(mutant, *known) if known is not None else None

    def keep(self, result: Result) -> None:
        """Remember what came of one."""
        self._known[result.mutant.name] = result.outcome, result.tests, result.by
        self._path.write_text(json.dumps(self._known, indent=0))


def told(results: Sequence[Result], seed: int, quickly: int) -> str:
    """The report, in Markdown; `quickly` is how many the tests of `make test` noticed."""
    counts = Counter(result.outcome for result in results)
    noticed = sum(result.noticed for result in results)
    lines = [
        f"{noticed} of {len(results)} mutants were noticed, {noticed / max(1, len(results)):.1%} (seed {seed}), "
        f"{quickly} by `make test` alone:",
        ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()) + ".",
        "",
    ]
    for package in sorted({result.mutant.path.partition("/")[0] for result in results}):
        own = [result.noticed for result in results if result.mutant.path.startswith(f"{package}/")]
        lines.append(f"- `{package}`: {sum(own)} of {len(own)}")
    for result in results:
        if not result.noticed:
            passed = f"{result.tests} tests pass" if result.outcome == "survived" else "left undecided"
            told = passed if result.tests else "no test executes it"
            lines += ["", f"`{result.mutant.path}:{result.mutant.line}`, {result.mutant.operator}: {told}"]
            lines += ["```diff", result.mutant.diff, "```"]
    return "\n".join(lines) + "\n"
