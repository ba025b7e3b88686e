"""The plots of `docs/benchmarks.md`, from stored results: which numbers, and how they are drawn."""

from __future__ import annotations

from benchmarks import svg
from benchmarks.results import Kept
from benchmarks.tables import NAMES, pages, sizes


def plot(kept: Kept) -> tuple[str, str] | None:
    """The title of a benchmark's plot, and the plot as SVG; None if it has no plot or no results."""
    if not kept:
        return None
    if kept.name == "engine":
        size = sizes(kept)[0]
        title = f"A page, ms, {size:,} articles (less is better)"
        named = {kind: {NAMES[n]: v for n, v in by.items()} for kind, by in pages(kept, size).items()}
        return title, svg.bars(title, named)
    if kept.name == "growth":
        rows = kept.table("steps")
        names = {"p50": "page p50, ms", "p99": "page p99, ms", "open_ms": "opening, ms", "memory_mb": "a reader, MB"}
        series = {said: [(row["articles"], row[n]) for row in rows if row[n] > 0] for n, said in names.items()}
        return "What growth costs", svg.lines("What growth costs", "articles", series)
    if kept.name == "ingest":
        title = "Articles read, enriched and indexed a second (more is better)"
        forms: dict[str, dict[str, float]] = {}
        for row in kept.table("forms"):
            workers = f"{row['workers']} worker{'s' * (row['workers'] > 1)}"
            forms.setdefault(row["form"], {})[workers] = row["rate"]
        return title, svg.bars(title, forms)
    if kept.name == "cluster":
        title = "A page, ms, on one machine (less is better)"
        kinds: dict[str, dict[str, float]] = {}
        for row in kept.table("pages"):
            kinds.setdefault(row["kind"], {})[row["engine"]] = row["page"]
        return title, svg.bars(title, kinds)
    return None
