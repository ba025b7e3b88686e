"""Detection of near-duplicates, compared with pairs judged by a person.

    python -m benchmarks.copies [DATA]          # precision, recall, and the time by size
    python -m benchmarks.copies --errors        # and the pairs that are wrong

DATA is the folder of evaluation sets, by default `../shared/data` next to the project. The whole of Reuters-21578 is
indexed by `dateline index`'s own pipeline, in order of time, and the groups are read with `search.open`. Of
`copies_dev.jsonl`, 189 deliberately hard pairs (`hard`), those labelled `copy` should be in one group, and those
labelled `template`, `related` and `different` in none together. `copies.tsv` next to this file has 110 more (`drawn`),
at random of those with most of a text in common, labelled by reading. `growth` is the time per article in the first
thousand and in all: all facts are stated in the input, so that only reading, near-duplicates and the index are
measured.

`releases.toml` next to this file has press releases and notices, made for the purpose: forms, each filled in three
times (three pairs labelled `template`) and edited as desks do (each text labelled `copy`). They are indexed in the
same way. By those of `dev` the rules were chosen; those of `test` were written afterwards, for the figure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import search
from benchmarks import results
from indexer import pipeline
from search.system.json import Json

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
FEW = 1000
DRAWN = Path(__file__).parent / "copies.tsv"
RELEASES = Path(__file__).parent / "releases.toml"
DAYS = ("2024-05-13", "2024-05-14", "2024-05-13")
"""The days of three texts of a form. Those that were edited are of the day of the first, and of the day after."""


class Pair(NamedTuple):
    """Two articles, by their ids, and what a person said of them."""

    a: str
    b: str
    label: str
    why: str
    split: str


def records(data: Path) -> Iterator[Json]:
    """Reuters in order of time, as records that state all facts that would otherwise be derived."""
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in sorted(rows, key=lambda row: (row["date"] or "", int(row["id"]))):
        stated = {"language": "en", "person": [], "country": [], "topic": [], "source": "Reuters"}
        text = row["body"] or row["title"] or "-"
        yield {"id": row["id"], "title": row["title"] or "", "text": text, "published": row["date"], **stated}


def releases() -> tuple[list[Json], list[Pair]]:
    """The press releases, as records that state all facts, and the pairs of each form."""
    rows: list[Json] = []
    pairs: list[Pair] = []

    def add(name: str, title: str, text: str, day: str) -> str:
        stated = {"language": form.get("language", "en"), "person": [], "country": [], "topic": [], "source": "Wire"}
        rows.append({"id": name, "title": title, "text": text, "published": day, **stated})
        return name

    for number, form in enumerate(tomllib.loads(RELEASES.read_text("utf-8"))["form"]):
        split = form["split"]
        texts = [(form["title"].format(**fill), form["body"].strip().format(**fill)) for fill in form["fills"]]
        filled = [add(f"{number}-{place}", title, text, DAYS[place]) for place, (title, text) in enumerate(texts)]
        pairs += (Pair(a, b, "template", texts[0][0], split) for a, b in combinations(filled, 2))
        for place, edits in enumerate(form["edits"]):
            title, text = texts[0]
            for old, new in edits:
                if old not in text and old not in "^$":
                    raise ValueError(f"{title}: {old!r} is not in the text.")
                text = {"^": new + text, "$": text + new}.get(old) or text.replace(old, new)
            name = add(f"{number}-edited-{place}", title, text.strip(), DAYS[place])
            pairs.append(Pair(filled[0], name, "copy", title, split))
    return rows, pairs


def groups(rows: Iterable[Json]) -> tuple[dict[str, str | None], float]:
    """The group of each article, and the CPU seconds that indexing took."""
    with tempfile.TemporaryDirectory() as folder:
        archive, place = Path(folder) / "archive.jsonl", Path(folder) / "archive.idx"
        archive.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        began = time.process_time()
        with search.writer(place) as writer:
            pipeline.index(writer, [archive], pipeline.Options(place=place))
        seconds = time.process_time() - began
        with search.open(place) as engine:
            found = {article.id: article.group for article in engine.export(search.Query())}
    return found, seconds


def judged(pairs: Iterable[Pair], group: dict[str, str | None]) -> tuple[Counter[tuple[str, bool]], list[Pair]]:
    """The number of pairs by label, and if they are in one group; and those that are wrong."""
    told: Counter[tuple[str, bool]] = Counter()
    wrong = []
    for pair in pairs:
        together = group[pair.a] is not None and group[pair.a] == group[pair.b]
        told[pair.label, together] += 1
        if together != (pair.label == "copy"):
            wrong.append(pair)
    return told, wrong


def main() -> None:
    """Print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--errors", action="store_true", help="print wrong pairs, but those of the split `test`")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("copies")
    wire = list(records(options.data))
    groups(wire[:FEW])  # warm-up: loading and compiling
    _, few = groups(wire[:FEW])
    group, seconds = groups(wire)
    lines = (options.data / "copies_dev.jsonl").read_text("utf-8").splitlines()
    pairs = [Pair(row["a"], row["b"], row["label"], row["why"], "hard") for row in map(json.loads, lines)]
    lines = [line for line in DRAWN.read_text("utf-8").splitlines() if not line.startswith("#")][1:]
    pairs += (Pair(a, b, label, "", "drawn") for a, b, label in (line.split("\t") for line in lines))
    made, more = releases()
    found = group | groups(made)[0]
    for split in ("hard", "drawn", "dev", "test"):
        some = [pair for pair in [*pairs, *more] if pair.split == split]
        told, wrong = judged(some, found)
        for label in ("copy", "template", "related", "different"):
            if told[label, True] + told[label, False]:
                sheet.row("labels", split=split, label=label, together=told[label, True], apart=told[label, False])
                print(f"{split:8} {label:10} together {told[label, True]:3}, apart {told[label, False]:3}")
        right, alike = told["copy", True], sum(count for (_, together), count in told.items() if together)
        precision, recall = right / alike if alike else 0.0, right / (right + told["copy", False])
        sheet.row("pairs", split=split, precision=precision, recall=recall)
        print(f"{split:8} precision {precision:.3f}, recall {recall:.3f}")
        if options.errors and split != "test":
            for pair in wrong:
                print(f"{pair.label}, {'apart' if pair.label == 'copy' else 'together'}: {pair.a} {pair.b}: {pair.why}")
    grouped = Counter(name for name in group.values() if name)
    sheet.row("groups", groups=len(grouped), members=sum(grouped.values()))
    print(f"{len(grouped)} groups of {sum(grouped.values())} articles")
    for size, cost in {FEW: few / FEW, len(group): seconds / len(group)}.items():
        sheet.row("growth", articles=size, microseconds=1e6 * cost)
        print(f"{size:6} articles: {1e6 * cost:.0f} µs of CPU time each")
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
