"""The sections of `docs/benchmarks.md` and the table of the README, in Markdown, from stored results.

One function for each benchmark, with the same name; `SECTIONS` lists them in the order of the page. Each aim is next to
the result, met or not, so that a new run needs no new text.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from benchmarks.results import Measurements, Row
from search.query import RANKS

NAMES = {
    "dateline": "Dateline",
    "tantivy": "tantivy-py",
    "lucene": "Lucene",
    "fts5": "SQLite FTS5",
    "whoosh": "plain Whoosh",
}
MEASURES = {"page": "a page", "ids": "ids only", "top": "ten best"}
"""What is timed of each engine."""

Aim = tuple[str, str, bool]


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def aims(*found: Aim) -> str:
    """Aims, results, and whether they are met."""
    return grid(("aim", "reached", "met"), [(aim, reached, "yes" if met else "no") for aim, reached, met in found])


def mean(values: Iterable[float]) -> float:
    """The geometric mean."""
    return math.exp(statistics.fmean(map(math.log, values)))


def ms(value: float) -> str:
    """Milliseconds, to three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


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
                goals.append((f"{what} {aim} × {NAMES[peer]}'s, geometric mean", *_least(mean(ratios.values()), aim)))
    for peer in [peer for peer in ("tantivy", "lucene") if peer in build]:
        ratios = _ratios(stored, large, "page", peer)
        worst = min(ratios, key=lambda kind: ratios[kind])
        goals.append(
            (f"every kind of page 3 × {NAMES[peer]}'s", f"{ratios[worst]:.1f} × ({worst})", ratios[worst] >= 3)
        )
    tops = _ratios(stored, large, "top", "tantivy")
    worst = min(tops, key=lambda kind: tops[kind])
    goals.append(("ten best: level with tantivy-py in every kind", f"{tops[worst]:.2f} × ({worst})", tops[worst] >= 1))
    goals.append(("ten best of a phrase 5 × tantivy-py's", *_least(tops["phrase"], 5)))
    for what, name in (("second", "wall"), ("CPU second", "cpu")):
        rate = build["dateline"][name] / build["tantivy"][name]
        goals.append((f"2 × tantivy-py's articles a {what}", f"{rate:.2f} ×", rate >= 2))
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


def _least(ratio: float, aim: float) -> tuple[str, bool]:
    """A ratio, and whether it reaches an aim."""
    return f"{ratio:.1f} ×", ratio >= aim


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
            (f"beside {versions[0]['commit']}", "articles", "workers", "articles/s then", "now", "×", "× by CPU"),
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


def reuters(stored: Measurements) -> str:
    """The whole program on a real newswire."""
    (indexed,) = stored.table("indexed")
    rows = [(r["query"], f"{r['total']:,}", ms(r["ms"]), r["agrees"]) for r in stored.table("queries")]
    return (
        f"{indexed['articles']:,} articles read, enriched and indexed in {indexed['seconds']:.0f} s, "
        f"{indexed['rate']:,.0f} a second.\n\n" + grid(("query", "articles", "ms", "counts agree"), rows)
    )


def http(stored: Measurements) -> str:
    """Requests a second, and the overhead of the service."""
    (served,), (alone,) = stored.table("served"), stored.table("alone")
    names = {"/": "the page, HTML", "/api/search": "the API, JSON", "bare": "bytes, bare Falcon"}
    table = grid(
        ("answer", "connections", "a second", "p50 ms", "p99 ms", "errors"),
        [
            (names[r["path"]], str(r["connections"]), f"{r['rate']:,.0f}", ms(r["p50"]), ms(r["p99"]), str(r["errors"]))
            for r in stored.table("load")
        ],
    )
    own = {r["path"]: r for r in stored.table("application")}
    alike = {r["path"]: r["rate"] for r in stored.table("load") if r["connections"] == AT_ONCE}
    cpu = grid(
        ("CPU time of the application, ms", "whole", "without its engine"),
        [(names[path], ms(r["whole"]), ms(r["own"])) for path, r in own.items()],
    )
    api, page = own["/api/search"]["own"], own["/"]["own"]
    goals = (
        ("an answer adds 0.6 ms of CPU time at most", f"{ms(api)} ms", api <= 0.6),
        ("a page adds 3 ms of CPU time at most", f"{ms(page)} ms", page <= 3),
        (
            f"1,000 answers a second at {AT_ONCE} connections",
            f"{alike['/api/search']:,.0f}",
            alike["/api/search"] >= 1000,
        ),
        (f"400 pages a second at {AT_ONCE} connections", f"{alike['/']:,.0f}", alike["/"] >= 400),
    )
    return (
        f"{served['articles']:,} articles, {served['workers']} workers, load from {served['load']} on the same cores. "
        f"One request at a time takes {ms(alone['whole'])} ms, {ms(alone['service'])} of them outside its engine.\n\n"
        f"{table}\n{cpu}\n{aims(*goals)}"
    )


