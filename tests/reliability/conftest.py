"""What several of these tests begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability import model


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index after three steps of the model."""
    made = tmp_path / "news.idx"
    model.make(made, 3)
    return made
