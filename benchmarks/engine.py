"""The local engine compared with tantivy-py, SQLite FTS5 and plain Whoosh: same corpus, same answers, one run.

    python -m benchmarks.engine [--articles 100000] [--whoosh 5000] [--queries 10] [--rounds 7]

Dateline builds with two processes that read and prepare in addition to the one that writes, and with that one alone;
tantivy-py with its default number of threads. The corpus is synthetic: some 306 words an article from a Zipf vocabulary
of 200,000, up to three of 30,000 persons, two of 220 countries, one or two of 17 topics, a day in 80 years. Each engine
builds an index of it from the same JSON Lines with stored title and text, positions and facets; then every query runs
on each in turn. Totals are asserted equal before anything is timed, and facet counts too if an engine has exact ones.
No answers are cached.

A *page* is the ids of the top ten, the exact total, the ten most frequent persons, countries and topics and a
histogram by year; a filtered facet is counted without its own filter. Times are medians over queries of the minimum of
the rounds, in milliseconds, one thread; a class's ratio is that of the medians. *shown* adds titles and snippets.

Needs `tantivy` in addition to the project's own packages.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import os
import pstats
import random
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import tantivy
import whoosh.index
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema
from whoosh.query import And, Every, Not, NumericRange, Or, Phrase, Prefix, Term
from whoosh.query import Query as WhooshQuery
from whoosh.sorting import FieldFacet

import search
from benchmarks import results, tables
from indexer.readers.shared.record import Origin
from indexer.readers.tables import json as json_reader
from search import Filter, Query
from search.dates import day_of
from search.json import Json
from search.local.ask.search import Search
from search.local.engine import LocalEngine
from search.vocabulary import vocabulary

VOCABULARY = 200_000
WORDS = 306
GAP = "qqgapqq"
FACETS = ("person", "country", "topic")
PROCESSES = 2
"""Processes that read and prepare articles for Dateline, in addition to the one that writes."""
PART_BYTES = 1 << 20
"""Bytes of the corpus that one of them reads at a time."""
SLOW_ROUNDS = 2
"""Rounds for an engine whose queries take a hundred times as long."""


@dataclass(frozen=True)
class Case:
    """One query of a class, in parts that each engine combines in its own way."""

    words: tuple[str, ...] = ()
    kind: str = "and"
    without: str = ""
    person: str = ""
    country: str = ""
    years: tuple[int, int] | None = None


def corpus(size: int) -> Iterator[Json]:
    """The articles as the contract's records; the same for every size and run."""
    rng = np.random.default_rng(1815)
    weights = 1 / (np.arange(VOCABULARY) + 2.7) ** 1.07
    weights /= weights.sum()
    cumulated = np.cumsum(weights)
    names = np.array([_word(number) for number in range(VOCABULARY)], object)
    persons = [f"Person {number:05d}" for number in range(30_000)]
    countries = [code for code in vocabulary("country").entries if len(code) == 2][:220]
    topics = list(vocabulary("topic").tops)
    chance = random.Random(1815)
    for number in range(size):
        length = max(40, int(rng.normal(WORDS, 80)))
        drawn = names[np.minimum(np.searchsorted(cumulated, rng.random(length + 8)), VOCABULARY - 1)]
        day = f"{1945 + chance.randrange(80)}-{1 + chance.randrange(12):02d}-{1 + chance.randrange(28):02d}"
        yield {
            "id": f"a{number:07d}",
            "title": " ".join(drawn[:8]),
            "text": " ".join(drawn[8:]),
            "published": day,
            "language": "en",
            "person": list(dict.fromkeys(persons[int(30_000 * chance.random() ** 2)] for _ in range(3))),
            "country": list(dict.fromkeys(countries[int(220 * chance.random() ** 2)] for _ in range(2))),
            "topic": list(dict.fromkeys(chance.choice(topics) for _ in range(chance.choice((1, 2))))),
        }


def _word(number: int) -> str:
    """A word that no stemmer changes, different for each number."""
    letters = ""
    while True:
        number, digit = divmod(number, 20)
        letters = "bcdfghjklmnpqrtvwxzk"[digit] + ("o" if digit == 19 else "a") + letters
        if not number:
            return letters + "q"


