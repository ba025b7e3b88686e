"""How early the right articles come: ranking by words, and by meaning."""

from __future__ import annotations

from benchmarks.results import Measurements
from benchmarks.tables.markdown import aims, grid
from search.values.query import RANKS


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


def ocr(stored: Measurements) -> str:
    """Words in misread texts, as typed and with what scanners misread."""
    rows = stored.table("figures")
    typed, forgiven = ([row for row in rows if row["search"] == name] for name in ("as typed", "~ocr"))
    less = min(
        1 - (1 - after["recall"]) / (1 - before["recall"]) for before, after in zip(typed, forgiven, strict=True)
    )
    precise = min(row["precision"] for row in forgiven)
    return (
        grid(
            ("words wrong", "recall as typed", "with ~ocr", "precision as typed", "with ~ocr", "CPU ms"),
            [
                (f"{a['wrong']:.1%}", f"{a['recall']:.3f}", f"{b['recall']:.3f}", f"{a['precision']:.3f}",
                 f"{b['precision']:.3f}", f"{a['ms']:.2f}, {b['ms']:.2f}")
                for a, b in zip(typed, forgiven, strict=True)
            ],
        )
        + "\n"
        + aims(
            ("at least two fifths of what is missed as typed is found", f"{less:.0%}", less >= 0.4),
            ("at a precision of .95 at least", f"{precise:.3f}", precise >= 0.95),
        )
    )  # fmt: skip
