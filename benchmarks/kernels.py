"""What `dateline warm` compiles, from an empty cache: kernels, signatures, and the CPU seconds of each.

    python -m benchmarks.kernels [--most 20]

A kernel is compiled once for each signature, and a function of Numba that it calls (`min`, `len` of a slice) is too;
its seconds are its own, without those of the functions that are compiled for it. Signatures of one kernel that differ
only in the width of a number are a reason to make the width the same.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field

from search.jit import library

MEASURE = "--in-this-process"


@dataclass(slots=True)
class Compiled:
    """A function that was compiled: its own CPU seconds, and its signatures."""

    own: bool
    seconds: float = 0.0
    signatures: list[str] = field(default_factory=list)


def measured() -> tuple[dict[str, Compiled], float]:
    """Compile everything, and return the functions by name, with the CPU seconds of all."""
    from numba.core import event

    found: defaultdict[str, Compiled] = defaultdict(lambda: Compiled(own=False))
    running: list[list[float]] = []

    class Listener(event.Listener):
        def on_start(self, _event: event.Event) -> None:
            running.append([time.process_time(), 0.0])

        def on_end(self, ended: event.Event) -> None:
            began, of_others = running.pop()
            whole = time.process_time() - began
            function = ended.data["dispatcher"].py_func
            entry = found[f"{function.__module__.rpartition('.')[2]}.{function.__name__}"]
            entry.own = not function.__module__.startswith("numba")
            entry.seconds += whole - of_others
            entry.signatures.append(", ".join(map(str, ended.data["args"])))
            if running:
                running[-1][1] += whole

    began = time.process_time()
    with event.install_listener("numba:compile", Listener()):
        import search
        from indexer import enrich

        enrich.warm()
        search.warm()
    return dict(found), time.process_time() - began


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=20, help="functions that are listed")
    parser.add_argument(MEASURE, action="store_true", dest="here", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if library.PLACE.exists():
        parser.error(f"{library.PLACE} is used in place of what is compiled. Remove it; later: make kernels")
    if not chosen.here:
        with tempfile.TemporaryDirectory() as cache:
            command = [sys.executable, "-m", "benchmarks.kernels", MEASURE, "--most", str(chosen.most)]
            raise SystemExit(subprocess.call(command, env={**os.environ, "NUMBA_CACHE_DIR": cache}))
    found, whole = measured()
    for what, own in (("kernels", True), ("functions of Numba", False)):
        some = [entry for entry in found.values() if entry.own == own]
        signatures = sum(len(entry.signatures) for entry in some)
        print(f"{len(some)} {what}, {signatures} signatures, {sum(entry.seconds for entry in some):.1f} s")
    print(f"{whole:.1f} CPU seconds in all")
    for name, entry in sorted(found.items(), key=lambda item: -item[1].seconds)[: chosen.most]:
        print(f"{entry.seconds:6.2f} s  {len(entry.signatures)} × {name}")
        if len(entry.signatures) > 1:
            print(*(f"            {signature}" for signature in entry.signatures), sep="\n")


if __name__ == "__main__":
    main()
