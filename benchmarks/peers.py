"""Dateline's engine and its peers, each as a class that builds an index of the corpus and answers its queries."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
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
from benchmarks.lucene import GAP
from search import Filter, Query, Results
from search.text.dates import day_of

LENGTH = 240
"""Characters of a snippet."""
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
        self.engine = search.open(self.place)

    def close(self) -> None:
        self.engine.close()

    def query(self, case: Case) -> Query:
        """A page of ten hits with titles, names and snippets, three facets and a histogram."""
        text = {"and": " ", "or": " OR ", "phrase": " ", "prefix": " "}[case.kind].join(case.words)
        text = {"phrase": f'"{text}"', "prefix": f"{text}*"}.get(case.kind, text)
        filters = {
            name: Filter(any=(value,)) for name, value in (("person", case.person), ("country", case.country)) if value
        }
        first, last = case.years or (None, None)
        return Query(
            text + (f" -{case.without}" if case.without else ""), filters, str(first) if first else None, str(last) if last else None,
            facets=(*FACETS, "date"), interval="year",
        )  # fmt: skip

    def top(self, case: Case) -> int:
        found = self.engine.search(replace(self.query(case), facets=(), fields=("id", "title", "score")))
        assert all(hit.title for hit in found.hits)
        return found.total

    def ids(self, case: Case) -> Page:
        found = self.engine.search(replace(self.query(case), fields=("id", "score")))
        assert all(hit.id for hit in found.hits)
        return self._counted(found)

    def page(self, case: Case) -> Page:
        found = self.engine.search(self.query(case))
        for hit in found.hits:
            assert hit.id
            assert hit.title
            assert all(snippet.text for snippet in hit.snippets)
        return self._counted(found)

    def _counted(self, found: Results) -> Page:
        return found.total, sum(entry.count for name in FACETS for entry in found.values(name).values[:10])


class Tantivy:
    """tantivy-py, one field for title and text, facets as fast fields."""

    name = "tantivy"
    slow = False
    approximate = True

    def __init__(self, folder: Path) -> None:
        self.place = folder / "tantivy"
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("body", stored=True, tokenizer_name="default")
        builder.add_bytes_field("title", stored=True, indexed=False)
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
                        id=row["id"], body=f"{row['title']} {GAP} {row['text']}", title=row["title"].encode(),
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

    def close(self) -> None:
        del self.index, self.searcher

    def top(self, case: Case) -> int:
        found = self.searcher.search(self._query(case), 10, count=True)
        assert all(self.searcher.doc(address)["title"] for _, address in found.hits)
        return int(found.count or 0)

    _aggregations = {name: {"terms": {"field": name, "size": 10, "segment_size": 1000}} for name in FACETS} | {
        "year": {"histogram": {"field": "year", "interval": 1}}
    }

    def page(self, case: Case) -> Page:
        query = self._query(case)
        found = self.searcher.search(query, 10, count=True)
        generator = tantivy.SnippetGenerator.create(self.searcher, query, self.schema, "body")
        generator.set_max_num_chars(LENGTH)
        for _, address in found.hits:
            article = self.searcher.doc(address)
            snippet = generator.snippet_from_doc(article)
            marks = [(mark.start, mark.end) for mark in snippet.highlighted()]
            assert article["id"]
            assert article["title"]
            assert snippet.fragment() if marks else article["body"][0][:LENGTH]
        return int(found.count or 0), self._facets(case)

    def ids(self, case: Case) -> Page:
        found = self.searcher.search(self._query(case), 10, count=True)
        assert all(self.searcher.doc(address)["id"] for _, address in found.hits)
        return int(found.count or 0), self._facets(case)

    def _facets(self, case: Case) -> int:
        own = {"person": case.person, "country": case.country, "year": case.years}
        together = {name: agg for name, agg in self._aggregations.items() if not own.get(name)}
        counts = self.searcher.aggregate(self._query(case), together)
        for name in self._aggregations.keys() - together.keys():
            counts |= self.searcher.aggregate(self._query(case, name), {name: self._aggregations[name]})
        return sum(b["doc_count"] for name in FACETS for b in counts[name]["buckets"])


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
            "CREATE TABLE a(n INTEGER PRIMARY KEY, id TEXT, title TEXT, body TEXT, year INTEGER);"
            "CREATE VIRTUAL TABLE t USING fts5(body, content='a', content_rowid='n', tokenize='unicode61');"
            + "".join(f"CREATE TABLE {name}(v TEXT, n INTEGER);" for name in FACETS)
        )
        with source.open("rb") as file:
            for number, line in enumerate(file):
                row = orjson.loads(line)
                body = f"{row['title']} {GAP} {row['text']}"
                db.execute("INSERT INTO t(rowid, body) VALUES(?, ?)", (number, body))
                year = int(row["published"][:4])
                db.execute("INSERT INTO a VALUES(?,?,?,?,?)", (number, row["id"], row["title"], body, year))
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

    def close(self) -> None:
        self.db.close()

    def _ten(self, case: Case, snippets: bool = False) -> int:
        """The ten best, with their titles, and how many match."""
        where, values = self._where(case)
        if case.words:
            rest, others = self._where(Case(person=case.person, country=case.country, years=case.years))
            shown = "snippet(t, 0, '[', ']', '…', 32)" if snippets else "''"
            sql = f"SELECT rowid, {shown} FROM t WHERE t MATCH ?"
            sql += f" AND +rowid IN (SELECT n FROM a WHERE {rest})" if rest != "1" else ""
            found = self.db.execute(f"{sql} ORDER BY rank LIMIT 10", [self._match(case), *others]).fetchall()
        else:
            shown = f"substr(body, 1, {LENGTH})" if snippets else "''"
            found = self.db.execute(f"SELECT n, {shown} FROM a ORDER BY n LIMIT 10").fetchall()
        numbers = ",".join(str(number) for number, _ in found)
        assert len(self.db.execute(f"SELECT id, title FROM a WHERE n IN ({numbers})").fetchall()) == len(found)
        return int(self.db.execute(f"SELECT count(*) FROM a WHERE {where}", values).fetchone()[0])

    def top(self, case: Case) -> int:
        return self._ten(case)

    def ids(self, case: Case) -> Page:
        return self._ten(case), self._facets(case)

    def page(self, case: Case) -> Page:
        return self._ten(case, True), self._facets(case)

    def _facets(self, case: Case) -> int:
        counted = 0
        for name in FACETS:
            where, values = self._where(case, name)
            sql = f"SELECT v, count(*) c FROM {name} WHERE {where} GROUP BY v ORDER BY c DESC, v LIMIT 10"
            counted += sum(count for _, count in self.db.execute(sql, values))
        where, values = self._where(case, "year")
        self.db.execute(f"SELECT year, count(*) FROM a WHERE {where} GROUP BY year", values).fetchall()
        return counted


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

    def close(self) -> None:
        self.searcher.close()

    def top(self, case: Case) -> int:
        found = self.searcher.search(self._query(case), limit=10, optimize=False)
        assert all(hit["title"] for hit in found)
        return len(found)

    def page(self, case: Case) -> Page:
        return self._counted(case, True)

    def ids(self, case: Case) -> Page:
        return self._counted(case, False)

    def _counted(self, case: Case, snippets: bool) -> Page:
        own = {"person": case.person, "country": case.country, "year": case.years}
        facets = {name: FieldFacet(name, allow_overlap=True) for name in FACETS} | {"year": FieldFacet("year")}
        together = {name: facet for name, facet in facets.items() if not own.get(name)}
        found = self.searcher.search(self._query(case), limit=10, optimize=False, groupedby=together)
        for hit in found:
            assert hit["id"]
            if snippets:
                assert hit["title"]
                assert hit.highlights("body", text=hit["text"]) or hit["text"][:LENGTH]
        groups = {name: found.groups(name) for name in together}
        for name in facets.keys() - together.keys():
            query = self._query(case, name)
            groups[name] = self.searcher.search(query, limit=1, groupedby={name: facets[name]}).groups(name)
        counted = 0
        for name in FACETS:
            sizes = sorted((len(numbers) for value, numbers in groups[name].items() if value), reverse=True)
            counted += sum(sizes[:10])
        return len(found), counted