def cases(count: int) -> dict[str, list[Case]]:
    """Queries by class; word numbers are ranks of frequency."""
    chance = random.Random(7)

    def some(low: int, high: int, words: int = 1) -> list[tuple[str, ...]]:
        return [tuple(_word(n) for n in chance.sample(range(low, high), words)) for _ in range(count)]

    high, medium, low = some(3, 40), some(200, 800), some(20_000, 60_000)
    years = [(1945 + n, 1960 + n) for n in range(count)]
    return {
        "term high": [Case(words) for words in high],
        "term medium": [Case(words) for words in medium],
        "term low": [Case(words) for words in low],
        "AND of two": [Case(words) for words in some(5, 120, 2)],
        "AND of three": [Case(words) for words in some(5, 60, 3)],
        "OR of two": [Case(words, "or") for words in some(5, 120, 2)],
        "OR of three": [Case(words, "or") for words in some(5, 120, 3)],
        "phrase": [Case(words, "phrase") for words in some(0, 12, 2)],
        "NOT": [Case(a, without=b[0]) for a, b in zip(some(5, 60), some(5, 60), strict=True)],
        "prefix": [Case((words[0][:4],), "prefix") for words in some(500, 4000)],
        "range + term": [Case(words, years=span) for words, span in zip(some(5, 60), years, strict=True)],
        "person + term": [Case(words, person=f"Person {n:05d}") for n, words in enumerate(some(3, 20))],
        "country + term": [
            Case(words, country=code)
            for code, words in zip(
                ("AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AR", "AT") * 10, high, strict=False
            )
        ],
        "everything": [Case() for _ in range(count)],
    }


Page = tuple[int, int]
"""Total, and the sum of all facet counts: compared between engines."""


Lines = tuple[Path, int, int]
"""Some lines of a file: the path, their offset, and their bytes."""


def lines_of(source: Path) -> Iterator[Lines]:
    """Split a file into pieces of whole lines."""
    begin, size = 0, source.stat().st_size
    with source.open("rb") as file:
        while begin < size:
            file.seek(min(size, begin + PART_BYTES))
            file.readline()
            end = file.tell()
            yield source, begin, end - begin
            begin = end


def articles_of(lines: Lines) -> Iterator[search.Article]:
    """The articles of some lines."""
    source, begin, size = lines
    with source.open("rb") as file:
        file.seek(begin)
        piece = io.BytesIO(file.read(size))
    for article in json_reader.read(piece, Origin("bench", source.name, source.name)):
        assert isinstance(article, search.Article)
        yield article


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


def timed(ask: Callable[[Case], object], asked: Sequence[Case], rounds: int) -> tuple[float, float]:
    """Median and 99th percentile over queries, each the minimum of the rounds, in milliseconds."""
    least = []
    for case in asked:
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            ask(case)
            times.append(time.perf_counter() - began)
        least.append(min(times) * 1000)
    return statistics.median(least), float(np.percentile(least, 99))


