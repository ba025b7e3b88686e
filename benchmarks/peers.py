"""Dateline's engine and its peers, each as a class that builds an index of the corpus and answers its queries."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import orjson
import tantivy
import whoosh.index
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema
from whoosh.query import And, Every, Not, NumericRange, Or, Phrase, Prefix, Term
from whoosh.query import Query as WhooshQuery
from whoosh.sorting import FieldFacet

import search
from benchmarks.corpus import FACETS, Case, articles_of, lines_of
from search import Filter, Query
from search.dates import day_of
from search.local.ask.search import Search
from search.local.engine import LocalEngine

GAP = "qqgapqq"
PROCESSES = 2
"""Processes that read and prepare articles for Dateline, in addition to the one that writes."""
Page = tuple[int, int]
"""Total, and the sum of all facet counts: compared between engines."""


class Ours:
    """Dateline's local engine."""

    name = "dateline"
    slow = False

    def __init__(self, folder: Path, processes: int = PROCESSES) -> None:
        self.place = folder / "dateline.idx"
        self.processes = processes

    def build(self, source: Path) -> None:
        with search.writer(self.place) as writer:
            search.load(writer, lines_of(source), articles_of, self.processes)

    def open(self) -> None:
        self.engine = LocalEngine(self.place)

    def _query(self, case: Case, size: int) -> Query:
        text = {"and": " ", "or": " OR ", "phrase": " ", "prefix": " "}[case.kind].join(case.words)
        text = {"phrase": f'"{text}"', "prefix": f"{text}*"}.get(case.kind, text)
        filters = {
            name: Filter(any=(value,)) for name, value in (("person", case.person), ("country", case.country)) if value
        }
        first, last = case.years or (None, None)
        return Query(
            text + (f" -{case.without}" if case.without else ""), filters, str(first) if first else None, str(last) if last else None,
            size=size, facets=(*FACETS, "date"), interval="year",
        )  # fmt: skip

    def top(self, case: Case) -> int:
        with Search(self.engine._snapshot(), self._query(case, 10)) as running:
            running.run()
            return running.total

    def page(self, case: Case) -> Page:
        with Search(self.engine._snapshot(), query := self._query(case, 10)) as running:
            running.run()
            assert len(running.page) <= 10
            facets = [running.facets.facet(name) for name in query.facets]
        return running.total, sum(e.count for f in facets if isinstance(f, search.ValueFacet) for e in f.values[:10])

    def shown(self, case: Case) -> int:
        return self.engine.search(self._query(case, 10)).total


