"""The plots of `docs/benchmarks.md`, from stored results: which numbers, and how they are drawn."""

from __future__ import annotations

from benchmarks import svg
from benchmarks.results import Measurements
from benchmarks.tables import NAMES, pages, sizes


def plot(stored: Measurements) -> tuple[str, str] | None:
    """The title of a benchmark's plot, and the plot as SVG; None if it has no plot or no results."""
    if not stored:
        return None
    if stored.name == "engine":
        size = sizes(stored)[0]
        title = f"A page, ms, {size:,} articles (less is better)"
        named = {kind: {NAMES[n]: v for n, v in by.items()} for kind, by in pages(stored, size).items()}
        return title, svg.bars(title, named)
    if stored.name == "growth":
        rows = stored.table("steps")
        names = {"p50": "page p50, ms", "p99": "page p99, ms", "open_ms": "opening, ms", "memory_mb": "a reader, MB"}
        series = {label: [(row["articles"], row[n]) for row in rows if row[n] > 0] for n, label in names.items()}
        return "What growth costs", svg.lines("What growth costs", "articles", series)
    if stored.name == "ingest":
        title = "Articles read, enriched and indexed a second (more is better)"
        forms: dict[str, dict[str, float]] = {}
        for row in stored.table("forms"):
            workers = f"{row['workers']} worker{'s' * (row['workers'] > 1)}"
            forms.setdefault(row["form"], {})[workers] = row["rate"]
        return title, svg.bars(title, forms)
    if stored.name == "cluster":
        title = "A page, ms, on one machine (less is better)"
        kinds: dict[str, dict[str, float]] = {}
        for row in stored.table("pages"):
            kinds.setdefault(row["kind"], {})[row["engine"]] = row["page"]
        return title, svg.bars(title, kinds)
    return None
