"""Questions as people type them, read as queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from search.syntax.question import Question, read
from tests import waiting
from tests.cases import cases

TODAY = date(2026, 11, 30)


@cases(
    ("text", "asks"),
    [
        ("Reagan oil prices in March 1987 but not OPEC", Question("Reagan oil prices NOT OPEC", "1987-03", "1987-03")),
        ("strikes in Poland without Walesa since 1980", Question("strikes Poland NOT Walesa", "1980", None)),
        ("oil after 1980", Question("oil", "1981-01-01", None)),
        ("Berlin wall before 13 August 1961", Question("Berlin wall", None, "1961-08-12")),
        ("who was president in May 1998?", Question("president", "1998-05", "1998-05")),
        ("wars between 1957 and 1991 without Saudi Arabia", Question('wars NOT "Saudi Arabia"', "1957", "1991")),
        ("from 1990 to 1995 Bosnia", Question("Bosnia", "1990", "1995")),
        ("17 May 2004", Question("", "2004-05-17", "2004-05-17")),
        ("Streik in Polen aber nicht Danzig seit 1980", Question("Streik Polen NOT Danzig", "1980", None)),
        (
            "huelga en Madrid entre 1980 y 1985 pero no Barcelona",
            Question("huelga Madrid NOT Barcelona", "1980", "1985"),
        ),
        ("élections en France sans Chirac depuis mai 2002", Question("élections France NOT Chirac", "2002-05", None)),
    ],
)
def test_a_question_is_read_as_a_query(text: str, asks: Question) -> None:
    assert read(text, TODAY) == asks


@cases(
    "text",
    ["", "oil gas", "oil AND gas 1987", '"oil gas" 1987', "Apollo 11", "to be or not to be", "oil 3/4/1998", "may"],
)
def test_other_text_is_no_question(text: str) -> None:
    assert read(text, TODAY) is None


@cases("end", ["(", "\0", "", ",(", '-"', "’ ("])
@cases("letter", ["a", "-", ",", "a,", "1", "’", "é"])
def test_a_long_word_takes_no_more_time(letter: str, end: str) -> None:
    def reading(times: int) -> Callable[[], object]:
        return lambda: read(letter * times + end, TODAY)

    assert waiting.grows_less(50, reading, 20, 1_000, least_s=0.005)


@cases("word", ["not ", "1987 ", "between 1980 and ", "May "])
def test_a_long_question_takes_no_more_time(word: str) -> None:
    def reading(times: int) -> Callable[[], object]:
        return lambda: read(word * times, TODAY)

    assert waiting.grows_less(50, reading, 40, 2_000, least_s=0.005)
