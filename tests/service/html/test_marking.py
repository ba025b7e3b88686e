"""Texts cut at their marks."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from service.formats.chart import Bar
from service.html.marking import Passage, Piece, paragraphs, pieces
from service.html.templates import escaped, marked, narrowing, rows
from tests import waiting


def test_a_text_is_cut_at_its_marks() -> None:
    assert pieces("a bc d", [(2, 4)]) == [Piece("a "), Piece("bc", hit=True), Piece(" d")]


@given(st.text("ab ", max_size=9), st.lists(st.integers(0, 9), max_size=6, unique=True).map(sorted))
def test_a_text_without_evidence_is_cut_as_a_paragraph_is(text: str, ends: list[int]) -> None:
    marks = [(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False) if end <= len(text)]
    (paragraph,) = paragraphs(text, marks, [])

    assert pieces(text, marks) == list(paragraph.pieces)


@given(st.one_of(st.text("a<>&'\"é"), st.integers(), st.floats(), st.none(), st.booleans(), st.text().map(Markup)))
def test_a_value_stands_in_a_page_as_jinja_writes_it(value: object) -> None:
    assert escaped(value) == escape(value)


@given(st.lists(st.text("a<>&'\"é\0 ", min_size=1), max_size=5))
def test_the_rows_of_a_timeline_are_escaped_one_by_one(labels: list[str]) -> None:
    drawn = [Bar(0.0, 1.0, label, 3, None, None, f"/?q=a&n={label}", True) for label in labels]

    assert rows(drawn) == "".join(f'<tr><th><a href="{escape(bar.url)}">{escape(bar.label)}</a><td>3' for bar in drawn)


@given(st.lists(st.tuples(st.text("a<&\0\u05d0"), st.text("a&"), st.none() | st.text("a'\0")), max_size=4))
def test_the_names_of_a_hit_are_escaped_one_by_one(names: list[tuple[str, str, str | None]]) -> None:
    together = narrowing([(label, url, "person", other) for label, url, other in names])

    assert together == "".join(narrowing([(label, url, "person", other)]) for label, url, other in names)
    assert together.count("<button") == sum(other is not None for *_, other in names)
    assert together.count("<a ") == len(names)


def test_marks_and_evidence_of_a_text_are_elements() -> None:
    shown = [Piece("<a>"), Piece("b&", True), Piece("c", False, "person"), Piece("d", True, "person", 2)]

    assert marked(shown) == (
        '&lt;a&gt;<mark>b&amp;</mark><span class="ev person">c</span><span class="ev person" id="at-2"><mark>d</mark>'
        '<a class="ref" href="#why-2" aria-label="Why? Evidence 2">2</a></span>'
    )


def test_of_passages_that_overlap_the_first_counts() -> None:
    (paragraph,) = paragraphs("abcdef", [], [Passage(0, 4, "person", 1), Passage(2, 6, "country", 2)])

    assert [(p.text, p.kind, p.number) for p in paragraph.pieces] == [
        ("ab", "person", None), ("cd", "person", 1), ("ef", "country", 2),
    ]  # fmt: skip


def test_a_passage_over_a_break_stands_in_both_paragraphs() -> None:
    one, two = paragraphs("ab\n\ncd", [(1, 5)], [])

    assert [(p.text, p.hit) for p in one.pieces] == [("a", False), ("b", True)]
    assert [(p.text, p.hit) for p in two.pieces] == [("c", True), ("d", False)]


def test_time_to_mark_grows_as_the_marks_do() -> None:
    def marking(number: int) -> Callable[[], object]:
        text = "Ann Lee spoke.\n\n" * number
        found = [Passage(at * 16, at * 16 + 7, "person", at) for at in range(number)]
        marks = [(p.start, p.end) for p in found]
        return lambda: (list(paragraphs(text, marks, found)), list(pieces(text, marks)))

    assert waiting.grows_less(20, marking, 2_000, 16_000)
