"""Opens an index with whichever Whoosh is installed, asks Whoosh queries, and prints what it finds as JSON.

Run as a program, so that a test may choose the Whoosh: `python whoosh_search.py INDEX`, questions as JSON on stdin,
each a list that stands for a Whoosh query: ["term", field, text], ["phrase", field, words], ["prefix", field, letters],
["and", …], ["or", …], ["not", …], ["days", first, last], ["every"]; or ["parse", fields, text], for its own parser.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Whoosh 2.7.4 is of 2016
    import whoosh
    import whoosh.index
    from whoosh.fields import Schema
    from whoosh.qparser import MultifieldParser
    from whoosh.query import And, Every, Not, NumericRange, Or, Phrase, Prefix, Query, Term


def query(asked: list[Any], schema: Schema) -> Query:
    """The Whoosh query that a list stands for."""
    kind, *rest = asked
    match kind:
        case "term":
            return Term(*rest)
        case "phrase":
            return Phrase(*rest)
        case "prefix":
            return Prefix(*rest)
        case "days":
            return NumericRange("day", *rest)
        case "parse":
            parsed: Query = MultifieldParser(rest[0], schema).parse(rest[1])
            return parsed
        case "every":
            return Every()
        case "not":
            return Not(query(rest[0], schema))
    joined: type[And] | type[Or] = {"and": And, "or": Or}[kind]
    return joined([query(part, schema) for part in rest])


def main() -> None:
    """Answer each question with the ids of the articles found."""
    index = whoosh.index.open_dir(sys.argv[1])
    with index.searcher() as searcher:
        ids = searcher.reader().column_reader("id")
        found = [
            sorted(ids[number] for number in query(asked, index.schema).docs(searcher))
            for asked in json.load(sys.stdin)
        ]
    json.dump({"version": whoosh.__version__, "found": found}, sys.stdout)


if __name__ == "__main__":
    main()
