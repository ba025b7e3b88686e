from __future__ import annotations

from pathlib import Path

import pytest

from service.server import gunicorn_server
from service.server.gunicorn_server import Companion
from tests import waiting


def test_a_process_that_ends_at_once_is_started_less_and_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gunicorn_server, "RESTART_S", 0.01)
    begun = tmp_path / "begun"
    companion = Companion(["sh", "-c", f"echo >> '{begun}'"])

    def pause_s() -> float:
        companion.keep(1)
        return companion.pause_s

    waiting.until(lambda: pause_s() > 1, "its pauses are long")
    companion.stop(0.0)

    assert 6 < len(begun.read_text("utf-8")) < 10
