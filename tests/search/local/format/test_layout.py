"""An index read by what `docs/engine.md` says of its files, and by nothing else: no code of the engine, only NumPy.

What is found there is held to the articles, and to what `search.text.tokens` makes of them.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard

import search
from search.names.vocabulary import vocabulary
from search.text import addresses
from search.text.dates import day_of, instant_of
from search.text.tokens import term, tokens
from tests.cases import cases
from tests.search.snippets import plain_passages

ENDINGS = (".lex", ".pst", ".pos", ".col", ".sto")
DOCUMENT = (Path(__file__).parents[4] / "docs" / "engine.md").read_text("utf-8")
NAMES = re.findall(r"`(\w+)`", re.split(r"Columns of names are (.*?)\.", DOCUMENT, flags=re.DOTALL)[1])
K1, B = 1.2, 0.75


def envelope(path: Path) -> Any:
    """“Small files that vouch for themselves”."""
    found = re.fullmatch(rb'\{"crc32":"([0-9a-f]{8})","content":(.*)\}\n', path.read_bytes(), re.DOTALL)
    assert found
    assert int(found[1], 16) == zlib.crc32(found[2])
    return json.loads(found[2])


class Arrays:
    """“A file of arrays”."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        place, length, crc, version, magic = np.frombuffer(
            self.data[-24:], np.dtype("<u8, <u4, <u4, <u4, S4")
        ).tolist()[0]
        assert (version, magic) == (4, b"DTLN")
        table = self.data[place : place + length]
        assert (zlib.crc32(table), place + length + 24) == (crc, len(self.data))
        self.identity = [len(self.data), crc]
        self.table = json.loads(table)

    def __getitem__(self, name: str) -> Any:
        entry = self.table[name]
        data = self.data[entry["place"] : entry["place"] + entry["bytes"]]
        assert entry["place"] % 64 == 0
        assert zlib.crc32(data) == entry["crc"]
        return np.frombuffer(data, entry["type"]).astype(object if entry["type"] in ("<u8", "<i8") else entry["type"])

    def strings(self, name: str) -> list[str]:
        ends = [0, *self[f"{name}.ends"].tolist()]
        data = self[f"{name}.bytes"].tobytes()
        return [data[a:b].decode() for a, b in pairwise(ends)]


