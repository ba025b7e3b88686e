"""The engine: compared with its peers, also for the README, and with its articles in other orders."""

from __future__ import annotations

from benchmarks.results import Measurements, Row
from benchmarks.tables.markdown import Aim, aims, grid, least, mean, ms

NAMES = {
    "dateline": "Dateline",
    "tantivy": "tantivy-py",
    "lucene": "Lucene",
    "fts5": "SQLite FTS5",
    "whoosh": "plain Whoosh",
}
MEASURES = {"page": "a page", "ids": "ids only", "top": "ten best"}
"""What is timed of each engine."""


def sizes(stored: Measurements) -> list[int]:
    """The corpus sizes that engines were compared at, the largest first."""
    return sorted({row["articles"] for row in stored.table("build")}, reverse=True)


def pages(stored: Measurements, size: int, column: str = "page") -> dict[str, dict[str, float]]:
    """Kind of query → engine → milliseconds."""
    found: dict[str, dict[str, float]] = {}
    for row in stored.table("pages"):
        if row["articles"] == size:
            found.setdefault(row["kind"], {})[row["engine"]] = row[column]
    return found


def built(stored: Measurements, size: int) -> dict[str, Row]:
    """Engine → the cost of building."""
    return {row["engine"]: row for row in stored.table("build") if row["articles"] == size}


def engine(stored: Measurements) -> str:
    """The engine compared with its peers."""
    parts = [" ".join(f"{name} {version}" for row in stored.table("versions") for name, version in row.items()) + ".\n"]
    for size in sizes(stored):
        build = built(stored, size)
        peers = [name for name in build if name != "dateline"]
        matches = {row["kind"]: row["matches"] for row in stored.table("pages") if row["articles"] == size}
        inside = {row["kind"]: row["page"] for row in stored.table("inside") if row["articles"] == size}
        parts.append(f"\n### {size:,} articles\n\n")
        building = [(NAMES[name], row) for name, row in build.items()]
        alone = [row for row in stored.table("alone") if row["articles"] == size]
        building[1:1] = [("Dateline, in one process", row) for row in alone]
        parts.append(
            grid(
                ("building", "articles/s", "a CPU second", "bytes an article"),
                [(n, f"{r['wall']:,.0f}", f"{r['cpu']:,.0f}", f"{r['bytes']:,.0f}") for n, r in building],
            )
        )
        for column, title in MEASURES.items():
            found = pages(stored, size, column)
            more = inside if column == "page" else {}
            rows = [
                (
                    kind,
                    f"{matches[kind]:,.0f}",
                    *[ms(by[name]) for name in build],
                    *[ms(more[kind]) for _ in more][:1],
                    *[f"{by[name] / by['dateline']:.1f}×" for name in peers],
                )
                for kind, by in found.items()
            ]
            names = [NAMES[name] for name in build] + ["inside Java"] * bool(more)
            parts.append("\n" + grid((f"{title}, ms", "matches", *names, *[f"÷ {NAMES[n]}" for n in peers]), rows))
    return "".join(parts) + "\n" + _engine_aims(stored)


def _engine_aims(stored: Measurements) -> str:
    large, small = sizes(stored)[0], sizes(stored)[-1]
    build, plain = built(stored, large), built(stored, small)
    goals: list[Aim] = []
    for column, what, beyond in (("page", "a page", 4), ("ids", "ids only", 3)):
        for peer, aim in (("tantivy", 10), ("lucene", beyond)):
            if peer in build:
                ratios = _ratios(stored, large, column, peer)
                goals.append((f"{what} {aim} × {NAMES[peer]}'s, geometric mean", *least(mean(ratios.values()), aim)))
    for peer in [peer for peer in ("tantivy", "lucene") if peer in build]:
        ratios = _ratios(stored, large, "page", peer)
        worst = min(ratios, key=lambda kind: ratios[kind])
        goals.append(
            (f"every kind of page 3 × {NAMES[peer]}'s", f"{ratios[worst]:.1f} × ({worst})", ratios[worst] >= 3)
        )
    tops = _ratios(stored, large, "top", "tantivy")
    worst = min(tops, key=lambda kind: tops[kind])
    goals.append(("ten best: level with tantivy-py in every kind", f"{tops[worst]:.2f} × ({worst})", tops[worst] >= 1))
    goals.append(("ten best of a phrase 5 × tantivy-py's", *least(tops["phrase"], 5)))
    ours = [build["dateline"], *(row for row in stored.table("alone") if row["articles"] == large)]
    for what, name in (("second", "wall"), ("CPU second", "cpu")):
        rate = max(row[name] for row in ours) / build["tantivy"][name]
        goals.append((f"2 × tantivy-py's articles a {what}, in one process or more", f"{rate:.2f} ×", rate >= 2))
    size = build["dateline"]["bytes"] / build["tantivy"]["bytes"]
    goals.append(("no more bytes than tantivy-py", f"{size:.2f} ×", size <= 1))
    if "whoosh" in plain:
        gain = mean(by["whoosh"] / by["dateline"] for by in pages(stored, small).values())
        rate = plain["dateline"]["wall"] / plain["whoosh"]["wall"]
        goals.append(("a page 100 × plain Whoosh's", f"{gain:,.0f} ×", gain >= 100))
        goals.append(("40 × plain Whoosh's articles a second", f"{rate:,.0f} ×", rate >= 40))
    return aims(*goals)


