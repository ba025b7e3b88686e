"""What several of these tests begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability import model

STEPS = 7
"""So many that the next commit merges."""


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose next commit merges, to be copied."""
    place = tmp_path_factory.mktemp("before") / "news.idx"
    model.make(place, STEPS)
    return place


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index after three steps of the model."""
    made = tmp_path / "news.idx"
    model.make(made, 3)
    return made
