"""Detection of near-duplicates, compared with pairs judged by a person.

    python -m benchmarks.copies [DATA]          # precision, recall, and the time by size
    python -m benchmarks.copies --errors        # and the pairs that are wrong

DATA is the folder of evaluation sets, by default `../shared/data` next to the project. The whole of Reuters-21578 is
indexed by `dateline index`'s own pipeline, in order of time, and the groups are read with `search.open`. Of
`copies_dev.jsonl`, 189 deliberately hard pairs, those labelled `copy` should be in one group, and those labelled
`template`, `related` and `different` in none together. `growth` is the time per article in the first thousand and in
all: all facts are stated in the input, so that only reading, near-duplicates and the index are measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import search
from benchmarks import results
from indexer import pipeline
from search.system.json import Json

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
FEW = 1000


def records(data: Path) -> Iterator[Json]:
    """Reuters in order of time, as records that state all facts that would otherwise be derived."""
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in sorted(rows, key=lambda row: (row["date"] or "", int(row["id"]))):
        stated = {"language": "en", "person": [], "country": [], "topic": [], "source": "Reuters"}
        text = row["body"] or row["title"] or "-"
        yield {"id": row["id"], "title": row["title"] or "", "text": text, "published": row["date"], **stated}


def groups(data: Path, most: int | None = None) -> tuple[dict[str, str | None], float]:
    """The group of each article, and the CPU seconds that indexing took."""
    with tempfile.TemporaryDirectory() as folder:
        archive, place = Path(folder) / "reuters.jsonl", Path(folder) / "reuters.idx"
        lines = [json.dumps(record) for record in records(data)][:most]
        archive.write_text("\n".join(lines), "utf-8")
        began = time.process_time()
        with search.writer(place) as writer:
            pipeline.index(writer, [archive], pipeline.Options(place=place))
        seconds = time.process_time() - began
        with search.open(place) as engine:
            found = {article.id: article.group for article in engine.export(search.Query())}
    return found, seconds


def main() -> None:
    """Print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--errors", action="store_true", help="print wrong pairs")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("copies")
    groups(options.data, FEW)  # warm-up: loading and compiling
    _, few = groups(options.data, FEW)
    group, seconds = groups(options.data)
    pairs = [json.loads(line) for line in (options.data / "copies_dev.jsonl").read_text("utf-8").splitlines()]
    told: Counter[tuple[str, bool]] = Counter()
    for pair in pairs:
        together = group[pair["a"]] is not None and group[pair["a"]] == group[pair["b"]]
        told[pair["label"], together] += 1
        if options.errors and together != (pair["label"] == "copy"):
            print(f"{pair['label']}, {'together' if together else 'apart'}: {pair['a']} {pair['b']}: {pair['why']}")
    right, wrong = told["copy", True], sum(n for (label, yes), n in told.items() if yes and label != "copy")
    precision = right / (right + wrong) if right else 0.0
    recall = right / (right + told["copy", False])
    grouped = Counter(name for name in group.values() if name)
    for label in ("copy", "template", "related", "different"):
        sheet.row("labels", label=label, together=told[label, True], apart=told[label, False])
        print(f"{label:10} together {told[label, True]:3}, apart {told[label, False]:3}")
    sheet.row("pairs", precision=precision, recall=recall, groups=len(grouped), members=sum(grouped.values()))
    print(f"precision {precision:.3f}, recall {recall:.3f}; {len(grouped)} groups of {sum(grouped.values())} articles")
    each = {FEW: few / FEW, len(group): seconds / len(group)}
    for size, cost in each.items():
        sheet.row("growth", articles=size, microseconds=1e6 * cost)
        print(f"{size:6} articles: {1e6 * cost:.0f} µs of CPU time each")
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