AT_ONCE = 8
"""The connections of the aims for a service."""


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


def copies(stored: Measurements) -> str:
    """Detection of near-duplicates, compared with pairs judged by a person."""
    (found,) = stored.table("pairs")
    growth = stored.table("growth")
    table = grid(
        ("pairs read as", "in one group", "apart"),
        [(row["label"], str(row["together"]), str(row["apart"])) for row in stored.table("labels")],
    )
    times = grid(
        ("articles", "µs of the processor each"),
        [(f"{row['articles']:,}", f"{row['microseconds']:.0f}") for row in growth],
    )
    return f"{table}\n{found['groups']:,} groups of {found['members']:,} articles.\n\n{times}\n" + aims(
        ("precision .97", f"{found['precision']:.3f}", found["precision"] >= 0.97),
        ("recall .80", f"{found['recall']:.3f}", found["recall"] >= 0.80),
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


def ranking(stored: Measurements) -> str:
    """Quality of ranking, compared with tantivy on the same text."""
    rows, (offers,) = stored.table("figures"), stored.table("offers")
    first = next(row for row in rows if row["figure"] == "MAP")
    best = next(row for row in stored.table("required") if (row["match"], row["rank"]) == ("any", "best"))
    costs = stored.table("cost")
    dearest = max(row["best_ms"] - row["words_ms"] for row in costs if row["archive"] == "made up")
    lost = min(row["best"] - row["words"] for row in stored.table("known") if row["indexed"] == "title and text")
    required = {rank: [row for row in stored.table("required") if row["rank"] == rank] for rank in RANKS}
    table = grid(
        ("figure", "Dateline", "tantivy-py", "p"),
        [(r["figure"], f"{r['dateline']:.4f}", f"{r['tantivy']:.4f}", f"{r['p']:.3f}") for r in rows],
    )
    return (
        f"{table}\nWith AND, the default, {offers['empty']} of {offers['queries']} queries find nothing, and "
        f"{offers['offered']} of these are offered one that does; MAP with what is offered is {offers['map']:.4f}.\n\n"
        + "As typed, by what is required of the words:\n\n"
        + grid(
            ("match", "find nothing", "found, mean", "MAP, rank=words", "MAP, rank=best", "p"),
            [
                (w["match"], str(w["empty"]), f"{w['found']:.1f}", f"{w['map']:.4f}", f"{b['map']:.4f}",
                 f"{b['p']:.3f}" if b["p"] < 1 else "")
                for w, b in zip(required["words"], required["best"], strict=True)
            ],
        )
        + "\nOne of 1,000 articles of Reuters-21578, asked for by its title: the mean reciprocal rank.\n\n"
        + grid(
            ("indexed", "match", "rank=words", "rank=best", "p"),
            [
                (r["indexed"], r["match"], f"{r['words']:.4f}", f"{r['best']:.4f}", f"{r['p']:.3f}")
                for r in stored.table("known")
            ],
        )
        + "\nThe cost of a page of ten, in milliseconds of CPU; each question has a word that no article has:\n\n"
        + grid(
            ("archive", "articles", "match", "found, mean", "rank=words", "rank=best"),
            [
                (r["archive"], f"{r['articles']:,}", r["match"], f"{r['found']:,.0f}", f"{r['words_ms']:.2f}",
                 f"{r['best_ms']:.2f}")
                for r in costs
            ],
        )
        + "\n"
        + aims(
            ("MAP .69", f"{first['dateline']:.4f}", first["dateline"] >= 0.69),
            ("MAP ≥ .70 by rank=best, any word required, p < .05", f"{best['map']:.4f}",
             best["map"] >= 0.7 and best["p"] < 0.05),
            ("a page of 100,000 articles, by rank=best, at most 5 ms more", f"{dearest:+.1f} ms", dearest <= 5),
            ("titles found no later by rank=best", f"{lost:+.4f}", lost >= 0),
            ("MAP no lower than tantivy-py's", f"{first['dateline'] - first['tantivy']:+.4f}",
             first["dateline"] >= first["tantivy"] or first["p"] > 0.05),
        )
    )  # fmt: skip


def meaning(stored: Measurements) -> str:
    """What a model of meaning gains and costs."""
    (vectors,) = stored.table("vectors")
    judged, costs, orders = stored.table("judged"), stored.table("cost"), ("words", "best", "meaning")
    most = max(judged, key=lambda row: row["meaning"])
    known = min(row["meaning"] - row["words"] for row in stored.table("known"))
    dearest = max(row["meaning_ms"] - row["best_ms"] for row in costs)
    rows = [("TIME, MAP", row) for row in judged] + [("titles of Reuters, MRR", row) for row in stored.table("known")]
    return (
        grid(
            ("questions", "match", "", "rank=words", "rank=best", "with the model", "p, to best", "p, to words"),
            [
                (name, r["match"], f"{r['questions']:,}", *[f"{r[order]:.4f}" for order in orders],
                 f"{r['p_best']:.3f}", f"{r['p_words']:.3f}")
                for name, r in rows
            ],
        )
        + f"\nIts vectors take {vectors['article_ms']:.0f} ms of CPU and {vectors['bytes']:,.0f} bytes for an article "
        f"of TIME, and {vectors['question_ms']:.1f} ms for a question. A page of ten, without facets, of a question "
        f"that was not asked before takes, in ms of CPU (medians of 100):\n\n"
        + grid(
            ("made-up articles", "match", "rank=words", "rank=best", "with the model"),
            [
                (f"{r['articles']:,}", r["match"], *[f"{r[f'{order}_ms']:.1f}" for order in orders])
                for r in costs
            ],
        )
        + "\n"
        + aims(
            ("MAP ≥ .72, better than without, p < .05", f"{most['meaning']:.4f}, p = {most['p_best']:.3f}",
             most["meaning"] >= 0.72 and most["p_best"] < 0.05),
            ("titles found no later than by words", f"{known:+.4f}", known >= 0),
            ("at most 5 ms more a question, at 100,000", f"{dearest:.1f} ms", dearest <= 5),
        )
    )  # fmt: skip


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
    return f"{table}\n{aims((more, f'{growth:.1f} ×', growth <= 1.5), ('4 × a new reading', *_least(gain, 4)))}"


def speed(stored: Measurements, served: Measurements) -> str:
    """The README's table: Dateline through its public interface, next to its peers.

    Args:
        stored: the results of the benchmark of the engine.
        served: those of the benchmark over HTTP.
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
    for title, column in (("articles indexed a second", "wall"), ("bytes an article", "bytes")):
        for size in found:
            build = built(stored, size)
            rows.append((f"{title}, {size:,}", *[f"{build[n][column]:,.0f}" if n in build else "–" for n in names]))
    return grid(("", *[NAMES[name] for name in names]), rows)


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


LEAST_US = 0.5
"""Microseconds a character below which a rise is ignored: the least that the other steps take."""


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


def desk(stored: Measurements) -> str:
    """The views of the desk."""
    rows = stored.table("views")
    taken = {row["view"]: row["ms"] for row in rows}
    table = grid(("view", "CPU ms"), [(view, ms(value)) for view, value in taken.items()])
    found: list[Aim] = []
    for kind in ("of one word", "of two words with OR"):
        share, whole = (
            taken[f"compare five {kind}"] / taken[f"five searches {kind}{rest}"] for rest in ("", ", with trend")
        )
        found.append((f"compare five queries {kind} in 1.3 × five searches", f"{share:.2f} ×", share <= 1.3))
        found.append((f"the same in 1.3 × five searches with trend, {kind}", f"{whole:.2f} ×", whole <= 1.3))
    for view, most in (("special: person", 50), ("special: words", 50), ("pairs: person and person", 100)):
        found.append((f"{view} in {most} ms", ms(taken[view]), taken[view] <= most))
    entities = max(value for view, value in taken.items() if view.startswith("entity"))
    found.append(("the page of a name in 100 ms", ms(entities), entities <= 100))
    draft = next(value for view, value in taken.items() if view.startswith("draft"))
    found.append(("a draft in 300 ms", ms(draft), draft <= 300))
    for operator in ("/s", "/5"):
        together = taken[f"two words: {operator}"] / taken["two words: phrase"]
        found.append((f"two words with {operator} in 3 × their phrase", f"{together:.2f} ×", together <= 3))
    return f"{rows[0]['articles']:,} articles.\n\n{table}\n{aims(*found)}"


LOOK_S = 2.0
"""The greatest time of a look of a thousand alerts at a thousand new articles."""


def alerts(stored: Measurements) -> str:
    """A look of many alerts at many new articles."""
    rows = stored.table("look")
    found = {row["what"]: row["value"] for row in rows}
    written = {what: f"{value:,.0f}" if value > 100 else f"{value:.2f}" for what, value in found.items()}
    table = grid(("", ""), list(written.items()))
    goal = (f"a look in {LOOK_S:.0f} s", f"{found['a look, s']:.2f} s", found["a look, s"] <= LOOK_S)
    articles, new, count = (rows[0][name] for name in ("articles", "new", "alerts"))
    return f"{articles:,} articles, {new:,} new ones, {count:,} alerts.\n\n{table}\n{aims(goal)}"


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


SECTIONS: Mapping[str, Callable[[Measurements], str]] = {
    "reuters": reuters, "engine": engine, "growth": growth, "threads": threads, "ingest": ingest, "stages": stages,
    "http": http, "desk": desk, "alerts": alerts, "order": order, "cluster": cluster, "cluster_names": cluster_names,
    "ranking": ranking, "meaning": meaning, "quality": quality, "facts": facts, "length": length,
    "copies": copies, "events": events, "pages": pages_read,
}  # fmt: skip
