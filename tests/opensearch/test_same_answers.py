"""Made-up archives and questions: a cluster and a directory give the same answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

import search
from search import Article, ArticleMissing, Query
from search.analyses.concordance import ORDERS, Window, concordance
from search.analyses.entity import entity
from search.analyses.event import event
from search.engine import Engine, present_among
from search.measures.comparison import Comparing
from search.measures.cooccurrence import MEASURES, Pairing
from search.measures.cross_table import SPANS, Crossing
from search.measures.keyness import REPRESENTATIONS, Contrast
from search.opensearch.ask import special
from search.syntax import parse
from search.syntax.nodes import leaves
from search.values.query import DENOMINATORS, INTERVALS, MATCHES, RANKS, SORTS, Filter, Listing
from search.values.rights import Extent, Narrowing
from tests.opensearch.conftest import Remote
from tests.plain_engine import PlainEngine
from tests.search import strategies

WORDS = (
    "oil", "gas", "trade", "trading", "trades", "talks", "talk", "wall", "Berlin", "été", "naïve", "U.S.",
    "cease-fire", "中国", "reactor", "reactors", "grain", "grains", "market", "markets", "minister", "house",
    "houses", "people", "rate", "rates", "cut",
)  # fmt: skip
NAMES = (
    "Ann Lee", "ann lee", "Änn Lee", "Bo", "Cy Young", "Young", "Zoë", "J. P. Doe", "John P. Doe", "John Doe", "Doe",
)  # fmt: skip
COUNTRIES = ("CN", "US", "DE", "SUHH", "XX")
ASKED_COUNTRIES = ("CN", "US", "DE", "ussr", "China")
"""What filters ask for: XX, which articles have, is in no vocabulary."""
TOPICS = ("medtop:11000000", "medtop:04000000", "medtop:15000000", "medtop:20000574", "medtop:20000139")
DATES = (None, "1989", "1989-11", "1989-11-09", "1991-02-28", "2000-02-29", "2001-01-01", "1985-01-31")
MOMENTS = ("1989-11-09T18:57", "1989-11-09T18:57:01.5+01:00", "1989-11-09T23:30-05", "1989-11-10T00:30+0500")
STAMPS = (None, "2026-11-25T23:59:59Z", "2026-11-26T00:00:00Z", "2026-11-26T02:13:01Z")
SOURCES = (None, "Wire", "WIRE", "Gazette")
LISTS = {"some": [*(f"a{number}" for number in range(0, 200, 3)), "gone"], "nothing": []}


def archive(chance: random.Random, size: int, once: bool = True) -> list[Article]:
    """Some articles; unless each comes once, a few ids come twice."""

    def some(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.choice((0, 1, 1, 2, 3))))

    articles = [
        Article(
            f"a{number if once else chance.randrange(size * 9 // 10)}",
            prose(chance, chance.randrange(40)),
            " ".join(chance.choices(WORDS, k=chance.randrange(5))),
            published=chance.choice((*DATES, *MOMENTS)),
            added=chance.choice(STAMPS),
            changed=chance.choice(STAMPS),
            source=chance.choice(SOURCES),
            language=chance.choice((None, "en", "fr", "de", "es", "pt", "nl", "it")),
            person=some(NAMES),
            country=some(COUNTRIES),
            topic=some(TOPICS),
            author=some(NAMES[:5]),
            group=chance.choice((None, None, None, "g1", "g2", "g3")),
            url=chance.choice((None, *(f"https://www.{address}" for address in strategies.ADDRESSES))),
            mentioned=some(MENTIONED),
            collection=chance.choice(("", "one", "two")),
            scan=chance.choice(strategies.SCANS),
            quality=chance.choice((None, 0.0, 0.29, 0.7, 1.0)),
            known=chance.choice((None, 0.0, 0.58, 1.0)),
        )
        for number in range(size)
    ]
    return [
        strategies.with_main(
            article,
            chance.choices((True, False), k=3),
            [(chance.randrange(120), chance.randrange(20), chance.random() < 0.2) for _ in range(chance.randrange(6))],
        )
        for article in articles
    ]


MENTIONED = ("1989", "1989-11", "1989-11-09", "1990-02", "2000-02-29")


def prose(chance: random.Random, size: int) -> str:
    """Words in sentences and paragraphs."""
    signs = (*[" "] * 8, ". ", ".\n\n", "? ", ".“ ", ". „", ". » — ", " 3. ", " Sra. ", " bzw. ")
    words = (chance.choice((word, word.capitalize())) for word in chance.choices(WORDS, k=size))
    return "".join(f"{word}{chance.choice(signs)}" for word in words)


def together(chance: random.Random) -> str:
    """Parts in one sentence, in one paragraph, or near each other."""

    def part() -> str:
        word, other, third = chance.choices(WORDS, k=3)
        return chance.choice(
            (
                word, word, f'"{word} {other}"', f"({word} OR {other})", f"{word[:4]}*", f"{word[:-1]}~1",
                f'(={word} OR "{other} {third}" OR {third[:3]}*)', f'(person:"{chance.choice(NAMES)}" OR {word})',
                f"text:{word}", f'person:"{chance.choice(NAMES)}"', f"land:{chance.choice(COUNTRIES)}",
            )
        )  # fmt: skip

    joint = chance.choice((" /s ", " /s ", " /p ", f" /{chance.randrange(1, 8)} "))
    return f"({joint.join(part() for _ in range(chance.choice((2, 2, 2, 3))))})"


def leaf(chance: random.Random) -> str:
    word, other, third = chance.choices(WORDS, k=3)
    middle = chance.randrange(1, max(2, len(word) - 1))
    text = chance.choice(
        (
            word, word, f'"{word} {other}"', f'"{word} {other}"~{chance.randrange(7)}',
            f'"{word} {other} {third}"~{chance.randrange(9)}', f'"{word} {word}"~{chance.randrange(5)}', f"={word}",
            f'="{word} {other}"', f"{word[:4]}*", f"{word[:middle]}{word[middle + 1:]}~",
            f"{word.replace('t', 'f')}~ocr", f'"{word} {other}"~ocr',
            f"{word[:middle]}{word[middle + 1:middle + 2]}{word[middle]}{word[middle + 2:]}~2",
        )
    )  # fmt: skip
    return chance.choice((text, text, text, f"title:{text}", f"text:{text}"))


def condition(chance: random.Random) -> str:
    return chance.choice(
        (
            f'person:"{chance.choice(NAMES)}"', f"country:{chance.choice(COUNTRIES)}", f"topic:{chance.choice(TOPICS)}",
            f"source:{chance.choice(SOURCES)}", f"language:{chance.choice(('en', 'French', 'de'))}",
            f"published:{chance.choice(DATES[1:])}..{chance.choice(DATES[1:])}", "published:1989..", "published:..2000",
            f"mentioned:{chance.choice(MENTIONED)}", f"mentioned:..{chance.choice(MENTIONED)}",
            "mentioned:1989-11..1990", f"url:{chance.choice(strategies.ADDRESSES)}", f"url:http://{chance.choice(strategies.ADDRESSES)}",
            f"id:a{chance.randrange(150)}",
        )
    )  # fmt: skip


def text(chance: random.Random, depth: int = 2) -> str:
    if not depth or chance.random() < 0.4:
        return chance.choice((leaf, leaf, leaf, together, condition))(chance)
    left, right = text(chance, depth - 1), text(chance, depth - 1)
    third = leaf(chance)
    joined = (f"({left} {right} {third})@2", f"({left} {right})", f"({left} OR {right})")
    return chance.choice((*joined, f"({left} -{leaf(chance)})", f"NOT ({left})"))


def question(chance: random.Random) -> Query:
    def some(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.choice((0, 0, 1, 2))))

    filters = {
        name: Filter(some(values), some(values)[:1], some(values)[:1], chance.random() < 0.2)
        for name, values in (
            ("person", NAMES), ("country", ASKED_COUNTRIES), ("topic", TOPICS), ("author", NAMES[:5]),
            ("source", ("wire", "Nobody")),
        )
        if chance.random() < 0.3
    }  # fmt: skip
    dated = chance.random() < 0.3
    first, last = strategies.in_order((chance.choice(DATES[:7]), chance.choice(DATES[:7])))
    return Query(
        text(chance) if chance.random() < 0.8 else "",
        filters,
        date_from=first if dated else None,
        date_to=last if dated else None,
        scan=chance.random() < 0.2,
        quality_from=chance.choice((None, None, None, "0", "0.3", "0.7")),
        quality_missing=chance.random() < 0.1,
        known_from=chance.choice((None, None, None, "0", "0.58", "0.9")),
        known_missing=chance.random() < 0.1,
        list=chance.choice((*LISTS, *[None] * 6)),
        country_main=chance.random() < 0.3,
        snippets=chance.random() < 0.8,
        date_missing=chance.random() < 0.1,
        added_from="2026-11-26" if chance.random() < 0.1 else None,
        sort=chance.choice((None, *SORTS)),
        size=chance.choice((0, 5, 100)),
        page=chance.choice((1, 1, 2)),
        facets=("person", "country", "topic", "source", "section", "author", "language", "date"),
        match=chance.choice(("all", *MATCHES)),
        rank=chance.choice(RANKS),
        facet_size=chance.randrange(6),
        interval=chance.choice(INTERVALS),
    )


def fill(writers: Callable[[], search.Writer], batches: list[list[Article]]) -> None:
    for batch in batches:
        with writers() as writer:
            for article in batch:
                writer.add(article)


def compare(chance: random.Random, local: Engine, remote: Engine, number: int) -> None:
    query = question(chance)
    expected, answered = local.search(query), remote.search(query)
    said = f"question {number}: {query}"
    assert answered.total == expected.total, said
    assert answered.facets == expected.facets, said
    assert answered.query == expected.query, said
    assert answered.exact, said
    assert answered.did_you_mean == expected.did_you_mean, said
    if query.size == 100 and query.page == 1:
        assert {hit.article.id for hit in answered.hits} == {hit.article.id for hit in expected.hits}, said
    if expected.hits and expected.hits[0].score is None:
        assert [hit.article for hit in answered.hits] == [hit.article for hit in expected.hits], said
        assert [hit.snippets for hit in answered.hits] == [hit.snippets for hit in expected.hits], said
    if number % 10 == 0:
        assert list(remote.export(query)) == list(local.export(query)), said
        sort = chance.choice(SORTS)
        whole = replace(query, sort=sort, size=100, page=1, cursor=None)
        following = [hit.article.id for hit in remote.search(whole).hits]
        exported = [article.id for article in remote.export(query, sort=sort)]
        if sort == "relevance":  # scores depend on the copy of a shard that answers
            assert set(following) <= set(exported), said
        else:
            assert exported[:100] == following, (said, sort)
    if number % 10 == 1:
        name = chance.choice(("person", "country", "topic", "source", "date"))
        prefix = chance.choice(("", "", "yo", "p"))
        contains = chance.choice(("", "", "o", "un", "an e"))
        listing = Listing(prefix, chance.choice(("count", "name")), chance.randrange(3), 4, contains=contains)
        assert remote.facet(query, name, listing) == local.facet(query, name, listing), said
    if number % 10 == 2:
        assert remote.trend(query, "filters") == local.trend(query, "filters"), said
        assert remote.trend(query, "archive") == local.trend(query, "archive"), said
    if number % 10 in (4, 5):
        for against in DENOMINATORS:
            contrast = Contrast(chance.choice(("words", *query.facets[:4])), against, chance.choice(REPRESENTATIONS), 5)
            assert remote.special(query, contrast) == local.special(query, contrast), (said, contrast)
            other = replace(
                contrast, than=chance.choice(("", "berlin OR moon", "president", "-oil", "published:1960.."))
            )
            assert remote.special(query, other) == local.special(query, other), (said, other)
    if number % 10 in (6, 7):
        fields = chance.choice(query.facets[:4]), chance.choice(query.facets[:4])
        pairing = Pairing(fields, chance.choice(MEASURES), chance.choice((1, 2)), chance.choice((5, 1000)))
        for asked in (query, replace(query, group="story")):
            assert remote.pairs(asked, pairing) == local.pairs(asked, pairing), (said, pairing)
    if number % 10 == 3 and any(leaves(parse(query.text).tree)):
        window = Window(chance.choice(ORDERS), chance.randrange(1, 80), chance.choice((2, None)), collocates=3)
        pages = [concordance(engine, query, window) for engine in (remote, local)]
        assert replace(pages[0], generation=0) == replace(pages[1], generation=0), (said, window)
    if number % 10 in (0, 5):
        names = tuple(chance.sample(query.facets[:7], 2)) if chance.random() < 0.3 else (
            chance.choice(query.facets[:7]), chance.choice(SPANS),
        )  # fmt: skip
        crossing = Crossing(names, chance.choice((2, 1000)))
        for asked in (query, replace(query, group="story")):
            table = remote.cross(asked, crossing)
            assert table.exact == (asked.group is None)
            assert structs.replace(table, exact=True) == local.cross(asked, crossing), (said, crossing)
    if number % 10 in (8, 9):
        others = [replace(question(chance), country_main=query.country_main) for _ in range(chance.randrange(5))]
        comparing = Comparing(
            chance.choice(INTERVALS), chance.choice(DENOMINATORS), tuple(chance.sample(query.facets[:7], 2)), 5
        )
        for group in (None, "story"):
            alike = [replace(one, group=group) for one in (query, *others)]
            answer = remote.compare(alike, comparing)
            assert answer.exact == (group is None)
            assert replace(answer, exact=True) == local.compare(alike, comparing), (said, others)
    if number % 10 == 3:
        grouped = replace(query, group="story", page=1)
        mine, theirs = remote.search(grouped), local.search(grouped)
        assert (mine.total, mine.facets) == (theirs.total, theirs.facets), said
        assert list(remote.export(grouped)) == list(local.export(grouped)), said
    if number % 10 == 4:
        among = [f"a{each}" for each in range(0, 120, 3)]
        assert remote.matching([query]) == local.matching([query]), said
        assert remote.matching([query, Query()], among) == local.matching([query, Query()], among), said


def test_questions_have_the_same_answers(
    make_remote: Callable[[], Remote], tmp_path: Path, amount: Callable[..., int]
) -> None:
    for seed in (0, 2, 1, 3)[: amount(4, few=2)]:
        chance = random.Random(seed)
        articles = archive(chance, 120, once=seed < 2)
        remote, place = make_remote(), tmp_path / f"{seed}.idx"
        batches = [articles[:70], articles[70:]]
        fill(remote.writer, batches)
        fill(lambda place=place: search.writer(place), batches)  # type: ignore[misc]
        with search.open(place, lists=LISTS.__getitem__) as local, remote.engine(LISTS) as engine:
            for number in range(amount(50, few=6)):
                compare(chance, local, engine, number)
            assert present_among(engine, LISTS["some"]) == present_among(local, LISTS["some"])
            for name in ("a1", "a2", "a3") if seed < 2 else ():  # what was replaced still weighs in what is alike
                assert engine.similar(name, Query()).query.terms == local.similar(name, Query()).query.terms
                assert engine.copies(name) == local.copies(name)
                there, here = ({one.article.id: one for one in event(each, name).members} for each in (engine, local))
                assert all(here[each] == one for each, one in there.items() if each in here)
            for letters in ("a", "y", "jo d", "chi", "w"):
                assert engine.suggest(letters, 10) == local.suggest(letters, 10)
            for name in NAMES:
                assert engine.names("person", name) == local.names("person", name)
                assert engine.listing("person", (name, "Bo")) == local.listing("person", (name, "Bo"))
            assert engine.authority() == local.authority()
            for field, value in (("person", "Ann Lee"), ("person", "John Doe"), ("country", "DE"), ("source", "wire")):
                assert entity(engine, field, value) == replace(
                    entity(local, field, value), generation=engine.generation
                )


NARROWINGS = (
    Narrowing(((Extent(collection=("one", "")), False),)),
    Narrowing(((Extent(source=("wire",), language=("en",)), True), (Extent(first=date(1989, 11, 9)), False))),
    Narrowing(((Extent(language=("EN", "fr")), False), (Extent(source=("GAZETTE",)), True), (Extent(), False))),
)


def test_narrowed_by_rules_they_have_the_same_answers(
    make_remote: Callable[[], Remote], tmp_path: Path, amount: Callable[..., int]
) -> None:
    chance = random.Random(7)
    articles = archive(chance, 120)
    remote, place = make_remote(), tmp_path / "narrowed.idx"
    fill(remote.writer, [articles[:70]])
    fill(lambda: search.writer(place), [articles[:70]])
    with search.open(place, lists=LISTS.__getitem__) as local, remote.engine(LISTS) as engine:
        for batch in ([], articles[70:]):  # what is known of each narrowing is of one generation
            fill(remote.writer, [batch] if batch else [])
            fill(lambda: search.writer(place), [batch] if batch else [])
            for narrowing in (*NARROWINGS, NARROWINGS[0] & NARROWINGS[1])[:: amount(1, few=3)]:
                mine, theirs = engine.narrowed(narrowing), local.narrowed(narrowing)
                allowed = {one.id for one in articles if narrowing.allows(one)}
                assert {one.id for one in mine.export(Query())} == {one.id for one in theirs.export(Query())} <= allowed
                for number in range(amount(20, few=5)):
                    compare(chance, theirs, mine, number)
                assert mine.suggest("a", 10) == theirs.suggest("a", 10)
                assert mine.names("person", "Ann Lee") == theirs.names("person", "Ann Lee")
                assert mine.frequencies(["oil", "talks"]) == theirs.frequencies(["oil", "talks"])
                for hidden in {one.id for one in articles} - allowed:
                    with pytest.raises(ArticleMissing):
                        mine.article(hidden)


def test_conditions_and_likely_spellings_have_the_same_answers(remote: Remote) -> None:
    batch = [
        Article("one", "Oil.", url="https://www.A.example/News/1", mentioned=("1989-11", "2001"), person=("Ann Lee",)),
        Article("two", "Oil of the sea.", url="http://a.example/news/10", mentioned=("1989",)),
        Article("three", "Gas.", url="ftp://b.example/", mentioned=("1989-11-09", "1989-11-10")),
        Article("volker", "A volker."),
        *(Article(f"v{number}", "Volcker and oil.", person=("Ronald Reagan",)) for number in range(30)),
    ]
    plain = PlainEngine(batch)
    fill(remote.writer, [batch])
    with remote.engine() as engine:
        for asked in (
            "id:one", "id:ONE", "-id:one gas", "id:(one OR two)", "url:a.example", "url:http://www.a.example/news/1",
            "url:a.example/news/10", "url:b.example oil", "mentioned:1989", "mentioned:1989-11", "mentioned:1989-11-09",
            "mentioned:1990..", "mentioned:..1989-11-09", "oil -mentioned:1989", "who is the oil of the sea",
            "oil -oil -gas", "volker oil", "volker", 'person:"Ronald Regan"', "person:ronald reagan", "person:ann lee",
        ):  # fmt: skip
            query = Query(asked, size=50)
            answered, expected = engine.search(query), plain.search(query)
            assert answered.total == expected.total, asked
            assert answered.query == expected.query, asked
            assert answered.did_you_mean == expected.did_you_mean, asked
            assert {hit.article.id for hit in answered.hits} == {hit.article.id for hit in expected.hits}, asked


def test_a_cursor_goes_through_stories_in_order(remote: Remote, tmp_path: Path) -> None:
    articles = archive(random.Random(9), 120)
    fill(remote.writer, [articles])
    fill(lambda: search.writer(tmp_path / "idx"), [articles])
    with remote.engine() as engine, search.open(tmp_path / "idx") as local:
        for query in (Query(size=7, group="story"), Query(size=7), Query("oil OR gas", size=7)):
            seen: list[str] = []
            results = engine.search(query)
            while True:
                seen += [hit.article.id for hit in results.hits]
                if results.cursor is None:
                    break
                results = engine.search(replace(query, cursor=results.cursor))

            expected = [article.id for article in local.export(query)]
            assert sorted(seen) == sorted(expected)
            if not query.text:
                assert seen == expected


def test_rare_words_are_found_among_more_than_one_answer_holds(
    make_remote: Callable[[], Remote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(special, "MAX_VALUES", 20)
    monkeypatch.setattr(special, "PARTITION", 8)
    batch = [
        Article(
            f"a{n}", f"{'oil' if n < 3 else 'gas'} the of rare{n // 3} " + " ".join(f"w{n % k}" for k in range(1, 9))
        )
        for n in range(60)
    ]
    remote, plain = make_remote(), PlainEngine(batch)
    fill(remote.writer, [batch])
    with remote.engine() as engine:
        for text in ("oil", "gas", "rare3", "w1"):
            for sort in REPRESENTATIONS:
                contrast = Contrast("words", "archive", sort, 12)
                assert engine.special(Query(text), contrast) == plain.special(Query(text), contrast)
