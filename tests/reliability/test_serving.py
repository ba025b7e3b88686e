"""An index that is damaged, deleted or replaced under a service: a typed answer, and recovery without a restart."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import falcon.testing

from search.local.safe import backup, restoring
from service.commands.side_files import RULES
from tests.reliability import model
from tests.reliability.test_corruption import cut, flip

Serve = Callable[[Path], falcon.testing.TestClient]
URL = "/api/search?q=trade&size=0"


def is_503(answer: falcon.testing.Result) -> bool:
    return (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")


def test_a_damaged_index_is_a_503_until_it_is_restored(place: Path, tmp_path: Path, serve: Serve) -> None:
    backup.create(place, tmp_path / "monday", copied=True)
    client = serve(place)
    total = client.simulate_get(URL).json["total"]
    for ending, harm in (("pst", flip), ("lex", flip), ("pos", flip), ("col", flip), ("sto", flip), ("pst", cut)):
        harm(next(place.glob(f"*.{ending}")), random.Random(11))

        assert is_503(client.simulate_get(URL)), ending
        assert is_503(client.simulate_get("/api/articles/a1")), ending
        assert client.simulate_get("/readyz").status_code == 503, ending

        restoring.replace(tmp_path / "monday", place, RULES)
        assert client.simulate_get(URL).json["total"] == total, ending
        assert client.simulate_get("/readyz").status_code == 200, ending


def test_an_index_that_is_deleted_is_a_503_until_it_is_made_again(place: Path, serve: Serve) -> None:
    client = serve(place)
    assert client.simulate_get(URL).status_code == 200
    shutil.rmtree(place)
    assert is_503(client.simulate_get(URL))

    model.make(place, 5)
    assert client.simulate_get(URL).json["total"] == len(model.after(5))
