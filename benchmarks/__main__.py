"""Runs benchmarks one after the other, stores their results and updates the documents.

    python -m benchmarks                # all of them: two hours and more on two cores
    python -m benchmarks engine http    # only these
    python -m benchmarks --pages        # none; only the documents, from stored results

Run it on an otherwise idle machine. Each benchmark is a command of its own, `python -m benchmarks.NAME`, with its own
options and a `--help` that says what it measures and how; with `--keep` it writes `benchmarks/results/NAME.json`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks import page
from benchmarks.tables import SECTIONS


def main() -> int:
    """Run them; exit status 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--pages", action="store_true", help="only write the documents")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in SECTIONS]:
        parser.error(f"no benchmark “{unknown[0]}”; there are {', '.join(SECTIONS)}")
    failed = []
    for name in () if options.pages else options.names or SECTIONS:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--keep"]).returncode:
            failed.append(name)
    page.main()
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
