"""Citing a result of an index in a cluster: an address, signed with the operator's secret."""

from __future__ import annotations

import pytest

import search
from search import Article, Query
from search.errors import DatelineError
from service.archive import Archive
from service.desk.citations.citing import Citing
from service.settings import Settings
from tests.opensearch.conftest import Remote

SETTINGS = Settings(citation_secret="a secret of the operator")


def test_a_result_of_a_cluster_is_cited_and_opened_again(remote: Remote) -> None:
    remote.add(Article("a", "Oil."), Article("b", "Oil, too."), Article("c", "Tin."))
    with Archive(remote.place) as archive:
        made = Citing(archive, SETTINGS).make(Query("oil"), None, has_key=True)
        again = Citing(archive, SETTINGS).open(made.id)
        assert (again.same, made.total, made.generation) == (True, 2, archive.engine.generation)

        with remote.writer() as writer:
            writer.add(Article("d", "Oil.", added="2999-01-01T00:00:00Z"))
            writer.delete("b")
        later = Citing(archive, SETTINGS).open(made.id)
        assert (later.same, later.total, later.added) == (False, 2, 1)
        assert later.generation > made.generation


def test_an_index_has_the_same_hash_wherever_it_is(remote: Remote, tmp_path_factory: pytest.TempPathFactory) -> None:
    articles = [Article("a", "Oil “one”.", "Title", published="1998-05"), Article("b", "Oil.", source="Wire")]
    hashes = []
    for place in (remote.place, str(tmp_path_factory.mktemp("here") / "idx")):
        with search.writer(place) as writer:
            for article in articles:
                writer.add(article)
        with Archive(place) as archive:
            hashes.append(Citing(archive, SETTINGS).make(Query("oil"), None, has_key=False).hash)

    assert hashes[0] == hashes[1]


def test_without_the_secret_it_is_no_citation(remote: Remote) -> None:
    remote.add(Article("a", "Oil."))
    with Archive(remote.place) as archive:
        made = Citing(archive, SETTINGS).make(Query("oil"), None, has_key=False)
        for settings in (Settings(), Settings(citation_secret="another")):
            with pytest.raises(DatelineError, match="There is no citation"):
                Citing(archive, settings).open(made.id)
