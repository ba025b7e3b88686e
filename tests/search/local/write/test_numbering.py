"""Numbers of other processes are ours, however often either side starts anew."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import search
from search import Article, Query
from search.local.write import numbering
from search.local.write import word_numbers as words
from search.local.writer import LocalWriter

ARTICLES = [
    Article(
        f"a{number}",
        " ".join(f"word{n} said{n % 7}" for n in range(number, number + 9)),
        f"Title {number}",
        language=("en", "fr", None)[number % 3],
        person=(f"Person {number % 5}", f"Other {number}"),
        topic=("medtop:20000822",) if number % 2 else (),
    )
    for number in range(40)
]


def written(place: Path, memory: int) -> list[list[str]]:
    """What is found of each word in an index that three processes, as it were, prepare for in turn."""
    with closing(LocalWriter(place, memory)) as writer, writer.preparing() as preparer:
        preparers = [preparer() for _ in range(3)]
        for number, at in enumerate(range(0, len(ARTICLES), 4)):
            some = ARTICLES[at : at + 4]
            writer.add_prepared(preparers[number % 3](some), ())
        writer.regroup("a0", "g")  # written already, where memory is short
        writer.commit()
    with search.open(place) as engine:
        assert list(engine.export(Query())) == sorted(
            [replace(a, group="g") if a.id == "a0" else a for a in ARTICLES], key=lambda a: a.id
        )
        asked = [Query(f"word{n}", sort="oldest", size=50) for n in range(48)]
        asked.append(Query('person:"Person 3"', sort="oldest", size=50))
        return [[hit.article.id for hit in engine.search(query).hits] for query in asked]


@pytest.fixture
def expected(tmp_path: Path) -> list[list[str]]:
    return written(tmp_path / "expected.idx", 1 << 28)


def test_each_word_is_found_where_it_is(expected: list[list[str]]) -> None:
    assert expected[20] == [f"a{n}" for n in range(12, 21)]
    assert expected[-1] == ["a13", "a18", "a23", "a28", "a3", "a33", "a38", "a8"]


def test_a_writer_short_of_memory_finds_the_same(tmp_path: Path, expected: list[list[str]]) -> None:
    assert written(tmp_path / "idx", 1 << 10) == expected


def test_words_that_are_too_many_are_numbered_anew(
    tmp_path: Path, expected: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(words, "MANY", 20)
    monkeypatch.setattr(numbering, "MANY_ELSEWHERE", 20)
    begin = numbering.Numberer.__init__

    def counted(self: numbering.Numberer, many: int) -> None:
        begun.append(many)
        begin(self, many)

    monkeypatch.setattr(numbering.Numberer, "__init__", counted)

    assert written(tmp_path / "idx", 1 << 10) == expected
    assert written(tmp_path / "idx2", 1 << 28) == expected
    assert len(begun) > 2 * (1 + 3)  # in each: the writer, three that prepare, and those that began anew


def test_what_was_prepared_before_must_have_come(tmp_path: Path) -> None:
    with closing(LocalWriter(tmp_path / "idx")) as writer, writer.preparing() as preparer:
        prepare = preparer()
        writer.add_prepared(prepare(ARTICLES[:2]), ())
        prepare(ARTICLES[2:4])
        with pytest.raises(ValueError, match="Batch 2 of articles arrived when batch 1 was expected"):
            writer.add_prepared(prepare(ARTICLES[4:6]), ())


def test_a_blocked_article_costs_its_batch_and_no_more(tmp_path: Path) -> None:
    with closing(LocalWriter(tmp_path / "idx")) as writer, writer.preparing() as preparer:
        prepare = preparer()
        writer.block("a1")
        with pytest.raises(search.ArticleBlocked):
            writer.add_prepared(prepare(ARTICLES[:4]), ())
        writer.add_prepared(prepare(ARTICLES[4:]), ())
        writer.commit()
    with search.open(tmp_path / "idx") as engine:
        assert engine.search(Query("word10", size=50)).total == 7


def test_what_cannot_be_stored_is_told_at_its_article(tmp_path: Path) -> None:
    with closing(LocalWriter(tmp_path / "idx")) as writer:
        writer.add(ARTICLES[0])
        with pytest.raises(TypeError):
            writer.add(Article("bad", "Text.", extra={"x": object()}))
        writer.add(ARTICLES[1])
        writer.commit()
        assert writer.stored("a0") is not None
        assert writer.stored("bad") is None


def test_a_rolled_back_transaction_leaves_numbers_as_they_are(tmp_path: Path) -> None:
    with closing(LocalWriter(tmp_path / "idx")) as writer, writer.preparing() as preparer:
        prepare = preparer()
        writer.add_prepared(prepare(ARTICLES[:20]), ())
        writer.rollback()
        writer.add_prepared(prepare(ARTICLES[10:]), ())
        writer.commit()
    with search.open(tmp_path / "idx") as engine:
        assert engine.search(Query("word20", size=50)).total == 9
        assert engine.search(Query("word5")).total == 0