class Tantivy:
    """tantivy-py, one field for title and text, facets as fast fields."""

    name = "tantivy"
    slow = False
    approximate = True

    def __init__(self, folder: Path) -> None:
        self.place = folder / "tantivy"
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("body", tokenizer_name="default")
        builder.add_bytes_field("title", stored=True, indexed=False)
        builder.add_bytes_field("text", stored=True, indexed=False)
        for name in FACETS:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("day", indexed=True, fast=True)
        builder.add_integer_field("year", indexed=True, fast=True)
        self.schema = builder.build()

    def build(self, source: Path) -> None:
        self.place.mkdir()
        writer = tantivy.Index(self.schema, str(self.place)).writer(512_000_000)
        with source.open("rb") as file:
            for line in file:
                row = orjson.loads(line)
                day = day_of(row["published"])
                assert day is not None
                writer.add_document(
                    tantivy.Document(
                        id=row["id"], body=f"{row['title']} {GAP} {row['text']}", title=row["title"].encode(), text=row["text"].encode(),
                        person=row["person"], country=row["country"], topic=row["topic"],
                        day=day.toordinal(), year=day.year,
                    )
                )  # fmt: skip
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self.index = tantivy.Index(self.schema, str(self.place))
        self.searcher = self.index.searcher()

    def _text(self, case: Case) -> Any:
        words = [tantivy.Query.term_query(self.schema, "body", word) for word in case.words]
        match case.kind:
            case "phrase":
                query = tantivy.Query.phrase_query(self.schema, "body", list(case.words))
            case "prefix":
                query = tantivy.Query.regex_query(self.schema, "body", f"{case.words[0]}.*")
            case "or":
                query = tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])
            case _:
                must = [(tantivy.Occur.Must, word) for word in words]
                query = tantivy.Query.boolean_query(must) if must else tantivy.Query.all_query()
        if case.without:
            no = tantivy.Query.term_query(self.schema, "body", case.without)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, no)])
        return query

    def _query(self, case: Case, without: str = "") -> Any:
        parts = [(tantivy.Occur.Must, self._text(case))]
        for name, value in (("person", case.person), ("country", case.country)):
            if value and name != without:
                parts.append((tantivy.Occur.Must, tantivy.Query.term_query(self.schema, name, value)))
        if case.years and without != "year":
            span = tantivy.Query.range_query(self.schema, "year", tantivy.FieldType.Integer, *case.years)
            parts.append((tantivy.Occur.Must, span))
        return tantivy.Query.boolean_query(parts) if len(parts) > 1 else parts[0][1]

    def top(self, case: Case) -> int:
        return int(self.searcher.search(self._query(case), 10, count=True).count)

    _aggregations = {name: {"terms": {"field": name, "size": 10, "segment_size": 1000}} for name in FACETS} | {
        "year": {"histogram": {"field": "year", "interval": 1}}
    }

    def page(self, case: Case) -> Page:
        result = self.searcher.search(self._query(case), 10, count=True)
        ids = [self.searcher.doc(address)["id"] for _, address in result.hits]
        assert len(ids) <= 10
        own = {"person": case.person, "country": case.country, "year": case.years}
        together = {name: agg for name, agg in self._aggregations.items() if not own.get(name)}
        counts = self.searcher.aggregate(self._query(case), together)
        for name in self._aggregations.keys() - together.keys():
            counts |= self.searcher.aggregate(self._query(case, name), {name: self._aggregations[name]})
        return int(result.count), sum(b["doc_count"] for name in FACETS for b in counts[name]["buckets"])


class Fts5:
    """SQLite FTS5: title and text in one column, facets in separate tables."""

    name = "fts5"
    slow = True
    approximate = False

    def __init__(self, folder: Path) -> None:
        self.place = folder / "fts5.db"

    def build(self, source: Path) -> None:
        db = sqlite3.connect(self.place)
        db.executescript(
            "CREATE VIRTUAL TABLE t USING fts5(body, content='', tokenize='unicode61');"
            "CREATE TABLE a(n INTEGER PRIMARY KEY, id TEXT, title TEXT, text TEXT, year INTEGER);"
            + "".join(f"CREATE TABLE {name}(v TEXT, n INTEGER);" for name in FACETS)
        )
        with source.open("rb") as file:
            for number, line in enumerate(file):
                row = orjson.loads(line)
                db.execute("INSERT INTO t(rowid, body) VALUES(?, ?)", (number, f"{row['title']} {GAP} {row['text']}"))
                year = int(row["published"][:4])
                db.execute("INSERT INTO a VALUES(?,?,?,?,?)", (number, row["id"], row["title"], row["text"], year))
                for name in FACETS:
                    db.executemany(f"INSERT INTO {name} VALUES(?, ?)", [(value, number) for value in row[name]])
        for name in FACETS:
            db.executescript(f"CREATE INDEX {name}_n ON {name}(n, v); CREATE INDEX {name}_v ON {name}(v, n);")
        db.commit()
        db.close()

    def open(self) -> None:
        self.db = sqlite3.connect(self.place)

    def _match(self, case: Case) -> str:
        joined = {"or": " OR ", "phrase": " "}.get(case.kind, " AND ").join(case.words)
        joined = {"phrase": f'"{joined}"', "prefix": f"{joined}*"}.get(case.kind, joined)
        return f"({joined}) NOT {case.without}" if case.without else joined

    def _where(self, case: Case, without: str = "") -> tuple[str, list[Any]]:
        parts: list[str] = []
        values: list[Any] = []
        if case.words:
            parts.append("n IN (SELECT rowid FROM t WHERE t MATCH ?)")
            values.append(self._match(case))
        for name, value in (("person", case.person), ("country", case.country)):
            if value and name != without:
                parts.append(f"+n IN (SELECT n FROM {name} WHERE v = ?)")
                values.append(value)
        if case.years and without != "year":
            parts.append("+n IN (SELECT n FROM a WHERE year BETWEEN ? AND ?)")
            values += case.years
        return " AND ".join(parts) or "1", values

    def top(self, case: Case) -> int:
        where, values = self._where(case)
        if case.words:
            rest, others = self._where(Case(person=case.person, country=case.country, years=case.years))
            sql = f"SELECT rowid FROM t WHERE t MATCH ? AND +rowid IN (SELECT n FROM a WHERE {rest}) ORDER BY rank LIMIT 10"
            sql = sql if rest != "1" else "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10"
            self.db.execute(sql, [self._match(case), *others]).fetchall()
        else:
            self.db.execute("SELECT n FROM a ORDER BY n LIMIT 10").fetchall()
        return int(self.db.execute(f"SELECT count(*) FROM a WHERE {where}", values).fetchone()[0])

    def page(self, case: Case) -> Page:
        total = self.top(case)
        counted = 0
        for name in FACETS:
            where, values = self._where(case, name)
            sql = f"SELECT v, count(*) c FROM {name} WHERE {where} GROUP BY v ORDER BY c DESC, v LIMIT 10"
            counted += sum(count for _, count in self.db.execute(sql, values))
        where, values = self._where(case, "year")
        self.db.execute(f"SELECT year, count(*) FROM a WHERE {where} GROUP BY year", values).fetchall()
        return total, counted


