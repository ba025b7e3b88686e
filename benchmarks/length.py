"""How the time to enrich an article grows with its length: hard synthetic texts, and real ones, from 10 kB to 10 MB.

    python -m benchmarks.length [--most 10000000] [--shapes NAMES] [--no-command]

Each shape of `benchmarks.shapes` is enriched at each length without the limit of characters, which would make times
flat from 500,000 on, and searched for near-duplicates. Times are CPU times, the minimum of several runs of short texts,
in microseconds a character; `rise` is the greatest ratio of the time per character at one length to that at a tenth of
it. Real text is that of `seeds/`, and of Reuters-21578 and modern news if they are next to the project, one report
after another, repeated as needed. Then `dateline index` as it is, with its limit, on one article of the first two
shapes and of dates, start-up included.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from benchmarks import results
from benchmarks.shapes import SHAPES, Shape, repeated
from indexer import readers
from indexer.archive.walk import walk
from indexer.copies.dedupe import sketch
from indexer.enrich import enrich, warm
from search.values.article import Article

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
LENGTHS = (10_000, 100_000, 1_000_000, 10_000_000)
SHORT, RUNS = 100_000, 5
"""Texts up to this length are read this many times, and the minimum time is used."""
MOST_RISE = 1.5
COMMAND_LENGTHS = (60_000, 120_000, 240_000, 500_000, 1_000_000, 10_000_000)
COMMANDED = ("two names and a city", "names and dates", "one surname")


def real() -> Iterator[tuple[str, Shape]]:
    """Real texts: a name, and a function that returns text of a given size."""
    reports = [
        found.text
        for source in walk([ROOT / "seeds"], "seeds")
        for found in readers.read(source.path, source.origin)
        if isinstance(found, Article) and found.language in (None, "en")
    ]
    yield "real: seeds", repeated("\n\n".join(reports) + "\n\n")
    for name, file in (("Reuters-21578", "reuters21578"), ("modern news", "modern_gold")):
        if (path := DATA / f"{file}.jsonl.gz").exists():
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                texts = [row.get("body") or row.get("text") or "" for row in map(json.loads, lines)]
            yield f"real: {name}", repeated("\n\n".join(texts) + "\n\n")


def seconds(shape: Shape, length: int) -> float:
    """CPU seconds to enrich a text and find its near-duplicates; each run uses another text, since words are cached."""
    least = float("inf")
    whole = shape(length * RUNS) if length <= SHORT else shape(length)
    for start in range(0, len(whole), length):
        text = whole[start : start + length]
        began = time.process_time()
        sketch(enrich(Article("length", text, "Leaders meet"), characters=len(text)))
        least = min(least, time.process_time() - began)
    return least


def command(text: str) -> float:
    """CPU seconds of `dateline index` for one article."""
    with tempfile.TemporaryDirectory(prefix="dateline-length-") as folder:
        source = Path(folder) / "one.json"
        source.write_text(json.dumps({"text": text}), "utf-8")
        before = os.times()
        run = [sys.executable, "-m", "service", "index", f"{folder}/idx", str(source), "--json"]
        output = subprocess.run(run, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        after = os.times()
        assert json.loads(output)["added"] == 1, output
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=LENGTHS[-1], help="characters")
    parser.add_argument("--shapes", default="", help="parts of their names, separated by commas; default all")
    parser.add_argument("--no-command", action="store_true", help="skip `dateline index`")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("length")
    wanted = [part for part in options.shapes.split(",") if part]
    lengths = [length for length in LENGTHS if length <= options.most]
    shapes: Mapping[str, Shape] = {**dict(real()), **SHAPES}
    warm()
    print(f"{'microseconds a character':40}" + "".join(f"{length:>12,}" for length in lengths) + f"{'rise':>8}")
    for name, shape in shapes.items():
        if wanted and not any(part in name for part in wanted):
            continue
        times = [seconds(shape, length) / length * 1e6 for length in lengths]
        rise = max((later / max(earlier, 1e-9) for earlier, later in pairwise(times)), default=1.0)
        for length, each in zip(lengths, times, strict=True):
            sheet.row("lengths", shape=name, characters=length, us=each)
        mark = "" if rise < MOST_RISE else " !"
        print(f"{name:40}" + "".join(f"{each:12.2f}" for each in times) + f"{rise:8.2f}{mark}", flush=True)
    if not options.no_command:
        print(f"\n{'dateline index, s':40}" + "".join(f"{n:>12,}" for n in COMMAND_LENGTHS if n <= options.most))
        for name in COMMANDED:
            told = []
            for length in COMMAND_LENGTHS:
                if length <= options.most:
                    told.append(command(SHAPES[name](length)))
                    sheet.row("command", shape=name, characters=length, seconds=told[-1])
            print(f"{name:40}" + "".join(f"{each:12.1f}" for each in told), flush=True)
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
