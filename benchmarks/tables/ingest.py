"""How fast archives are read, enriched and indexed, and where the time goes."""

from __future__ import annotations

from itertools import pairwise

from benchmarks.results import Measurements, Row
from benchmarks.tables.markdown import Aim, aims, grid, mean, ms

TIMES = {"jsonl": 4.0, "html": 2.5, "nitf": 3.4, "bbc": 5.0, "newswire": 4.0}
"""How many times as many articles a second as before texts were read once were wanted, by archive."""


def ingest(stored: Measurements) -> str:
    """How fast an archive in each format is read, enriched and indexed."""
    rows = stored.table("forms")
    workers = sorted({row["workers"] for row in rows})
    by: dict[str, dict[int, Row]] = {}
    for row in rows:
        by.setdefault(row["form"], {})[row["workers"]] = row
    head = ["archive", "articles"]
    for number in workers:
        head += [f"articles/s, {number} worker{'s' * (number > 1)}", "a CPU second", "peak MB", "again"]

    def cells(row: Row) -> list[str]:
        of_cpu = f"{row['cpu']:,.0f}" if "cpu" in row else "–"
        return [f"{row['rate']:,.0f}", of_cpu, f"{row['peak_mb']:,.0f}", f"{row['again']:.1f} ×"]

    table = grid(
        head,
        [
            [form, f"{runs[workers[0]]['articles']:,}", *[cell for w in workers for cell in cells(runs[w])]]
            for form, runs in by.items()
        ],
    )
    goals: list[Aim] = []
    if len(workers) > 1:
        gain = mean(runs[workers[1]]["rate"] / runs[workers[0]]["rate"] for runs in by.values())
        goals.append(("two workers 1.8 × one, geometric mean", f"{gain:.2f} ×", gain >= 1.8))
    peers = {row["way"]: row for row in stored.table("peers")}
    more = ""
    if peers:
        names = {
            "tantivy": "tantivy-py",
            "engine": "Dateline's engine, given articles",
            "engine, more": "the same, two more processes prepare them",
            "command": "`dateline index`",
        }
        count = peers["tantivy"]["articles"]
        rows_of = [(names[way], f"{row['rate']:,.0f}", f"{row['cpu']:,.0f}") for way, row in peers.items()]
        more = "\n" + grid((f"{count:,} articles that state all facts", "articles/s", "a CPU second"), rows_of)
        for way, least in (("command", 0.6), ("engine", 2.0)):
            clock, of_cpu = (peers[way][by] / peers["tantivy"][by] for by in ("rate", "cpu"))
            reached = f"{clock:.2f} and {of_cpu:.2f} ×"
            goals.append((f"{names[way]}: {least} × tantivy-py by clock and CPU", reached, min(clock, of_cpu) >= least))
    if versions := stored.table("against"):
        more += "\n" + grid(
            (f"against {versions[0]['commit']}", "articles", "workers", "articles/s then", "now", "×", "× by CPU"),
            [
                (row["form"], f"{row['articles']:,}", str(row["workers"]), f"{row['before']:,.0f}",
                 f"{row['rate']:,.0f}", f"{row['rate'] / row['before']:.1f}", f"{row['cpu']:.1f}")
                for row in versions
            ],
        )  # fmt: skip
        for form, least in TIMES.items():
            gains = [row["rate"] / row["before"] for row in versions if row["form"] == form]
            if gains:
                reached = " and ".join(f"{gain:.1f}" for gain in gains)
                goals.append((f"{form}: {least} × that version", f"{reached} ×", min(gains) >= least))
    for row in stored.table("memory"):
        aim = f"peak with two workers and {row['articles']:,} reports within 800 MB"
        goals.append((aim, f"{row['peak_mb']:,.0f} MB", row["peak_mb"] <= 800))
    return f"{table}{more}\n{aims(*goals)}" if goals else table


MOST = 0.3
"""The greatest part of indexing that a stage should take."""


def stages(stored: Measurements) -> str:
    """Where the time of indexing goes."""
    rows = stored.table("stages")
    table = grid(
        ("stage", "µs an article", "of the whole"),
        [(row["stage"], f"{row['micros']:,.0f}", f"{row['share']:.1%}") for row in rows],
    )
    whole = sum(row["micros"] for row in rows)
    first = max(rows, key=lambda row: row["share"])
    goal = (f"no stage above {MOST:.0%}", f"{first['share']:.0%} ({first['stage']})", first["share"] <= MOST)
    return f"{rows[0]['articles']:,} articles, {whole:,.0f} µs each.\n\n{table}\n{aims(goal)}"


