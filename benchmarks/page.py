"""Writes stored results into the documents: tables into `docs/benchmarks.md` and the README, plots as SVG.

    python -m benchmarks.page

Text between `<!-- NAME -->` and `<!-- /NAME -->` is replaced; all other text is unchanged. A test checks the documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks import tables
from benchmarks.plots import plot
from benchmarks.results import Measurements

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
FIGURES, README = ROOT / "docs" / "benchmarks.md", ROOT / "README.md"


def section(name: str) -> str:
    """A benchmark's section of the page: where it ran, its tables, its plot."""
    stored = Measurements(name)
    if not stored:
        return f"Not measured yet: `python -m benchmarks {name}`.\n"
    drawn = plot(stored)
    image = f"\n![{drawn[0]}](images/{plot_name(name)})\n" if drawn else ""
    return f"{stored.origin}\n\n{tables.SECTIONS[name](stored)}{image}"


def plot_name(name: str) -> str:
    """The file of a benchmark's plot."""
    return f"bench-{name}.svg"


def images() -> dict[Path, str]:
    """The plots, by path."""
    drawn = {name: plot(Measurements(name)) for name in tables.SECTIONS}
    return {IMAGES / plot_name(name): found[1] for name, found in drawn.items() if found}


def documents() -> dict[Path, str]:
    """The documents as they should be."""
    engine, served, read = (Measurements(name) for name in ("engine", "http", "ingest"))
    speed = "Not measured yet.\n"
    if engine and served and read:
        origins = f"{engine.origin}\n\nThe command, with two processes:\n{read.origin}"
        speed = f"{tables.speed(engine, served, read)}\n{origins}\n"
    return {
        FIGURES: filled(FIGURES.read_text("utf-8"), {name: section(name) for name in tables.SECTIONS}),
        README: filled(README.read_text("utf-8"), {"speed": speed}),
    }


def filled(text: str, parts: Mapping[str, str]) -> str:
    """A document with its parts replaced.

    Raises:
        ValueError: if it has no place for one.
    """
    for name, part in parts.items():
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not place.search(text):
            raise ValueError(f"No place for “{name}”: <!-- {name} --> … <!-- /{name} -->.")
        text = place.sub(lambda found, part=part: f"{found[1]}{part}{found[2]}", text)  # type: ignore[misc]
    return text


def main() -> None:
    """Write them."""
    for path, content in (documents() | images()).items():
        path.write_text(content, "utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
