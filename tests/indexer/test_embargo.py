from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC

import pytest

from indexer import embargo


@pytest.fixture
def west(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in New York."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2030-01-01T12:00:00Z", "2030-01-01T12:00:00"),
        ("2030-01-01T12:00:00+02:00", "2030-01-01T10:00:00"),
        ("2030-01-01T12:00:00", "2030-01-01T17:00:00"),
        ("2030-07-01 12:00", "2030-07-01T16:00:00"),
        ("2030-01-01", "2030-01-02T04:59:59"),
        ("2030-01", "2030-02-01T04:59:59"),
        ("2030-01-01T24:00:00Z", "2030-01-01T23:59:59"),
        ("2030-01-01T24:00:00", "2030-01-02T04:59:59"),
    ],
)
@pytest.mark.usefixtures("west")
def test_an_embargo_without_a_zone_ends_by_the_clock_of_the_machine(until: str, moment: str) -> None:
    assert embargo.moment(until).astimezone(UTC).isoformat() == f"{moment}+00:00"


def test_what_is_no_time_is_said() -> None:
    with pytest.raises(ValueError, match="not a date"):
        embargo.moment("soon")