LEAST_US = 0.5
"""Microseconds a character below which a rise is ignored: the least that the other steps take."""


def length(stored: Measurements) -> str:
    """How the time to enrich an article grows with its length."""
    lengths = sorted({row["characters"] for row in stored.table("lengths")})
    by: dict[str, dict[int, float]] = {}
    for row in stored.table("lengths"):
        by.setdefault(row["shape"], {})[row["characters"]] = row["us"]
    rises = {
        shape: max((times[b] / max(times[a], LEAST_US) for a, b in pairwise(lengths)), default=1.0)
        for shape, times in by.items()
    }
    table = grid(
        ("microseconds a character of", *[f"{length:,}" for length in lengths], "rise"),
        [(shape, *[f"{times[n]:.2f}" for n in lengths], f"{rises[shape]:.2f} ×") for shape, times in by.items()],
    )
    of = sorted({row["characters"] for row in stored.table("command")})
    took = {(row["shape"], row["characters"]): row["seconds"] for row in stored.table("command")}
    commands = grid(
        ("`dateline index`, s, with the limit", *[f"{length:,}" for length in of]),
        [(s, *[f"{took[s, n]:.1f}" for n in of]) for s in dict.fromkeys(shape for shape, _ in took)],
    )
    worst = max(rises, key=lambda shape: rises[shape])
    aim = (
        f"a character takes less than 1.5 × what one of a tenth of the text takes, or less than {LEAST_US} µs",
        f"{rises[worst]:.2f} × ({worst})",
        rises[worst] < 1.5,
    )
    return f"{table}\n{commands}\n{aims(aim)}"


def renewing(stored: Measurements) -> str:
    """How fast facts are renewed from the stored texts."""
    rows = stored.table("renewing")
    shares = {(row["archive"], row["case"]): row["cpu_share"] for row in rows}
    table = grid(
        ("archive, what is looked for", "articles", "articles/s", "a CPU second", "of indexing, by clock", "by CPU"),
        [
            (
                f"{row['archive']}, {row['case']}",
                f"{row['articles']:,}",
                f"{row['rate']:,.0f}",
                f"{row['cpu']:,.0f}",
                f"{row['clock_share']:.2f}",
                f"{row['cpu_share']:.2f}",
            )
            for row in rows
        ],
    )
    cases = dict.fromkeys(row["case"] for row in rows if row["case"] != "index")
    goals: list[Aim] = []
    for case in cases:
        found = [shares[name, case] for name in dict.fromkeys(row["archive"] for row in rows)]
        reached = " and ".join(f"{share:.2f} ×" for share in found)
        goals.append((f"{case}: half of what indexing takes, by CPU", reached, max(found) <= 0.5))
    return f"{table}\n{aims(*goals)}"


def upgrade(stored: Measurements) -> str:
    """What converting an index of an earlier format costs, and who notices."""
    (done,), (asked,), (killed,) = (stored.table(name) for name in ("converted", "asked", "killed"))
    share = done["cpu"] / done["reading_cpu"]
    table = grid(
        (f"{done['articles']:,} articles, {done['segments']} segments", "s", "CPU s"),
        [
            ("reading the archive again", f"{done['reading']:,.0f}", f"{done['reading_cpu']:,.0f}"),
            (
                f"`dateline upgrade`, format {done['format']} to {done['current']}",
                f"{done['seconds']:,.0f}",
                f"{done['cpu']:,.0f}",
            ),
        ],
    )
    answers = grid(
        (f"{asked['rate']} questions a second", "questions", "failed", "differing", "p50 ms", "p99 ms", "longest ms"),
        [
            (
                name,
                f"{r['questions']:,}",
                str(r["failed"]),
                str(r["differing"]),
                ms(r["p50"]),
                ms(r["p99"]),
                ms(r["longest"]),
            )
            for name, r in (("while it is converted", asked), (f"while it is killed {killed['kills']} times", killed))
        ],
    )
    lost = killed["articles"] == done["articles"]
    goals = (
        ("half of what reading the archive again costs, in CPU time", f"{100 * share:.0f} %", share <= 0.5),
        ("no question fails", str(asked["failed"] + killed["failed"]), asked["failed"] + killed["failed"] == 0),
        (
            "no answer differs",
            str(asked["differing"] + killed["differing"]),
            asked["differing"] + killed["differing"] == 0,
        ),
        (f"nothing is lost in {killed['kills']} kills", f"{killed['articles']:,} articles", lost),
    )
    return (
        f"The index has {done['bytes'] / 1e6:,.0f} MB; {done['space']:.2f} times as much while it is converted.\n\n"
        f"{table}\n{answers}\n{aims(*goals)}"
    )
