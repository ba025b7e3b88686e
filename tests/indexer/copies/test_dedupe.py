from __future__ import annotations

import errno
import random
from itertools import combinations
from pathlib import Path

import pytest
import whoosh.index
from hypothesis import given
from hypothesis import strategies as st

import search
from indexer import pipeline
from indexer.copies import dedupe
from indexer.copies.near import Near
from indexer.ledger import Ledger
from indexer.pipeline import Options
from search import Article, Engine, Query
from search.local import segments
from search.local.plain_whoosh.codec import ColumnarSegment
from search.names.authority import block, undo
from tests.cases import cases

SAME_STORY = {frozenset({"1986-04-chernobyl-wire", "1986-04-chernobyl-gazette"})}


@pytest.fixture(scope="module")
def seeds(engine: Engine) -> list[Article]:
    return [article for article in engine.export(Query()) if len(article.text.split()) >= 60]


def reworded(text: str, share: float, draw: random.Random) -> str:
    """Small words here and there replaced."""
    return " ".join("indeed" if word.islower() and draw.random() < share else word for word in text.split(" "))


def cut(text: str, share: float) -> str:
    """Without its end, as a paper short of space prints it."""
    words = text.split(" ")
    return " ".join(words[: int(len(words) * (1 - share))])


def sketched(text: str, title: str = "", published: str | None = "1998-05-17T12:00:00") -> dedupe.Sketch:
    return dedupe.sketch(Article("x", text, title, published=published))


@cases("share", [0.05, 0.1, 0.2])
def test_cut_copies_are_copies(share: float, seeds: list[Article]) -> None:
    for article in seeds:
        own, other = sketched(article.text), sketched(cut(article.text, share))

        assert dedupe.similarity(own, other) > 0.8
        assert set(dedupe.keys(own)) & set(dedupe.keys(other))


@cases("share", [0.02, 0.05])
def test_edited_copies_are_copies(share: float, seeds: list[Article]) -> None:
    draw = random.Random(1)
    found = [bool(dedupe.similarity(sketched(a.text), sketched(reworded(a.text, share, draw)))) for a in seeds]

    assert sum(found) / len(found) >= 0.99


def test_different_stories_are_not_copies(seeds: list[Article]) -> None:
    sketches = {article.id: sketched(article.text) for article in seeds}
    alike = {frozenset(pair) for pair in combinations(sketches, 2) if dedupe.similarity(*map(sketches.get, pair))}  # type: ignore[arg-type]

    assert alike <= SAME_STORY


def test_likeness_is_the_share_of_the_shorter_text() -> None:
    words = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60)]
    one, other = sketched(" ".join(words)), sketched(" ".join(["another", *words[:29]]))

    assert dedupe.similarity(one, one) == 1.0
    assert dedupe.similarity(one, other) == pytest.approx(27 / 28)
    assert dedupe.similarity(one, sketched(" ".join(words).upper())) == 1.0


FORM = (
    "{} said it has issued a {} mln dlr eurobond due {}, which pays {} pct and is priced at {}. The bond is lead "
    "managed by {} and will be listed in Luxembourg. Fees comprise a management and underwriting fee of {} pct."
)
FILLED = (
    FORM.format("Orchard Motors", "200", "May 1992", "7-1/2", "101", "Harbour Securities", "5/8"),
    FORM.format("Bergen Paper", "75", "June 1997", "9", "100-1/4", "Lindqvist and Co", "1-1/4"),
)


def test_forms_filled_in_anew_are_not_copies() -> None:
    one, other = map(sketched, FILLED)

    assert dedupe.similarity(one, other) == 0.0


@cases("one, other", [("raises", "cuts"), ("rise", "fall"), ("Monday", "Tuesday"), ("six", "seven")])
def test_one_swapped_word_makes_a_short_report_another_one(one: str, other: str) -> None:
    text = "The bank said on Thursday that it {} the rate at which it lends to firms in the north and the west."

    assert dedupe.similarity(sketched(text.format(one)), sketched(text.format(other))) == 0.0


NOTICE = (
    "Drivers on the road between {place} and the coast must expect delays from {day}, when the bridge is closed for "
    "{weeks} weeks. Buses will turn at the church, where passengers can change to the train without a further ticket. "
    "The county asks for patience, and says that the work cannot be done by night because of the noise."
)
FIRST = NOTICE.format(place="Marlow", day="3 May", weeks="two")


