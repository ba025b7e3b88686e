"""How much of what is read, found and grouped is right: pages, facts, copies, events."""

from __future__ import annotations

from benchmarks.results import Measurements, Row
from benchmarks.tables.markdown import Aim, aims, grid


def quality(stored: Measurements) -> str:
    """Every figure of the enrichment with its floor."""
    rows = stored.table("figures")
    return grid(
        ("figure", "now", "floor"),
        [
            (r["figure"], f"{r['now']:.4g}", "" if r["floor"] is None else f"{r['floor']:.4g}")
            for r in rows
        ],
    )  # fmt: skip


def facts(stored: Measurements) -> str:
    """Facts of today's news, compared with spaCy's models and with the aims."""
    rows = {(r["system"], r["fact"], r["part"]): r for r in stored.table("facts")}
    systems = list(dict.fromkeys(system for system, *_ in rows))
    parts = list(dict.fromkeys(part for *_, part in rows))
    named = list(dict.fromkeys((system, fact) for system, fact, _ in rows))
    table = grid(
        ("", *(f"{part} ({rows[systems[0], 'persons', part]['articles']})" for part in parts)),
        [(f"{system}: {fact}", *(_found(rows[system, fact, part]) for part in parts)) for system, fact in named],
    )
    days = {row["group"]: row for row in stored.table("days")}
    dated = grid(
        ("days by", "known", "found", "right"),
        [(name, *(f"{row[column]:,}" for column in ("known", "found", "right"))) for name, row in days.items()],
    )
    (bbc,) = stored.table("bbc")
    aimed = {
        ("persons", "all"): 0.93, ("persons", "web"): 0.92, ("countries", "all"): 0.95, ("main countries", "all"): 0.96,
        ("topic is main", "all"): 0.85, ("topic is right", "all"): 0.95,
    }  # fmt: skip
    goals: list[Aim] = [
        (f"{fact}, {part} {aim}", f"{value:.3f}", value >= aim)
        for (fact, part), aim in aimed.items()
        for value in (rows[systems[0], fact, part]["value"],)
    ]
    goals.append(("BBC's sections .90", f"{bbc['value']:.3f}", bbc["value"] >= 0.9))
    recall = min(days[name]["right"] / days[name]["known"] for name in ("address", "line"))
    precision = days["all"]["right"] / max(days["all"]["found"], 1)
    goals.append(("days of addresses and lines .95", f"{recall:.3f}", recall >= 0.95))
    goals.append(("days found that are right .99", f"{precision:.3f}", precision >= 0.99))
    return f"{table}\n{dated}\n{aims(*goals)}"


def _found(row: Row) -> str:
    """A share, or precision, recall and F1."""
    values = (row["precision"], row["recall"], row["value"])
    return " / ".join(f"{value:.3f}" for value in values if value is not None)


def pages_read(stored: Measurements) -> str:
    """Saved pages: lost ones, and accuracy of text and dates, compared with the libraries alone."""
    (read,) = stored.table("read")
    shares = {row["share"]: row for row in stored.table("shares")}
    dates = {row["count"]: row for row in stored.table("dates")}
    table = grid(
        ("", "Dateline", "alone"),
        [
            *[(f"text: {name}", f"{r['dateline']:.4f}", f"{r['trafilatura']:.4f}") for name, r in shares.items()],
            *[(f"dates: {name}", f"{r['dateline']:.4f}", f"{r['htmldate']:.4f}") for name, r in dates.items()],
        ],
    )
    reasons = "".join(f"- {row['times']:,} rejected: {row['reason']}\n" for row in stored.table("reasons"))
    exact = dates["exact"]["dateline"]
    goals: list[Aim] = [("0 internal errors", str(read["internal_errors"]), read["internal_errors"] == 0)]
    for name, row in shares.items():
        more = row["dateline"] - row["trafilatura"]
        goals.append((f"{name}: not below trafilatura's", f"{more:+.4f}", more >= 0))
    goals.append(("dates exact .92", f"{exact:.4f}", exact >= 0.92))
    return (
        f"{read['pages']:,} pages, {read['articles']:,} articles, {read['titles']:,} of them with a title, in "
        f"{read['languages']} languages. “Alone” are trafilatura and htmldate as they come.\n\n{reasons}\n{table}\n"
        f"{aims(*goals)}"
    )


