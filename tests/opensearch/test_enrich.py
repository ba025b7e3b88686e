"""Facts in a cluster are renewed as those in a directory are, although no ledger remembers what was looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import search
from indexer import pipeline, renewing
from tests.indexer import new_rules
from tests.opensearch.conftest import Remote

COUNT = 6


def test_facts_in_a_cluster_are_renewed_once(remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [{"id": f"a{n}", "text": f"Number {n} is a {('zebra', 'lion')[n % 2]}."} for n in range(COUNT)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    with remote.writer() as writer:
        pipeline.index(writer, [tmp_path / "a.jsonl"], pipeline.Options(collection="wire", place=remote.place))
    new_rules.install(monkeypatch)
    first, second = (renewing.renew(remote.place, lambda: search.writer(remote.place)) for _ in range(2))

    assert (first.read, first.untold, first.failed, second.current) == (COUNT, 0, 0, COUNT)
    assert first.moves["topic"].came == {new_rules.TOPIC: COUNT // 2}
    with remote.engine() as engine:
        assert engine.totals([search.Query("topic:15000000")]) == (COUNT // 2,)
