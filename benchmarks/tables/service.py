"""The whole program: on a real newswire, over HTTP, at the desk, and with many alerts."""

from __future__ import annotations

from benchmarks.results import Measurements
from benchmarks.tables.markdown import Aim, aims, grid, ms


def reuters(stored: Measurements) -> str:
    """The whole program on a real newswire."""
    (indexed,) = stored.table("indexed")
    rows = [(r["query"], f"{r['total']:,}", ms(r["ms"]), r["agrees"]) for r in stored.table("queries")]
    return (
        f"{indexed['articles']:,} articles read, enriched and indexed in {indexed['seconds']:.0f} s, "
        f"{indexed['rate']:,.0f} a second.\n\n" + grid(("query", "articles", "ms", "counts agree"), rows)
    )


AT_ONCE = 8
"""The connections of the aims for a service."""


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


def programs(stored: Measurements) -> str:
    """Lists of questions, concordances, and the client."""
    rows = stored.table("programs")
    taken = {row["what"]: row["ms"] for row in rows}
    table = grid(("what", "CPU ms"), [(what, ms(value)) for what, value in taken.items()])
    times = taken["a line, one by one"] / taken["a line of a list"]
    more = taken["importing the client"] - taken["importing httpx alone"]
    size = stored.table("client")[0]["bytes"]
    found = (
        ("a list 20 × as fast as its lines one by one", f"{times:.1f} ×", times >= 20),
        ("the client adds 50 ms to httpx", ms(more), more <= 50),
    )
    return f"{rows[0]['articles']:,} articles. The client has {size:,} bytes.\n\n{table}\n{aims(*found)}"


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


CROWD_P99_MS = 300.0


def crowd(stored: Measurements) -> str:
    """Pages for many people at once, some of them with rules."""
    rows = stored.table("crowd")
    told = rows[0]
    table = grid(
        ("readers", "pages", "p50 ms", "p99 ms"),
        [(row["who"], f"{row['pages']:,}", ms(row["p50"]), ms(row["p99"])) for row in rows],
    )
    slowest = max(float(row["p99"]) for row in rows)
    return (
        f"{told['articles']:,} articles, {told['people']} connections, {told['rate']:.0f} pages a second, "
        f"{told['cpu']:.1f} ms of processor time a page; load {told['load']:.1f} with the clients.\n\n{table}\n"
        + aims((f"p99 of a page: {CROWD_P99_MS:.0f} ms at most", f"{ms(slowest)} ms", slowest <= CROWD_P99_MS))
    )
