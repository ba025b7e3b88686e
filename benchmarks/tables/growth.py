"""What more of everything costs or gains: more articles, more threads and processes."""

from __future__ import annotations

from benchmarks.results import Measurements
from benchmarks.tables.markdown import aims, grid, ms

_VIEWS = {"name_ms": "name CPU ms", "draft_ms": "draft CPU ms"}
"""The views of the desk in growth, if they were measured."""


def growth(stored: Measurements) -> str:
    """How cost grows with the archive."""
    rows = stored.table("steps")
    head = ["articles", "built/s", "bytes each", "open ms", "first ms", "page p50", "p99", "reader MB", "4 threads",
            "1,000 more", "writer MB"]  # fmt: skip
    views = {name: title for name, title in _VIEWS.items() if all(name in row for row in rows)}
    table = grid(
        [*head, *views.values()],
        [
            (
                f"{r['articles']:,}", f"{r['built']:,.0f}", f"{r['bytes']:,.0f}", f"{r['open_ms']:.0f}",
                f"{r['first_ms']:.0f}", ms(r["p50"]), ms(r["p99"]), f"{r['memory_mb']:.0f}", f"{r['threads']:.2f} ×",
                f"{r['added_s']:.1f} s", f"{r['writer_mb']:,.0f}", *(ms(r[name]) for name in views),
            )
            for r in rows
        ],
    )  # fmt: skip
    last = rows[-1]
    whole = last["articles"] >= 1_000_000
    at = "" if whole else f" (at {last['articles']:,})"
    limits = (
        ("page p50 within 20 ms", "p50", "ms", 20), ("page p99 within 100 ms", "p99", "ms", 100),
        ("opens within 300 ms", "open_ms", "ms", 300), ("first query within 1,000 ms", "first_ms", "ms", 1000),
        ("a reader's private memory within 150 MB", "memory_mb", "MB", 150),
        ("1,000 more are found within 2 s", "added_s", "s", 2), ("the writer within 2,000 MB", "writer_mb", "MB", 2000),
        ("the page of a name within 100 ms", "name_ms", "ms", 100), ("a draft within 300 ms", "draft_ms", "ms", 300),
    )  # fmt: skip
    goals = [
        (f"{aim}{at}", f"{ms(last[name])} {unit}", last[name] <= most)
        for aim, name, unit, most in limits
        if name in last
    ]
    goals.append((f"four threads on two cores 1.6 × one{at}", f"{last['threads']:.2f} ×", last["threads"] >= 1.6))
    pauses = "".join(
        f"\nWhile all segments were rewritten, in {row['rewrite_s']:.0f} s, pages took {ms(row['rewrite_p50'])} ms "
        f"(p50), {ms(row['rewrite_p99'])} (p99) and {ms(row['rewrite_most'])} at most; before, {ms(row['rest_p50'])}, "
        f"{ms(row['rest_p99'])} and {ms(row['rest_most'])}.\n"
        for row in stored.table("rewriting")
    )
    return f"{table}{pauses}\nThe aims are for a million articles.\n\n{aims(*goals)}"


def threads(stored: Measurements) -> str:
    """What threads and processes of one machine reach together."""
    rows = stored.table("tasks")
    columns = {
        "threads_2": "2 threads",
        "threads_4": "4 threads",
        "threads_8": "8 threads",
        "processes_2": "2 processes",
    }
    table = grid(
        ("together by one", "one, a second", *columns.values()),
        [(row["task"], f"{row['one']:,.0f}", *(f"{row[name]:.2f} ×" for name in columns)) for row in rows],
    )
    four = rows[0]["threads_4"]
    aim = ("four threads 1.8 × one", f"{four:.2f} ×", four >= 1.8)
    return f"{rows[0]['articles']:,} articles.\n\n{table}\n{aims(aim)}"
