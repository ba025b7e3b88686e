"""Numbers in text that somebody gives."""

from __future__ import annotations

import re
from pathlib import Path

from search.text.numbers import whole_number
from tests.cases import cases

ROOT = Path(__file__).parents[3]
SAID_OTHERWISE = {"service/params/parameter.py"}
"""Where a number of too many digits, and one below 0, is told from what is none."""


@cases(
    "text, number",
    [
        ("0", 0), ("007", 7), ("9" * 15, 10**15 - 1), ("9" * 16, None), ("9" * 5000, None),
        *((other, None) for other in ("", "-1", "+1", "1.5", " 1", "1_0", "1e3", "١", "１", "²", "½", "x")),
    ],
)  # fmt: skip
def test_a_number_is_of_ascii_digits(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_numbers_of_requests_are_read_in_one_place() -> None:
    files = (file for package in ("service", "desk") for file in (ROOT / package).rglob("*.py"))
    others = {file for file in files if re.search(r"\.is(decimal|digit|numeric)\(\)", file.read_text(encoding="utf-8"))}

    assert {str(file.relative_to(ROOT)) for file in others} == SAID_OTHERWISE
