"""The lines around the heading of a page."""

from __future__ import annotations

from lxml import html

from indexer.readers.web.page import printed_lines
from tests.cases import cases


def around(body: str) -> list[tuple[str, bool, bool]]:
    tree = html.fromstring(f"<html><body>{body}</body></html>")
    found = printed_lines.around(printed_lines.lines(tree), tree.find(".//h1"))
    return [(line.text, line.adjacent, line.below) for line in found]


@cases(
    "body, lines",
    [
        # below the heading in order, then above it, the nearest first
        (
            "<p>A</p><p>B</p><h1>Head</h1><p>C</p><p>D</p>",
            [("C", True, True), ("D", True, True), ("B", True, False), ("A", True, False)],
        ),
        # the first of a page without one, four of them beside it
        (
            "<p>A</p><p>B</p><p>C</p><p>D</p><p>E</p>",
            [("A", True, True), ("B", True, True), ("C", True, True), ("D", True, True), ("E", False, True)],
        ),
        # those of a heading that has several
        (
            "<p>A</p><h1><span>Head</span><span>5 May</span></h1><p>C</p>",
            [("Head", True, True), ("5 May", True, True), ("C", True, True), ("A", True, False)],
        ),
        ("<h1>Head</h1>", []),
        ("<nav>A</nav><h1>Head</h1><footer>B</footer>", []),
    ],
)
def test_lines_come_by_their_distance_from_the_heading(body: str, lines: list[tuple[str, bool, bool]]) -> None:
    assert around(body) == lines


def test_only_near_lines_are_looked_at() -> None:
    numbered = [f"<p>{number}</p>" for number in range(60)]
    found = around("".join([*numbered[:30], "<h1>Head</h1>", *numbered[30:]]))

    assert [text for text, _, _ in found] == [*map(str, range(30, 54)), *map(str, range(29, 21, -1))]
    assert [text for text, adjacent, _ in found if adjacent] == ["30", "31", "32", "33", "29", "28", "27", "26"]
