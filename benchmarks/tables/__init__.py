"""The sections of `docs/benchmarks.md` and the table of the README, in Markdown, from stored results.

One function for each benchmark, with the same name; `SECTIONS` lists them in the order in which they run. Each aim is
next to the result, met or not, so that a new run needs no new text. `markdown` has what all of them are written with;
the other modules have a subject each: the `engine`, `growth`, `ingest`, the whole program (`service`), a `cluster`,
`ranking` and `quality`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.results import Measurements
from benchmarks.tables import cluster, engine, growth, ingest, quality, ranking, service
from benchmarks.tables.engine import NAMES, pages, sizes, speed
from benchmarks.tables.ingest import MOST
from benchmarks.tables.markdown import mean

__all__ = ["MOST", "NAMES", "SECTIONS", "mean", "pages", "sizes", "speed"]

SECTIONS: Mapping[str, Callable[[Measurements], str]] = {
    "reuters": service.reuters,
    "engine": engine.engine,
    "growth": growth.growth,
    "threads": growth.threads,
    "ingest": ingest.ingest,
    "stages": ingest.stages,
    "renewing": ingest.renewing,
    "upgrade": ingest.upgrade,
    "upgrade_cluster": ingest.upgrade,
    "http": service.http,
    "desk": service.desk,
    "programs": service.programs,
    "alerts": service.alerts,
    "rights": engine.rights,
    "rights_exports": engine.rights_exports,
    "crowd": service.crowd,
    "order": engine.order,
    "cluster": cluster.cluster,
    "cluster_names": cluster.cluster_names,
    "ranking": ranking.ranking,
    "ocr": ranking.ocr,
    "meaning": ranking.meaning,
    "quality": quality.quality,
    "facts": quality.facts,
    "length": ingest.length,
    "copies": quality.copies,
    "events": quality.events,
    "pages": quality.pages_read,
    "scans": quality.scans,
    "legibility": quality.legibility,
}