def cpu_seconds() -> float:
    """CPU seconds of this process and of the child processes it has waited for."""
    uses = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def build(engine: Any, source: Path, size: int, sheet: results.Sheet, table: str = "build") -> None:
    """Build an index and print the results."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    engine.build(source)
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    on_disk = bytes_of(engine.place)
    sheet.row(table, articles=size, engine=engine.name, wall=size / wall, cpu=size / cpu, bytes=on_disk / size)
    print(
        f"{engine.name:10} {size / wall:8,.0f} articles/s wall  {size / cpu:8,.0f} a CPU second  "
        f"{on_disk / size:7,.0f} bytes an article",
        flush=True,
    )


def compare(engines: Sequence[Any], count: int, rounds: int, size: int, sheet: results.Sheet) -> None:
    """Check that all agree, then time them class by class."""
    miscounted: Counter[str] = Counter()
    ratios: dict[str, list[float]] = {engine.name: [] for engine in engines[1:]}
    print(
        f"\n{'class':16}{'matches':>9}"
        + "".join(f"{e.name + ' top':>15}{'page':>9}" for e in engines)
        + "   shown  ratios"
    )
    for name, asked in cases(count).items():
        pages = [[engine.page(case) for case in asked] for engine in engines]
        for answers, engine in zip(pages[1:], engines[1:], strict=True):
            for first, theirs, case in zip(pages[0], answers, asked, strict=True):
                assert first[0] == theirs[0], (name, engine.name, case, first, theirs)
                if first[1] != theirs[1]:
                    assert engine.approximate, (name, engine.name, case, first, theirs)
                    miscounted[engine.name] += 1
        matches = statistics.median(total for total, _ in pages[0])
        line = f"{name:16}{matches:9,.0f}"
        mine = 0.0
        told = []
        for engine in engines:
            times = rounds if not engine.slow else min(rounds, SLOW_ROUNDS)
            top, _ = timed(engine.top, asked, times)
            page, _ = timed(engine.page, asked, times)
            line += f"{top:15.2f}{page:9.2f}"
            sheet.row("pages", articles=size, kind=name, matches=matches, engine=engine.name, top=top, page=page)
            mine = mine or page
            if engine is not engines[0]:
                ratios[engine.name].append(page / mine)
                told.append(f"{page / mine:.1f}×")
        shown, _ = timed(engines[0].shown, asked, rounds)
        sheet.row("shown", articles=size, kind=name, shown=shown)
        print(line + f"{shown:8.2f}  {' '.join(told)}", flush=True)
    for other, wrong in miscounted.items():
        print(f"{other} gave wrong facet counts on {wrong} pages (its counts are approximate)")
    for other, values in ratios.items():
        print(f"page compared with {other}: geometric mean {tables.mean(values):.1f}×, minimum {min(values):.1f}×")


def profile(size: int) -> None:
    """Print where Dateline spends the time of building and of a page for a frequent term."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    try:
        with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in corpus(size))
        ours = Ours(folder)
        profiler = cProfile.Profile()
        profiler.runcall(ours.build, folder / "corpus.jsonl")
        ours.open()
        case = cases(4)["term high"][0]
        ours.page(case)
        asking = cProfile.Profile()
        for _ in range(100):
            asking.runcall(ours.page, case)
        print(f"100 pages of a frequent term among {size:,} articles:")
        pstats.Stats(asking).sort_stats("cumtime").print_stats(r"search/", 16)
        print("building:")
        pstats.Stats(profiler).sort_stats("cumtime").print_stats(r"search/|indexer/", 16)
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Generate the corpus, build, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--whoosh", type=int, default=5000, help="articles for plain Whoosh, which is slow; 0 for none")
    parser.add_argument("--queries", type=int, default=10, help="of each class")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--profile", action="store_true", help="where Dateline spends its time")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("engine")
    search.warm()
    if options.profile:
        profile(options.articles)
        return
    sheet.row("versions", tantivy=tantivy.__version__, sqlite=sqlite3.sqlite_version, whoosh=version("whoosh3"))
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, tantivy {tantivy.__version__}, SQLite {sqlite3.sqlite_version}"
    )
    for size, kinds in ((options.whoosh, (Ours, Whoosh)), (options.articles, (Ours, Tantivy, Fts5))):
        if not size:
            continue
        folder = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
        try:
            source = folder / "corpus.jsonl"
            with source.open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in corpus(size))
            print(f"\n{size:,} articles")
            engines = [kind(folder) for kind in kinds]
            for engine in engines:
                build(engine, source, size, sheet)
            if size > options.whoosh:
                (folder / "alone").mkdir()
                build(Ours(folder / "alone", 1), source, size, sheet, "alone")
            for engine in engines:
                began = time.perf_counter()
                engine.open()
                opened = (time.perf_counter() - began) * 1000
                sheet.row("open", articles=size, engine=engine.name, ms=opened)
                print(f"{engine.name:10} opens in {opened:.0f} ms")
            compare(engines, options.queries, options.rounds, size, sheet)
        finally:
            shutil.rmtree(folder)
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