def _ratios(stored: Measurements, size: int, column: str, peer: str) -> dict[str, float]:
    """Kind of query → a peer's milliseconds by Dateline's."""
    return {kind: by[peer] / by["dateline"] for kind, by in pages(stored, size, column).items()}


COMMANDED = {
    "stated": "articles with their facts",
    "bbc": "reports whose facts are looked for",
    "pages": "saved web pages",
}
"""Archive → what the README says is in it."""


def commanded(read: Measurements) -> list[tuple[str, float]]:
    """What the command indexes a second with most processes, by what it is given."""
    rates = {row["form"]: row["rate"] for row in sorted(read.table("forms"), key=lambda row: row["workers"])}
    return [(said, rates[form]) for form, said in COMMANDED.items() if form in rates]


def speed(stored: Measurements, served: Measurements, read: Measurements) -> str:
    """The README's table: Dateline through its public interface, next to its peers.

    Args:
        stored: the results of the benchmark of the engine.
        served: those of the benchmark over HTTP.
        read: those of the benchmark of the command that indexes.
    """
    found = sizes(stored)
    names = [name for name in NAMES if any(name in built(stored, size) for size in found)]
    nothing = ["–"] * (len(names) - 1)
    rows = []
    for size in found:
        by = pages(stored, size)
        times = {name: mean(kind[name] for kind in by.values()) for name in built(stored, size)}
        rows.append((f"a search, {size:,} articles, ms", *[ms(times[n]) if n in times else "–" for n in names]))
    size = served.table("served")[0]["articles"]
    alone = next(row for row in served.table("load") if row["connections"] == 1 and row["path"].startswith("/api"))
    rows.append((f"a search over HTTP, {size:,} articles, ms", ms(alone["p50"]), *nothing))
    for title, column in (("articles given, indexed a second", "wall"), ("bytes an article", "bytes")):
        if column == "bytes":
            rows += [
                (f"`dateline index`, a second: {kind}", f"{rate:,.0f}", *nothing) for kind, rate in commanded(read)
            ]
        for size in found:
            build = built(stored, size)
            rows.append((f"{title}, {size:,}", *[f"{build[n][column]:,.0f}" if n in build else "–" for n in names]))
    return grid(("", *[NAMES[name] for name in names]), rows)


GAIN = 0.15
"""The least gain for which articles would be put in another order."""


def order(stored: Measurements) -> str:
    """The same articles in different orders."""
    rows = stored.table("orders")
    kinds = ("word", "AND", "OR", "phrase", "everything")
    table = grid(
        ("order", "MB", "postings", "positions", "articles", *(f"{kind}, ms" for kind in kinds)),
        [
            (
                row["order"],
                *(f"{row[part] / 1e6:.2f}" for part in ("bytes", "pst", "pos", "sto")),
                *(ms(row[kind]) for kind in kinds),
            )
            for row in rows
        ],
    )
    known = {row["order"]: row for row in rows}
    gains = {name: 1 - known["by likeness"][name] / known["as read"][name] for name in ("bytes", *kinds)}
    best = max(gains, key=gains.__getitem__)
    goal = (f"{GAIN:.0%} of anything", f"{gains[best]:.0%} ({best})", gains[best] >= GAIN)
    return f"{table}\n{aims(goal)}"


SLOWER = 1.2
"""How many times as long a page may take a reader whose rules hide half of all articles."""
AS_ONE = 1.1
"""How many times as long with many rules as with one."""


def rights(stored: Measurements) -> str:
    """The same pages for readers of different rules."""
    rows = stored.table("readers")
    kinds = ("everything", "word", "AND", "OR", "phrase")
    known = {row["reader"]: row for row in rows}
    table = grid(
        ("reader", "articles", "opened, ms", *(f"{kind}, ms" for kind in kinds)),
        [
            (
                row["reader"],
                f"{row['articles']:,}",
                ms(1000 * row["opened"]),
                *(f"{ms(row[kind])} ({row[kind] / known['no rules'][kind]:.2f} ×)" for kind in kinds),
            )
            for row in rows
        ],
    )

    def ratio(reader: str, to: str) -> float:
        return max(float(known[reader][kind] / known[to][kind]) for kind in kinds)

    half, metadata = ratio("half", "no rules"), ratio("half of metadata", "no rules")
    fifty = ratio("half by 50 rules", "half")
    return f"{table}\n" + aims(
        (f"half hidden: {SLOWER} × at most", f"{half:.2f} ×", half <= SLOWER),
        (f"half as metadata: {SLOWER} × at most", f"{metadata:.2f} ×", metadata <= SLOWER),
        (f"50 rules against one: {AS_ONE} × at most", f"{fifty:.2f} ×", fifty <= AS_ONE),
    )


def rights_exports(stored: Measurements) -> str:
    """An export for the same readers."""
    rows = stored.table("readers")
    known = {row["reader"]: row["export"] for row in rows}
    table = grid(
        ("reader", "articles", "1,000 exported, ms"),
        [
            (row["reader"], f"{row['articles']:,}", f"{ms(row['export'])} ({row['export'] / known['no rules']:.2f} ×)")
            for row in rows
        ],
    )
    half = known["half"] / known["no rules"]
    return f"{table}\n" + aims((f"half hidden: {SLOWER} × at most", f"{half:.2f} ×", half <= SLOWER))
