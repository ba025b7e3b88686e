"""Tries to write to an index with whichever Whoosh is installed, as one would type it, and prints what came of it.

Run as a program: `python whoosh_writes.py INDEX`. What is printed is JSON: for each attempt the name of the exception
that refused it, or null where nothing did.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Whoosh 2.7.4 is of 2016
    import whoosh.index
    from whoosh.query import Term
    from whoosh.writing import AsyncWriter, BufferedWriter


def add(ix: Any) -> None:
    writer = ix.writer()
    writer.add_document(id="new", text="oil")
    writer.commit()


def commit_nothing(ix: Any) -> None:
    ix.writer().commit()


def add_in_a_block(ix: Any) -> None:
    with ix.writer(limitmb=64) as writer:
        writer.update_document(id="a1", text="oil")


def add_in_processes(ix: Any) -> None:
    writer = ix.writer(procs=2)
    writer.add_document(id="new", text="oil")
    writer.commit()


def add_later(ix: Any) -> None:
    writer = AsyncWriter(ix)  # type: ignore[abstract]  # Whoosh leaves one method of it undefined
    writer.add_document(id="new", text="oil")
    writer.commit()


def add_buffered(ix: Any) -> None:
    writer = BufferedWriter(ix, period=None, limit=1)
    writer.add_document(id="new", text="oil")
    writer.close()


def replace_everything(ix: Any) -> None:
    from whoosh import writing

    ix.writer().commit(mergetype=writing.CLEAR)


ATTEMPTS: dict[str, Callable[[Any], object]] = {
    "add_document": add,
    "commit": commit_nothing,
    "with": add_in_a_block,
    "procs": add_in_processes,
    "AsyncWriter": add_later,
    "BufferedWriter": add_buffered,
    "CLEAR": replace_everything,
    "optimize": lambda ix: ix.optimize(),
    "delete_by_term": lambda ix: ix.delete_by_term("id", "a1"),
    "delete_by_query": lambda ix: ix.delete_by_query(Term("text", "oil")),
    "add_field": lambda ix: ix.add_field("more", whoosh.fields.STORED),
    "remove_field": lambda ix: ix.remove_field("person"),
}


def main() -> None:
    """Try each, and read in between."""
    refused: dict[str, str | None] = {}
    for name, attempt in ATTEMPTS.items():
        ix = whoosh.index.open_dir(sys.argv[1])
        try:
            attempt(ix)
            refused[name] = None
        except Exception as error:  # its type is the result
            refused[name] = type(error).__name__
        with ix.searcher() as searcher:
            assert searcher.doc_count() == ix.reader().doc_count()
    json.dump({"version": whoosh.__version__, "refused": refused}, sys.stdout)


if __name__ == "__main__":
    main()