def copies(stored: Measurements) -> str:
    """Detection of near-duplicates, compared with pairs judged by a person."""
    pairs = {row["split"]: row for row in stored.table("pairs")}
    (found,) = stored.table("groups")
    growth = stored.table("growth")
    table = grid(
        ("pairs", "read as", "in one group", "apart"),
        [(row["split"], row["label"], str(row["together"]), str(row["apart"])) for row in stored.table("labels")],
    )
    times = grid(
        ("articles", "µs of the processor each"),
        [(f"{row['articles']:,}", f"{row['microseconds']:.0f}") for row in growth],
    )
    return f"{table}\n{found['groups']:,} groups of {found['members']:,} articles.\n\n{times}\n" + aims(
        *(
            (f"{split}: {name} {least}", f"{pairs[split][name]:.3f}", pairs[split][name] >= float(least))
            for split in ("drawn", "test")
            for name, least in (("precision", ".90"), ("recall", ".85"))
        ),
    )


def events(stored: Measurements) -> str:
    """Threads of events, and similar articles, compared with events found by reading."""
    threads = stored.table("threads")
    listed = grid(
        (
            "split",
            "what is listed",
            "precision",
            "recall",
            "F1",
            "listed",
            "not judged",
            "single articles with a thread",
        ),
        [
            (
                row["split"],
                row["method"],
                *(f"{row[name]:.3f}" for name in ("precision", "recall", "f1")),
                f"{row['listed']:,}",
                f"{row['unjudged']:,}",
                f"{row['alone']} of {row['singles']}",
            )
            for row in threads
        ],
    )
    orders = grid(
        ("relevant by", "split", "similar articles, by", "P@5", "P@10", "nDCG@10", "p"),
        [
            (
                row["on"],
                row["split"],
                f"{row['order']} ({row['weights']})" if row["weights"] else row["order"],
                *(f"{row[name]:.3f}" for name in ("at5", "at10", "ndcg", "p")),
            )
            for row in stored.table("ranks")
        ],
    )
    found = {row["split"]: row["precision"] for row in threads if row["method"] == "event"}
    return f"{listed}\n{orders}\n" + aims(
        *((f"precision .90 on {split}", f"{value:.3f}", value >= 0.90) for split, value in found.items())
    )


MIXED = 0.01
"""The greatest share of words that may be read in the wrong place."""


def scans(stored: Measurements) -> str:
    """Pages that have no text, read."""
    rows = stored.table("pages")
    table = grid(
        ("columns", "print", "words", "wrong in order, %", "in any order, %", "CPU s a page"),
        [
            (
                str(row["columns"]),
                row["wear"],
                f"{row['words']:,}",
                f"{100 * row['ordered']:.1f}",
                f"{100 * row['anyhow']:.1f}",
                f"{row['cpu']:.1f}",
            )
            for row in rows
        ],
    )
    moved = max(float(row["ordered"] - row["anyhow"]) for row in rows)
    return f"{table}\n" + aims(
        (f"words in the wrong place: {100 * MIXED:.0f} % at most", f"{100 * moved:.1f} %", moved <= MIXED)
    )


def legibility(stored: Measurements) -> str:
    """Shares of known words, and how well they separate text from misread text."""
    table = grid(
        ("language", "text", "known, %", "noise", "known, %", "AUC", "to today's noise", "legible, %"),
        [
            (
                row["language"],
                f"{row['texts']} {row['age']}",
                f"{100 * row['known']:.1f}",
                f"{row['rate']:g}",
                f"{100 * row['noise']:.1f}",
                f"{row['auc']:.3f}",
                f"{row['today']:.3f}",
                f"{100 * row['legible']:.0f}",
            )
            for row in stored.table("figures")
        ],
    )
    (cost,) = stored.table("cost")
    return f"{table}\n" + aims(("at most 1.5 % of enrichment", f"{100 * cost['share']:.1f} %", cost["share"] <= 0.015))