@cases("place, day, weeks, is_copy", [
    ("Marlow", "3 May", "two", True), ("Marlow", "9 June", "three", False), ("Henley", "9 June", "two", False),
    ("Marlow", "9 June", "two", False),
])  # fmt: skip
def test_other_facts_in_the_same_places_make_a_form(place: str, day: str, weeks: str, is_copy: bool) -> None:
    """Of 63 words, which is less than two in a hundred for one of them."""
    again = NOTICE.format(place=place, day=day, weeks=weeks)

    assert bool(dedupe.similarity(sketched(FIRST), sketched(again))) is is_copy


@cases("old, new", [
    ("3 May", "4 May"), ("Marlow", "Marlowe"), ("two weeks", "three weeks"),
])  # fmt: skip
def test_a_fact_may_be_corrected_in_a_text_that_is_edited_too(old: str, new: str) -> None:
    edited = FIRST.replace(old, new).replace("The county asks for patience, and says", "The office claims")

    assert dedupe.similarity(sketched(FIRST), sketched(edited)) > 0.7


def test_a_name_may_be_spelled_otherwise_under_the_same_headline() -> None:
    spelled = FIRST.replace("Marlow", "Marlowe")

    assert dedupe.similarity(sketched(FIRST, "Bridge closed"), sketched(spelled, "Bridge closed")) > 0.7
    assert dedupe.similarity(sketched(FIRST, "Bridge closed"), sketched(spelled, "Church closed")) == 0.0


def test_a_fact_that_headlines_exchange_too_counts_twice() -> None:
    other = FIRST.replace("Marlow", "Henley").replace("must expect", "should reckon with")

    assert dedupe.similarity(sketched(FIRST, "Bridge closed"), sketched(other, "Bridge closed")) > 0.7
    assert dedupe.similarity(sketched(FIRST, "Bridge at Marlow"), sketched(other, "Bridge at Henley")) == 0.0


def test_what_was_moved_is_not_exchanged() -> None:
    moved = FIRST.replace("between Marlow and", "to").replace("The county", "The county of Marlow")

    assert dedupe.similarity(sketched(FIRST), sketched(moved)) > 0.7


def test_nouns_with_a_capital_are_not_names() -> None:
    text = (
        "Nach Angaben der Polizei war der Fahrer mit dem {} von der Straße abgekommen und gegen eine {} geprallt. Die "
        "Feuerwehr sperrte den Ort des Unfalls ab, bis die Straße am späten Abend wieder frei war. Zeugen werden "
        "gebeten, sich bei der nächsten Dienststelle zu melden, auch wenn sie nur eine kurze Beobachtung gemacht haben."
    )
    one, other = (Article("x", text.format(*words), language="de") for words in (("Wagen", "Mauer"), ("Auto", "Wand")))

    assert dedupe.similarity(dedupe.sketch(one), dedupe.sketch(other)) > 0.7


@cases("day, is_copy", [("1998-05-17T13:00:00", True), ("1998-05-17", False)])
def test_what_is_of_the_same_day_is_not_sent_again_at_once(day: str, is_copy: bool) -> None:
    """Under a headline of a form, of two companies or of the morning and the evening."""
    text = "Volume 12,400 shares, highest price 641.50 pence, {} price {} pence, paid in cash and held in the treasury."
    one, other = (sketched(text.format("lowest", price), "Own shares", day) for price in ("636.00", "637.50"))

    assert bool(dedupe.similarity(one, other)) is is_copy


def test_what_is_sent_again_at_once_may_be_restated() -> None:
    text = (
        "Net profit {} dlrs against 1,847,560. Sales 7.1 mln against 6.8 mln in the quarter that ended in the spring."
    )
    one, other = text.format("1,902,331"), text.format("1.9 mln")

    def similarity(title: str, published: str) -> float:
        return dedupe.similarity(sketched(one, "Orchard first quarter"), sketched(other, title, published))

    assert similarity("Orchard first quarter", "1998-05-17T13:10:00") > 0.5
    assert similarity("Orchard first quarter", "1998-05-17T19:10:00") == 0.0
    assert similarity("Bergen first quarter", "1998-05-17T13:10:00") == 0.0
    assert similarity("CORRECTED - Orchard first quarter", "1998-05-18T09:00:00") > 0.5


def numbered(first: int, end: int) -> list[str]:
    """Words without meaning, each another."""
    return [f"w{chr(97 + n // 676)}{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}" for n in range(first, end)]


def alike(one: list[str], other: list[str], title: str = "", later: str = "1998-05-17T12:00:00") -> float:
    """The similarity of two texts under one headline, or none."""
    return dedupe.similarity(sketched(" ".join(one), title), sketched(" ".join(other), title, later))


