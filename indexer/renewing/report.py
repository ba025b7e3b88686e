"""The result of renewing the facts of an index, in numbers: what was looked at, and which values came and went."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from indexer.report import MOST_WARNINGS, Report, Skipped
from search.system.json import Json
from search.values.article import Article

LISTED = ("person", "country", "topic", "author")
"""The facts of which an article has several, each of which may come and go."""
SINGLE = ("language", "published", "byline", "mentioned")
"""Other facts, of which it is only counted in how many articles they are others."""
SHOWN = 20
"""The values that are named of each, those that came to and went from most articles."""


@dataclass(slots=True)
class Moves:
    """How the values of one fact have moved.

    Attributes:
        articles: in how many articles it is another one.
        came, went: value → the number of articles that have it now and had it not, and the other way round.
    """

    articles: int = 0
    came: Counter[str] = field(default_factory=Counter)
    went: Counter[str] = field(default_factory=Counter)

    def most(self, count: int = SHOWN) -> list[tuple[str, int, int]]:
        """The values that moved most, ties by value: each with the number of articles it came to, and went from."""
        moved = Counter({value: self.came[value] + self.went[value] for value in self.came.keys() | self.went.keys()})
        first = sorted(moved.items(), key=lambda item: (-item[1], item[0]))[:count]
        return [(value, self.came[value], self.went[value]) for value, _ in first]


@dataclass(slots=True)
class Renewal:
    """The result of a run.

    Attributes:
        read: the articles that were looked at: those that follow, together.
        current: those whose facts are by these rules already.
        unchanged: those that have the same facts by these rules.
        renewed: those that have other facts.
        untold: those of which cannot be told what was read: the next run over the archive reads their files again.
        failed: those whose facts could not be found, and stay as they were; `warnings` says why, of the first.
        passed: those that somebody has changed or removed meanwhile.
        moves: fact → how its values have moved.
        complete: True if no article of the index is left.
    """

    read: int = 0
    current: int = 0
    unchanged: int = 0
    renewed: int = 0
    untold: int = 0
    failed: int = 0
    passed: int = 0
    moves: dict[str, Moves] = field(default_factory=lambda: {name: Moves() for name in (*LISTED, *SINGLE)})
    warnings: list[Skipped] = field(default_factory=list)
    complete: bool = False
    dry_run: bool = False
    seconds: float = 0.0
    generation: int = 0

    @property
    def done(self) -> int:
        """The articles of which nothing is left to do."""
        return self.current + self.unchanged + self.renewed + self.untold + self.failed + self.passed

    @property
    def moved(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Fact → value → the number of articles it came to, and went from."""
        return {
            name: {value: (moves.came[value], moves.went[value]) for value in moves.came.keys() | moves.went.keys()}
            for name, moves in self.moves.items()
        }

    @property
    def dated(self) -> int:
        """The articles with another date, or with other words of which one was read."""
        return self.moves["published"].articles + self.moves["byline"].articles

    def move(self, before: Article, after: Article) -> None:
        """Count an article that has other facts."""
        self.renewed += 1
        for name, moves in self.moves.items():
            then, now = getattr(before, name), getattr(after, name)
            moves.articles += then != now
            if name in LISTED:
                moves.came.update(set(now).difference(then))
                moves.went.update(set(then).difference(now))

    def warn(self, article_id: str, reason: str) -> None:
        """Add a warning about an article; the first of them are listed."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(Skipped(article_id, None, reason))

    def as_report(self, differences: int) -> Report:
        """It as the report of a job: articles with other facts are updated, those whose facts were not found warned of.

        Args:
            differences: how many stored questions find something else.
        """
        return Report(
            read=self.read,
            updated=self.renewed,
            unchanged=self.read - self.renewed,
            warnings=self.warnings,
            warning_count=self.failed,
            differences=differences,
            seconds=self.seconds,
            generation=self.generation,
        )

    def as_json(self) -> Json:
        """The report for programs."""
        counts = ("read", "current", "unchanged", "renewed", "untold", "failed", "passed")
        facts = {
            name: {"articles": moves.articles}
            | (
                {"came": moves.came.total(), "went": moves.went.total(), "values": _listed(moves)}
                if name in LISTED
                else {}
            )
            for name, moves in self.moves.items()
        }
        warned = [{"id": each.path, "reason": each.reason} for each in self.warnings]
        return {
            **{name: getattr(self, name) for name in counts},
            "facts": facts,
            "warnings": warned,
            "complete": self.complete,
            "dry_run": self.dry_run,
            "seconds": self.seconds,
            "generation": self.generation,
        }


def _listed(moves: Moves) -> list[Json]:
    return [{"value": value, "came": came, "went": went} for value, came, went in moves.most(1000)]