class Whoosh:
    """Plain Whoosh, its own codec and searcher, as in its documentation."""

    name = "whoosh"
    slow = True
    approximate = False

    def __init__(self, folder: Path) -> None:
        self.place = folder / "whoosh"

    def build(self, source: Path) -> None:
        self.place.mkdir()
        schema = Schema(
            id=ID(stored=True), body=TEXT(phrase=True), title=STORED, text=STORED, year=NUMERIC(sortable=True),
            **{name: KEYWORD(commas=True) for name in FACETS},
        )  # fmt: skip
        writer = whoosh.index.create_in(str(self.place), schema).writer(limitmb=512)
        with source.open("rb") as file:
            for line in file:
                row = orjson.loads(line)
                writer.add_document(
                    id=row["id"], body=f"{row['title']} {GAP} {row['text']}", title=row["title"], text=row["text"],
                    year=int(row["published"][:4]), **{name: list(row[name]) for name in FACETS},
                )  # fmt: skip
        writer.commit()

    def open(self) -> None:
        self.searcher = whoosh.index.open_dir(str(self.place)).searcher()

    def _query(self, case: Case, without: str = "") -> WhooshQuery:
        words = [Term("body", word) for word in case.words]
        match case.kind:
            case "phrase":
                query: WhooshQuery = Phrase("body", list(case.words))
            case "prefix":
                query = Prefix("body", case.words[0])
            case "or":
                query = Or(words)
            case _:
                query = And(words) if words else Every()
        parts: list[WhooshQuery] = [query]
        if case.without:
            parts.append(Not(Term("body", case.without)))
        for name, value in (("person", case.person), ("country", case.country)):
            if value and name != without:
                parts.append(Term(name, value))
        if case.years and without != "year":
            parts.append(NumericRange("year", *case.years))
        return And(parts) if len(parts) > 1 else query

    def top(self, case: Case) -> int:
        return len(self.searcher.search(self._query(case), limit=10, optimize=False))

    def page(self, case: Case) -> Page:
        own = {"person": case.person, "country": case.country, "year": case.years}
        facets = {name: FieldFacet(name, allow_overlap=True) for name in FACETS} | {"year": FieldFacet("year")}
        together = {name: facet for name, facet in facets.items() if not own.get(name)}
        found = self.searcher.search(self._query(case), limit=10, optimize=False, groupedby=together)
        groups = {name: found.groups(name) for name in together}
        for name in facets.keys() - together.keys():
            query = self._query(case, name)
            groups[name] = self.searcher.search(query, limit=1, groupedby={name: facets[name]}).groups(name)
        counted = 0
        for name in FACETS:
            sizes = sorted((len(numbers) for value, numbers in groups[name].items() if value), reverse=True)
            counted += sum(sizes[:10])
        return len(found), counted


def bytes_of(place: Path) -> int:
    """Bytes of a file or a directory."""
    return sum(f.stat().st_size for f in place.rglob("*")) if place.is_dir() else place.stat().st_size