@cases("short, is_copy", [(14, False), (15, True), (16, True), (99, True), (100, True)])
def test_a_copy_has_at_least_a_share_of_the_words_of_the_other(short: int, is_copy: bool) -> None:
    """All of the short text stands in the long one, of 100 words."""
    long = numbered(0, 100)

    assert alike(long[:short], long) == alike(long, long[:short]) == float(is_copy)


@cases("words, is_copy", [(7, False), (8, True), (9, True)])
def test_a_few_words_have_no_copies(words: int, is_copy: bool) -> None:
    assert alike(numbered(0, words), numbered(0, words)) == float(is_copy)


@cases("shared, title, hours, is_copy", [
    (29, "", 0, False), (30, "", 0, True), (17, "Zebras", 0, False), (18, "Zebras", 0, True), (18, "Zebras", 12, True),
    (18, "Zebras", 24, True), (18, "Zebras", 25, False), (30, "Zebras", 25, True),
    (21, "CORRECTED - Zebras", 25, False),
    (22, "CORRECTED - Zebras", 25, True),
])  # fmt: skip
def test_how_much_is_shared_decides(shared: int, title: str, hours: int, is_copy: bool) -> None:
    """Of two texts of 42 words, the beginning of each is the same: 40 runs of three words, of which shared - 2 are."""
    one, other = numbered(0, 42), numbered(0, shared) + numbered(100, 142 - shared)
    later = f"1998-05-{17 + (12 + hours) // 24}T{(12 + hours) % 24:02}:00:00"
    found = alike(one, other, title, later)

    assert found == (pytest.approx((shared - 2) / 40) if is_copy else 0.0)


def test_letterheads_count_for_nothing(seeds: list[Article]) -> None:
    plain = [
        [word for word in article.text.split() if word.islower() and word.isalpha() and word not in dedupe.FACTS]
        for article in seeds[:7]
    ]
    head = plain[6][:70]
    letters = [sketched(" ".join([*head, *words[:25]])) for words in plain[:6]]
    again = sketched(" ".join([*head, *plain[0][:25]]))

    assert dedupe.similarity(letters[0], letters[1]) > 0.5
    shared = dedupe.common(letters)
    assert dedupe.similarity(letters[0], letters[1], without=shared) == 0.0
    assert dedupe.similarity(letters[0], again, without=shared) == 1.0


@given(st.text(max_size=200), st.sampled_from([None, "1998", "1998-05-17", "1998-05-17T12:30:00+02:00"]))
def test_a_sketch_is_kept_as_bytes(text: str, published: str | None) -> None:
    one = sketched(f"{text} one two three four five six seven eight", "Title", published)
    again = dedupe.decode(one.encode())

    assert [part.tolist() for part in again[:3]] == [part.tolist() for part in one[:3]]
    assert again[3:] == one[3:]
    assert dedupe.is_current(one.encode())


def test_each_member_is_a_copy_of_the_first() -> None:
    """No chain: C has what B has, and hardly anything of A."""
    words = [f"{a}{b}{c}" for a in "bcdfg" for b in "aeiou" for c in "lmnrst"]
    texts = {"a": words[:100], "b": words[25:125], "c": words[50:150]}
    near = Near(Ledger(None), frozenset, lambda _: None)
    placed = {name: near.place(name, sketched(" ".join(text))) for name, text in texts.items()}

    assert dedupe.similarity(sketched(" ".join(texts["b"])), sketched(" ".join(texts["c"])))
    assert {name: place.group for name, place in placed.items()} == {"a": None, "b": "a", "c": None}


def groups(place: Path) -> dict[str, str | None]:
    with search.open(place) as opened:
        found = {article.id: article.group for article in opened.export(Query())}
    return found


def put(folder: Path, article_id: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{article_id}.txt").write_text(f"---\nid: {article_id}\n---\nTitle of {article_id}\n\n{text}", "utf-8")


def run(place: Path, folder: Path, workers: int = 1) -> pipeline.Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, [folder], Options(place=place, workers=workers))


def test_a_copy_joins_the_first_in_a_group(seeds: list[Article], tmp_path: Path) -> None:
    first, other = seeds[0].text, seeds[1].text
    put(tmp_path / "in", "a", first)
    put(tmp_path / "in", "b", cut(first, 0.2))
    put(tmp_path / "in", "c", other)
    run(tmp_path / "idx", tmp_path / "in")

    assert groups(tmp_path / "idx") == {"a": "a", "b": "a", "c": None}
    assert whoosh.index.open_dir(str(tmp_path / "idx")).doc_count_all() == 3  # none is deleted, to count in scores


