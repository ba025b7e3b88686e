"""Nearness in meaning on a cluster, beyond the contract: as much of it as a query has room for."""

from __future__ import annotations

import pytest

from benchmarks.minilm import FILE
from search import Article, Query
from search.meaning import minilm, model, passages
from search.text.tokens import SNOWBALL
from tests.opensearch.conftest import Remote


@pytest.mark.check
def test_a_long_question_in_many_languages_is_answered(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    vectors = passages.encoded(minilm.MiniLM(FILE), "", "Oil is dearer.")
    languages = sorted(SNOWBALL)[:18]
    with remote.writer() as writer:
        for number in range(240):
            language = languages[number % len(languages)]
            writer.add(Article(f"a{number}", f"Report {number} ports.", language=language, meaning=vectors))
    text = " ".join(f"ports{number}ings" for number in range(45)) + " report ports"
    with remote.engine() as engine:
        assert engine.search(Query(text, match="any")).total == 240
