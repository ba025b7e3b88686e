"""Index a folder: python examples/index_folder.py seeds/ news.idx.

1. A writer is a transaction: leaving the `with` block commits, an exception rolls back.
2. `pipeline.index` reads every file it knows a format for, and adds persons, countries, topics, language and date.
3. The report says what happened to every record. Run it again, and unchanged files are skipped.
"""

import sys
from pathlib import Path

import dateline
from indexer import pipeline

folder, place = map(Path, sys.argv[1:])

with dateline.writer(place) as writer:
    report = pipeline.index(writer, [folder], pipeline.Options(collection=folder.name, place=place))

print(f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged")
for skipped in report.skipped:
    print(f"{skipped.path}, line {skipped.line}: {skipped.reason}")
