"""`python -m tests.reliability.steps PLACE FIRST`: go on making steps, and say each when it has been committed."""

from __future__ import annotations

import sys
from pathlib import Path

from search.local.writer import LocalWriter
from tests.reliability import model


def main() -> None:
    place, first = Path(sys.argv[1]), int(sys.argv[2])
    writer = LocalWriter(place, memory_bytes=1 << 14)  # so small that a step is several segments
    print("ready", flush=True)
    for number in range(first, first + 100_000):
        model.step(writer, number)
        writer.commit()
        print(number + 1, flush=True)


if __name__ == "__main__":
    main()