def test_a_run_has_what_it_brought_where_there_is_no_room_to_compact(
    seeds: list[Article], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> ColumnarSegment:
        raise OSError(errno.ENOSPC, "No space left on device")

    put(tmp_path / "in", "a", seeds[0].text)
    put(tmp_path / "in", "c", seeds[3].text)
    run(tmp_path / "idx", tmp_path / "in")
    put(tmp_path / "in", "a", seeds[1].text)
    put(tmp_path / "in", "b", seeds[2].text)
    monkeypatch.setattr(segments, "merged", full)
    report = run(tmp_path / "idx", tmp_path / "in")

    assert (report.added, report.updated, report.generation) == (1, 1, 2)
    assert "No space left" in report.skipped[0].reason
    assert groups(tmp_path / "idx").keys() == {"a", "b", "c"}


def test_sketches_of_an_earlier_version_are_made_again(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "m", seeds[0].text)
    run(tmp_path / "idx", tmp_path / "in")
    with Ledger(tmp_path / "idx") as ledger:
        (data,) = ledger.execute("SELECT sketch FROM sketches").fetchone()
        ledger.execute("UPDATE sketches SET sketch = ?", (data[:17] + b"\1" + data[18:],))
        ledger.execute("DELETE FROM keys")
        ledger.commit()
    put(tmp_path / "in", "a", cut(seeds[0].text, 0.1))
    run(tmp_path / "idx", tmp_path / "in")

    assert groups(tmp_path / "idx") == {"m": "m", "a": "m"}


def test_a_copy_that_comes_later_joins_what_is_in_the_index(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "m", seeds[0].text)
    run(tmp_path / "idx", tmp_path / "in")
    assert groups(tmp_path / "idx") == {"m": None}
    put(tmp_path / "in", "a", cut(seeds[0].text, 0.1))
    assert run(tmp_path / "idx", tmp_path / "in").added == 1

    assert groups(tmp_path / "idx") == {"m": "m", "a": "m"}
    assert run(tmp_path / "idx", tmp_path / "in").unchanged == 2


def test_the_first_of_a_group_keeps_the_names_that_the_authority_hides(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "a", f"{seeds[0].text} Harold Wilson said so.")
    run(tmp_path / "idx", tmp_path / "in")
    with search.writer(tmp_path / "idx") as writer:
        writer.set_authority(block(writer.authority(), "person", "Harold Wilson", "2026-01-01"))
    put(tmp_path / "in", "b", cut(seeds[0].text, 0.1))
    run(tmp_path / "idx", tmp_path / "in")
    assert groups(tmp_path / "idx") == {"a": "a", "b": "a"}
    with search.writer(tmp_path / "idx") as writer:
        writer.set_authority(undo(writer.authority(), "2026-11-28T10:00:00Z")[0])

    with search.open(tmp_path / "idx") as engine:
        assert "Harold Wilson" in engine.article("a").person


def test_groups_outlive_a_lost_ledger(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "a", seeds[0].text)
    run(tmp_path / "idx", tmp_path / "in")
    (tmp_path / "idx" / "ingest.sqlite").unlink()
    put(tmp_path / "in", "b", cut(seeds[0].text, 0.1))
    report = run(tmp_path / "idx", tmp_path / "in")

    assert (report.added, report.unchanged) == (1, 1)
    assert groups(tmp_path / "idx") == {"a": "a", "b": "a"}


def test_an_article_that_changes_altogether_leaves_its_group(seeds: list[Article], tmp_path: Path) -> None:
    put(tmp_path / "in", "a", seeds[0].text)
    put(tmp_path / "in", "b", seeds[0].text)
    run(tmp_path / "idx", tmp_path / "in")
    put(tmp_path / "in", "b", seeds[1].text)
    run(tmp_path / "idx", tmp_path / "in")

    assert groups(tmp_path / "idx")["b"] is None


def report(number: int, shared: str) -> str:
    """A report with words of its own, and those that several share."""
    return f"{' '.join(f'word{number}x{place}' for place in range(10))} {shared}"


@cases("stories, counts", [(0, True), (3, True), (4, False), (5, False)])
def test_text_of_four_other_stories_counts_for_nothing(stories: int, counts: bool) -> None:
    shared = "this is what the agency puts under each of its reports"
    others = [sketched(report(number, shared)) for number in range(stories)]
    own = sketched(report(-1, shared))

    alike = dedupe.common(others)

    assert set(alike) <= set(own.shingles)
    assert (len(alike) == 0) is counts
    assert all(sum(found in other.shingles for other in others) == stories for found in alike)


@cases("one, other, least, most", [
    ("1998-05-17T12:00", "1998-05-17T12:00", 0.0, 0.0),
    ("1998-05-17T12:00", "1998-05-18T13:30", 25.5, 25.5),
    ("1998-05-18T13:30", "1998-05-17T12:00", 25.5, 25.5),
    ("1998-05-17", "1998-05-17T23:00", 0.0, 24.0),
    ("1998-05-17", "1998-05-18T23:00", 0.0, 48.0),
    ("1998-05-17T23:00", "1998-05-19", 24.0, 72.0),
    ("1998-05-17", "1998-05-20", 48.0, 96.0),
    ("1998-05", "1998-05-20", 0.0, float("inf")),
    (None, "1998-05-20", 0.0, float("inf")),
    ("1998", None, 0.0, float("inf")),
    ("1998-05-17T12:00:60Z", "1998-05-18", 0.0, 48.0),  # a leap second: the day is known
])  # fmt: skip
def test_times_are_so_far_apart(one: str | None, other: str | None, least: float, most: float) -> None:
    text = "a report that is long enough to have a sketch of its own"

    assert dedupe.apart(sketched(text, published=one), sketched(text, published=other)) == (least, most)


@cases("one, other, is_copy", [
    ("1998-05-17T12:00", "1998-05-21T12:00", True), ("1998-05-17T12:00", "1998-05-21T12:01", False),
    ("1998-05-17", "1998-05-22", True), ("1998-05-17", "1998-05-23", False), ("1998-05-17", None, True),
    ("1998-05-17T12:00", "1998", True),
])  # fmt: skip
def test_a_copy_is_at_most_four_days_away(one: str, other: str | None, is_copy: bool) -> None:
    text = report(1, "which is long enough to have copies")

    assert bool(dedupe.similarity(sketched(text, published=one), sketched(text, published=other))) is is_copy
    assert dedupe.similarity(sketched(text, published=one), sketched(text, published=other), 1000.0) == 1.0


@cases("marker", sorted(dedupe.MARKERS))
def test_a_marker_is_no_word_of_a_headline(marker: str) -> None:
    plain, marked = sketched("x", "Oil prices rise"), sketched("x", f"Oil prices rise ({marker.upper()})")

    assert (plain.again, marked.again) == (False, True)
    assert list(plain.headline) == list(marked.headline)


def test_a_sketch_is_of_so_many_words() -> None:
    words = [f"word{number}" for number in range(dedupe.MAX_WORDS)]

    assert sketched(" ".join(words)).words == dedupe.MAX_WORDS
    assert sketched(" ".join([*words, "zebra"])).encode() == sketched(" ".join(words)).encode()


TOLD = (
    "The harbour board of Norwell said it has approved the plan of the council to deepen the channel to "
    "twelve metres and to build a second quay for grain ships. The work is to begin in the spring, and ships "
    "may use the channel while it goes on, the board said. Its cost is to be paid from the fees of the port, "
    "which are to rise for the first time since the quay was built."
)
RETOLD = (
    "Norwell's harbour board has approved the council's plan to deepen the channel to twelve metres and to "
    "build a second quay for grain ships, it said. Work begins in the spring, and ships may use the channel "
    "meanwhile. Its cost is to be paid from the fees of the port, which rise for the first time since the "
    "quay was built."
)
NEXT = (
    "Fishermen of the town marched to the office of the mayor with nets and lamps, since nobody had asked "
    "them. They want to be heard before any ship is let in. The work is to begin in the spring, and ships may"
    " use the channel while it goes on, the board said. Its cost is to be paid from the fees of the port, "
    "which are to rise for the first time since the quay was built."
)


@cases("title, text, is_copy", [
    ("Norwell board backs channel plan", RETOLD, True),
    ("Ships to have a deeper way in", RETOLD, False),
    ("Norwell fishermen against channel plan", NEXT, False),
    ("Norwell board backs channel plan", RETOLD.replace("twelve", "ten"), False),
])  # fmt: skip
def test_a_report_may_be_told_in_other_words(title: str, text: str, is_copy: bool) -> None:
    one, other = sketched(TOLD, "Norwell board approves plan for channel"), sketched(text, title)
    assert dedupe.CONTAINED_RETOLD <= dedupe._contained(one.shingles, other.shingles, dedupe.NONE) < dedupe.CONTAINED
    assert bool(dedupe.similarity(one, other)) is is_copy


@cases("words, is_copy", [(10, False), (30, True)])
def test_a_short_text_is_not_restated_with_a_name(words: int, is_copy: bool) -> None:
    rest = " ".join(TOLD.split()[2:words])
    one, other = (
        sketched(f"Fund {name} pays {cents} cents {rest}", "Fund pays") for name, cents in (("A1", 9), ("Bx", 21))
    )
    assert bool(dedupe.similarity(one, other)) is is_copy