def packed(words: Any, place: int, skip: int, count: int, width: int) -> list[int]:
    """Numbers of some bits each, `skip` bits behind the beginning of a word; 128 of them in four lanes."""
    if count == 128:
        rows = words[place : place + 4 * width].reshape(width, 4)
        lanes = [packed(rows[:, lane], 0, 0, 32, width) for lane in range(4)]
        return [number for row in zip(*lanes, strict=True) for number in row]
    whole = int.from_bytes(words[place : place + (skip + count * width + 31) // 32].astype("<u4").tobytes(), "little")
    return [(whole >> (skip + i * width)) & ((1 << width) - 1) for i in range(count)]


class Segment:
    """The five files of a segment."""

    def __init__(self, folder: Path, name: str, size: int, deleted: frozenset[int]) -> None:
        self.lex, self.pst, self.pos, self.col, self.sto = (Arrays(folder / f"{name}{e}") for e in ENDINGS)
        self.size, self.deleted = size, deleted
        self.words, self.shapes, self.offsets, self.blocks, self.lasts, self.frequency = (
            self.pst[n] for n in ("words", "shapes", "offsets", "blocks", "lasts", "frequency")
        )
        self.impacts, self.befores, self.lengths = self.pst["impacts"], self.pst["befores"], self.col["length"]
        self.mean = float(self.pst["mean"][0])

    def postings(self, term: int) -> Iterator[tuple[int, int, int]]:
        """Article, occurrences, those in the title."""
        article, seen, found = -1, 0, 0
        for block in range(int(self.blocks[term]), int(self.blocks[term + 1])):
            a, b, c, less = int(self.shapes[block]).to_bytes(4, "little")
            count, place, lists = less + 1, int(self.offsets[block]), []
            for width in (a, b, c):
                lists.append(packed(self.words, place, 0, count, width))
                place += (count * width + 31) // 32
            impact, before = 0.0, seen
            for distance, weight, title in zip(*lists, strict=True):
                article += distance + 1
                impact = max(
                    impact,
                    (weight + 1) / (weight + 1 + K1 * (1 - B + B * int(self.lengths[article]) / (self.mean or 1.0))),
                )
                occurrences = weight + 1 - 2 * title
                seen += occurrences
                yield article, occurrences, title
            assert article == self.lasts[block]
            if block < len(self.impacts):
                assert impact <= self.impacts[block] <= impact * 1.0001
                assert before == self.befores[block]
            found += count
        assert found == self.frequency[term]

    def positions(self, term: int) -> dict[int, list[int]]:
        """The positions of a word in each article."""
        postings = list(self.postings(term))
        total, place, words = sum(count for _, count, _ in postings), int(self.pos["places"][term]), self.pos["words"]
        numbers: list[int] = []
        while len(numbers) < total:
            count, width = min(128, total - len(numbers)), int(words[place]) & 63
            if count == 128:
                numbers += packed(words, place + 1, 0, count, width)
                place += 1 + 4 * width
            else:
                numbers += packed(words, place, 6, count, width)
                place += (6 + count * width + 31) // 32
        found: dict[int, list[int]] = {}
        behind = iter(numbers)
        for article, count, _ in postings:
            at, found[article] = -1, []
            for _ in range(count):
                at += next(behind) + 1
                found[article].append(at)
        return found

    def articles(self) -> list[dict[str, Any]]:
        starts = [0, *self.sto["ends"].tolist()]
        dictionary, data = self.sto["dictionary"].tobytes(), self.sto["records"].tobytes()
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        frames = [data[start:end] for start, end in pairwise(starts)]
        assert len(frames) == self.size
        return [json.loads(zstandard.ZstdDecompressor(dict_data=known).decompress(frame)) for frame in frames]


def generation(folder: Path) -> list[Segment]:
    """The segments of the index in a directory."""
    last = max(
        int(found[1]) for path in folder.iterdir() if (found := re.fullmatch(r"generation_(\d+)\.sum", path.name))
    )
    manifest = envelope(folder / f"generation_{last}.sum")
    assert (manifest["format"], manifest["generation"]) == (19, last)
    assert sha256((folder / f"_MAIN_{last}.toc").read_bytes()).hexdigest() == manifest["table"]
    names = [f"segment_{entry['id']}" for entry in manifest["segments"]]
    segments = [
        Segment(folder, name, entry["size"], frozenset(n for a, b in entry["deleted"] for n in range(a, b + 1)))
        for name, entry in zip(names, manifest["segments"], strict=True)
    ]
    assert manifest["files"] == {
        f"{name}{ending}": Arrays(folder / f"{name}{ending}").identity for name in names for ending in ENDINGS
    }
    return segments


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, engine: search.Engine) -> Path:
    """The articles of `seeds/` in three commits, some of them replaced and one removed."""
    folder = tmp_path_factory.mktemp("layout") / "seeds.idx"
    articles = list(engine.export(search.Query()))
    for some in (articles[:90], articles[80:], articles[:1]):
        with search.writer(folder) as writer:
            for article in some:
                writer.add(article)
            writer.delete(articles[40].id)
    return folder


@pytest.fixture(scope="module")
def segments(place: Path) -> list[Segment]:
    return generation(place)


def test_the_live_articles_are_those_of_the_engine(segments: list[Segment], place: Path) -> None:
    found = [a for s in segments for n, a in enumerate(s.articles()) if n not in s.deleted]
    with search.open(place) as engine:
        expected = {article.id: (article.title, article.text) for article in engine.export(search.Query())}

    assert len(segments) > 1
    assert any(segment.deleted for segment in segments)
    assert len(found) == len(expected)
    assert {a["id"]: (a.get("title", ""), a["text"]) for a in found} == expected


def _written(word: str, _: str) -> str:
    return word


@cases("kind, term_of", [("stem", term), ("form", _written)])
def test_every_word_and_position_is_there(
    segments: list[Segment], kind: str, term_of: Callable[[str, str], str]
) -> None:
    for segment in segments:
        wanted: dict[str, dict[int, list[int]]] = defaultdict(dict)
        titles: dict[str, Counter[int]] = defaultdict(Counter)
        for number, article in enumerate(segment.articles()):
            title = [t.word for t in tokens(article["title"])]
            text = [t.word for t in tokens(article["text"])]
            for at, word in (*enumerate(title), *enumerate(text, len(title) + 1)):
                term = term_of(word, article["language"] or "en")
                wanted[term].setdefault(number, []).append(at)
                titles[term][number] += at < len(title)
            assert (segment.col["title"][number], segment.col["text"][number]) == (len(title), len(text))
            assert segment.lengths[number] == 3 * len(title) + len(text)
        terms = segment.lex.strings(kind)
        numbers = segment.lex["form.number"].tolist() if kind == "form" else range(len(terms))

        assert terms == sorted(wanted, key=str.encode)
        for term, number in zip(terms, numbers, strict=True):
            assert segment.positions(number) == wanted[term]
            assert {a: t for a, _, t in segment.postings(number)} == titles[term]


def test_every_landmark_and_position_is_there(segments: list[Segment]) -> None:
    for segment in segments:
        wanted: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, article in enumerate(segment.articles()):
            title = list(tokens(article["title"]))
            begun = beginnings(article["text"], article["language"])
            for at, token in enumerate(tokens(article["text"]), len(title) + 1):
                for name in begun(token.start) if at > len(title) + 1 else ():
                    wanted[name][number].add(at)
            for facet in ("person", "country"):
                for entry in article["evidence"].get(facet, ()):
                    field = entry.get("within", "text")
                    for at, token in enumerate(tokens(article[field]), 0 if field == "title" else len(title) + 1):
                        if entry["start"] is not None and token.start < entry["end"] and token.end > entry["start"]:
                            wanted[f"{facet}:{entry['value']}"][number].add(at)
        names = segment.lex.strings("landmark")
        first = len(segment.pos["places"]) - len(names)

        assert names == sorted(wanted, key=str.encode)
        assert {"/s", "/p"} < set(names)
        for number, name in enumerate(names, first):
            assert segment.positions(number) == {a: sorted(at) for a, at in sorted(wanted[name].items())}


def test_every_bigram_of_very_frequent_words_is_there(segments: list[Segment]) -> None:
    counted = 0
    for segment in segments:
        words, keys = segment.lex["bigram.words"].tolist(), segment.lex["bigram.keys"].tolist()
        where = {word: segment.positions(word) for word in words}
        titles = segment.col["title"]
        wanted = {}
        for at, (first, second) in enumerate(product(words, repeat=2)):
            seconds = {(article, n) for article, places in where[second].items() for n in places}
            found = [(a, n) for a, places in where[first].items() for n in places if (a, n + 1) in seconds]
            if found:
                in_title = Counter(a for a, n in found if n < titles[a])
                wanted[at] = [(a, count, in_title[a]) for a, count in Counter(a for a, _ in found).items()]
        counted += len(wanted)

        assert words == sorted(words)
        assert all(4 * segment.frequency[word] >= segment.size for word in words)
        assert keys == list(wanted)
        begin = int(segment.pst["bigram.first"][0]) if keys else 0
        assert [list(segment.postings(begin + n)) for n in range(len(keys))] == list(wanted.values())
    assert counted > 100


def beginnings(text: str, language: str | None) -> Callable[[int], list[str]]:
    """Returns the landmarks of a word, given where it begins; the words of a text must be asked for in order."""
    starts = {"/s": [start for start, _ in plain_passages.sentences(text, language)]}
    starts["/p"] = [match.end() for match in plain_passages.PARAGRAPH.finditer(text)]
    before: dict[str, int] = {}

    def begun(at: int) -> list[str]:
        found = []
        for name, places in starts.items():
            passed = sum(start <= at for start in places)
            if passed > before.get(name, name == "/s"):
                found.append(name)
            before[name] = passed
        return found

    return begun


def _values(article: dict[str, Any], name: str) -> set[str]:
    if name == "country_main":
        main = {entry["value"] for entry in article["evidence"].get("country", ()) if entry.get("main")}
        return main & set(article["country"])
    if name in ("legible", "known_words"):
        value = article["quality" if name == "legible" else "known"]
        return set() if value is None else {f"{100 * value:03.0f}"}
    value = article.get(name)
    values = set(value) if isinstance(value, list) else {value} if value else set()
    if name == "url":
        return {addresses.key(url) for url in values}
    topics = vocabulary("topic")
    return {up for v in values for up in (v, *topics.ancestors(v))} if name == "topic" else values


@cases("name", NAMES)
def test_every_value_is_in_its_column_and_has_postings(segments: list[Segment], name: str) -> None:
    for segment in segments:
        values, first = segment.col.strings(name), int(segment.pst[f"{name}.first"][0])
        sets, offsets, ordinals = (segment.col[f"{name}.{part}"].tolist() for part in ("sets", "offsets", "ordinals"))
        having = [{article for article, _, _ in segment.postings(first + n)} for n in range(len(values))]

        assert values == sorted(values, key=str.encode)
        assert offsets[1] == 0
        for number, article in enumerate(segment.articles()):
            chosen = sets[number]
            found = {values[n] for n in ordinals[offsets[chosen] : offsets[chosen + 1]]}
            assert found == _values(article, name)
            assert found == {value for value, articles in zip(values, having, strict=True) if number in articles}


def test_ids_titles_days_and_digests_are_columns(segments: list[Segment]) -> None:
    for segment in segments:
        articles, ids = segment.articles(), segment.col.strings("id")
        order, rank = segment.col["id.order"].tolist(), segment.col["id.rank"].tolist()

        assert ids == [article["id"] for article in articles]
        assert [ids[n] for n in order] == sorted(ids)
        assert [rank[n] for n in order] == list(range(len(ids)))
        assert segment.col.strings("digest") == [article["digest"] for article in articles]
        assert segment.col.strings("title") == [article["title"] for article in articles]
        for day, article in zip(segment.col["day"].tolist(), articles, strict=True):
            published = day_of(article["published"])
            assert (date.fromordinal(day) if day else None) == published
        for name in ("published", "added", "changed"):
            assert segment.col[f"{name}.instant"].tolist() == [instant_of(article[name]) for article in articles]


def test_what_is_kept_out_is_a_list_in_an_envelope(place: Path, tmp_path: Path) -> None:
    with search.writer(tmp_path / "x.idx") as writer:
        writer.block("b")
        writer.block("a")

    assert envelope(tmp_path / "x.idx" / "blocked.json") == ["a", "b"]
