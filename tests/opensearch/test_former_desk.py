"""What earlier versions stored in a cluster, in pieces, is taken over by the first opening of the desk."""

from __future__ import annotations

import os
import zlib
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from desk.lists.store import Lists
from desk.searches.store import Searches
from desk.store import opening, where
from search import Article
from search.errors import IndexDamaged, IndexMissing, IndexProblem
from search.opensearch import address
from search.opensearch.cluster import Cluster
from tests.desk import former
from tests.opensearch.conftest import Remote

PIECE_BYTES = 32 * 1024


@pytest.fixture
def place(remote: Remote) -> str:
    """The address of an index with an article, and what an earlier version stored about it."""
    remote.add(Article("a", "Oil."))
    return remote.place


@pytest.fixture
def cluster(place: str) -> Iterator[Cluster]:
    with Cluster(address.read(place), address.access(os.environ)) as opened:
        yield opened


def store(cluster: Cluster, *names: str) -> None:
    """Store databases as earlier versions did."""
    index = f"{cluster.address.name}.kept"
    keyword = {"type": "keyword"}
    cluster.send("PUT", f"/{index}", {"mappings": {"dynamic": False, "properties": {"database": keyword}}})
    for name in names:
        image, pieces = former.image(name), []
        for number, at in enumerate(range(0, len(image), PIECE_BYTES)):
            piece = image[at : at + PIECE_BYTES]
            told = {"database": name, "turn": 0, "data": b64encode(zlib.compress(piece, 1)).decode()}
            cluster.send("PUT", f"/{index}/_doc/{name}%20token%20{number}", told)
            pieces.append((f"{name} token {number}", sha256(piece).hexdigest()))
        root: dict[str, Any] = {"pieces": pieces, "dropped": [], "turn": 0, "held": "", "commit": "token"}
        root["seal"] = sha256(orjson.dumps(root, option=orjson.OPT_SORT_KEYS)).hexdigest()
        cluster.send("PUT", f"/{index}/_doc/{name}", root)
    known = {"names": list(names)}
    cluster.send("PUT", f"/{cluster.address.name}.state/_doc/databases", known)
    cluster.send("POST", f"/{index}/_refresh")


def test_what_was_stored_in_pieces_is_taken_over(place: str, cluster: Cluster) -> None:
    store(cluster, "lists", "searches", "alerts", "citations", "corrections")
    with Lists(place) as lists, Searches(place) as searches:
        assert [one.name for one in lists.listed()] == ["Berlin Wall", "Ölkrise 1973"]
        assert [one.name for one in searches.listed("Bob")] == ["Oil in France", "Wall"]
    assert not cluster.exists(f"/{cluster.address.name}.kept")
    assert Path(str(where.of(place))).is_file()


@pytest.mark.parametrize("lost", ["root", "piece", "seal"])
def test_what_is_damaged_is_not_taken_over(place: str, cluster: Cluster, lost: str) -> None:
    store(cluster, "lists", "searches")
    index = f"/{cluster.address.name}.kept/_doc"
    if lost == "seal":
        cluster.send("PUT", f"{index}/lists", cluster.send("GET", f"{index}/lists")["_source"] | {"turn": 1})
    else:
        cluster.send("DELETE", f"{index}/lists" if lost == "root" else f"{index}/lists%20token%200")
    with pytest.raises(IndexDamaged, match=r"(missing, although|lost a piece|not as written).* from a snapshot"):
        Searches(place)
    assert not Path(str(where.of(place))).exists()
    assert cluster.exists(f"/{cluster.address.name}.kept")


def test_another_machine_is_told_where_the_desk_is(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Lists(place) as lists:
        lists.make("Wall", "Ann", "2026")
    opening._taken.clear()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # as on another one
    with pytest.raises(IndexProblem, match="Say so in DATELINE_DESK: the address of a database of PostgreSQL"):
        Lists(place)
    assert not list(tmp_path.rglob("*.sqlite"))


def test_there_is_no_desk_without_an_index(make_remote: Any) -> None:
    with pytest.raises(IndexMissing, match="There is no index at"):
        Lists(make_remote().place)
