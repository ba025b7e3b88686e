"""Persons joined over an archive of three decades, compared with pairs of articles judged by a person.

    python -m benchmarks.joins [DATA]             # precision and recall of both halves
    python -m benchmarks.joins --errors           # and the pairs of the half for looking that are wrong
    python -m benchmarks.joins --undated bbc      # as if the articles of one set had no date

DATA is the folder of evaluation sets, by default `../shared/data` next to the project. Reuters of 1987, the BBC of
2004 and Wikinews of 2019–20 are indexed as one archive by `dateline index`'s own pipeline, and the persons are those
that the index shows. `joins.tsv` has 200 pairs of mentions in two articles, by their offsets: names of one surname
that could be one person's by their letters, at least one of them a full name, and the two not the same words. They
were drawn from what the archive had before names were joined by years and companions: 50 each of pairs of one and of
different decades, then shown as one and as two, at most two of a surname, judged without knowing which. `neither` are
pairs in which both are the same firm or thing; they are not counted. Half are for looking at errors, half for the
figure alone. 60 more, `drawn`, tell how many of the joins that readers meet are right: each is of a name that had
been joined to a fuller one, one of a surname, drawn from all such joins; they say nothing of recall.

TIME of 1963 has no part: it is in capitals throughout, and no person is found in such a text.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import search
from benchmarks.reuters import mapped
from indexer import pipeline
from search.system.json import Json

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
PAIRS = Path(__file__).parent / "joins.tsv"
LOOKING = "dev"


def records(data: Path, undated: str = "") -> Iterator[Json]:
    """The articles of all sets.

    Args:
        undated: the set whose articles get no date.
    """
    for row in mapped(data):
        yield row | ({"published": None} if undated == "reuters" else {})
    for name, file, year in (("wikinews", "wikinews_2019_2020", None), ("bbc", "bbc_topics_dev", "2004")):
        with gzip.open(data / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                published = None if name == undated else row.get("date") or year
                text = row.get("body") or row.get("text")
                if text:
                    yield {
                        "id": f"{name}-{row['id']}".replace("/", "-"),
                        "title": row["title"],
                        "text": text,
                        "published": published,
                    }


def persons(data: Path, wanted: set[str], undated: str) -> dict[tuple[str, str], str]:
    """Article and place of a mention → the person that the index shows there."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        archive, place = Path(folder) / "archive.jsonl", Path(folder) / "archive.idx"
        archive.write_text("\n".join(map(json.dumps, records(data, undated))), "utf-8")
        with search.writer(place) as writer:
            report = pipeline.index(writer, [archive], pipeline.Options(place=place))
        if report.skipped_count or report.internal_errors:
            raise SystemExit(f"Articles were not indexed: {report}")
        with search.open(place) as engine:
            for one in wanted:
                for entry in engine.article(one).evidence.get("person", ()):
                    within = "" if entry.within == "text" else "t"
                    found[one, f"{within}{entry.start}"] = entry.value
    return found


def main() -> None:
    """Print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--errors", action="store_true", help="print the pairs that are wrong, of the half for looking")
    parser.add_argument(
        "--undated", default="", metavar="SET", help="reuters, wikinews or bbc: its articles have no date"
    )
    options = parser.parse_args()
    with PAIRS.open(encoding="utf-8", newline="") as file:
        pairs = [row for row in csv.DictReader(file, delimiter="\t") if row["persons"] != "neither"]
    shown = persons(options.data, {row[name] for row in pairs for name in ("article", "other")}, options.undated)
    told: Counter[tuple[str, bool, bool]] = Counter()
    for row in pairs:
        one, other = shown.get((row["article"], row["at"])), shown.get((row["other"], row["other at"]))
        joined, same = one is not None and one == other, row["persons"] == "same"
        told[row["half"], same, joined] += 1
        if options.errors and row["half"] == LOOKING and joined != same:
            print(f"{'joined' if joined else 'apart'}: {row['article']} “{one}”, {row['other']} “{other}”")
    print(f"{'half':10} {'pairs':>6} {'precision':>10} {'recall':>7}")
    for half in sorted({half for half, *_ in told}):
        right, wrong, missed = told[half, True, True], told[half, False, True], told[half, True, False]
        count = sum(n for (of, *_), n in told.items() if of == half)
        print(f"{half:10} {count:6} {right / max(right + wrong, 1):10.3f} {right / max(right + missed, 1):7.3f}")


if __name__ == "__main__":
    main()
