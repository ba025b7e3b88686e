"""A cluster: compared with the local engine, and what many names cost there."""

from __future__ import annotations

from benchmarks.results import Measurements
from benchmarks.tables.markdown import Aim, aims, grid, least, ms


def cluster(stored: Measurements) -> str:
    """The local engine compared with a cluster on the same machine."""
    rates = {row["engine"]: row["pages"] for row in stored.table("rates")}
    fill = {row["engine"]: row for row in stored.table("fill")}
    kinds: dict[str, dict[str, float]] = {}
    for row in stored.table("pages"):
        kinds.setdefault(row["kind"], {})[row["engine"]] = row["page"]
    names = list(rates)
    table = grid(
        ("", *names),
        [
            ("pages a second, one thread", *[f"{rates[n]:,.1f}" for n in names]),
            *[(f"{kind}, ms", *[ms(by[n]) for n in names]) for kind, by in kinds.items()],
            ("articles indexed a second", *[f"{fill[n]['rate']:,.0f}" for n in names]),
            ("bytes an article", *[f"{fill[n]['bytes']:,.0f}" for n in names]),
        ],
    )
    gain = rates["local"] / rates["1 node"]
    goals: list[Aim] = [("5 × the pages of one node", f"{gain:.1f} ×", gain >= 5)]
    for row in stored.table("agreement"):
        goals.append((f"{row['questions']} questions answered alike", f"{row['differ']} differ", row["differ"] == 0))
        goals.append(("of the ten best .9 the same", f"{row['overlap']:.3f}", row["overlap"] >= 0.9))
    return f"{fill['local']['articles']:,} articles.\n\n{table}\n{aims(*goals)}"


def cluster_names(stored: Measurements) -> str:
    """What the names of an archive cost after each commit."""
    rows = stored.table("steps")
    table = grid(
        ("names", "page, ms", "page after a commit, ms", "page of a new process, ms"),
        [(f"{row['names']:,}", *(f"{row[name]:,.0f}" for name in ("page", "after", "new"))) for row in rows],
    )
    few, many = rows[0], rows[-1]
    growth = (many["after"] - many["page"]) / (few["after"] - few["page"])
    more = f"after a commit no more for {many['names']:,} names than for {few['names']:,}, within a half"
    gain = many["new"] / many["after"]
    return f"{table}\n{aims((more, f'{growth:.1f} ×', growth <= 1.5), ('4 × a new reading', *least(gain, 4)))}"
