"""What is taken down while another process writes stays down."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import search
from indexer import pipeline
from indexer.pipeline import Options
from indexer.run.commit import Transaction
from search import Article, IndexProblem, copying
from search.opensearch import address, mapping
from search.opensearch.cluster import Cluster
from service.commands.cli import main
from tests.opensearch.conftest import Remote


def block(remote: Remote, article_id: str) -> None:
    with remote.writer() as writer:
        writer.block(article_id)


@pytest.mark.parametrize("was_there", [False, True])
def test_what_is_blocked_while_it_is_added_is_not_there(remote: Remote, was_there: bool) -> None:
    if was_there:
        remote.add(Article("a", "Talks."))
    with remote.writer() as writer:
        writer.add(Article("a", "Talks again."))
        writer.add(Article("b", "Trade."))
        block(remote, "a")

    assert remote.ids() == {"b"}


def test_what_is_blocked_while_it_is_copied_is_not_counted(remote: Remote, tmp_path: Path) -> None:
    with search.writer(tmp_path / "news.idx") as writer:
        writer.add(Article("a", "Talks."))
        writer.add(Article("b", "Trade."))
    remote.writer().close()

    def change(article: Article) -> Article:
        block(remote, "a")
        return article

    assert copying.copy(str(tmp_path / "news.idx"), remote.place, change=change) == (1, ())
    assert remote.ids() == {"b"}


def test_a_run_goes_on_when_articles_are_blocked_meanwhile(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before they are read, and after; and those that are there already."""
    (tmp_path / "a.jsonl").write_text("".join(f'{{"id": "a{n}", "text": "Talks number {n}."}}\n' for n in range(30)))
    remote.add(Article("a3", "Talks."))
    monkeypatch.setattr("indexer.run.commit.COMMIT_ARTICLES", 4)
    monkeypatch.setattr("indexer.workers.work.BATCH", 2)
    commit, late = Transaction.commit, iter(("a1", "a3", "a28", "a29"))

    def committed(transaction: Transaction) -> None:
        if (one := next(late, None)) is not None:
            block(remote, one)
        commit(transaction)

    monkeypatch.setattr(Transaction, "commit", committed)
    with remote.writer() as writer:
        report = pipeline.index(writer, [tmp_path / "a.jsonl"], Options(place=remote.place))

    expected = {f"a{n}" for n in range(30)} - {"a1", "a3", "a28", "a29"}
    assert remote.ids() == expected
    assert report.warnings
    assert all("was blocked while it was indexed" in each.reason for each in report.warnings)


def test_what_is_blocked_after_it_was_sent_is_not_there(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not visible yet, so that nobody else sees that it is there."""
    sent = Cluster.bulk

    def bulk(cluster: Cluster, *arguments: Any) -> None:
        monkeypatch.setattr(Cluster, "bulk", sent)
        sent(cluster, *arguments)
        block(remote, "a")

    with remote.writer() as writer:
        writer.add(Article("a", "Talks."))
        writer.add(Article("b", "Trade."))
        monkeypatch.setattr(Cluster, "bulk", bulk)

    assert remote.ids() == {"b"}


def test_what_is_blocked_while_an_index_is_replaced_is_not_there(remote: Remote) -> None:
    remote.add(Article("a", "Talks."))
    with search.replacement(remote.place) as writer:
        writer.add(Article("a", "Talks."))
        writer.add(Article("b", "Trade."))
        block(remote, "a")

    assert remote.ids() == {"b"}
    with remote.writer() as writer:
        assert writer.blocked() == {"a"}


def test_what_is_blocked_just_before_an_index_is_replaced_is_not_there(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = Cluster.with_retries

    def with_retries(cluster: Cluster, method: str, path: str, *arguments: Any, **more: Any) -> Any:
        if path == "/_aliases":
            monkeypatch.setattr(Cluster, "with_retries", sent)
            block(remote, "a")
        return sent(cluster, method, path, *arguments, **more)

    remote.add(Article("a", "Talks."))
    monkeypatch.setattr(Cluster, "with_retries", with_retries)
    with search.replacement(remote.place) as writer:
        writer.add(Article("a", "Talks."))
        writer.add(Article("b", "Trade."))

    assert remote.ids() == {"b"}


def test_what_an_interrupted_replacement_has_left_is_named_with_the_way_out(remote: Remote) -> None:
    remote.add(Article("a", "Talks."))
    at = address.read(remote.place)
    with Cluster(at, address.Access()) as cluster:
        cluster.send("PUT", f"/{at.name}-000002", mapping.index(address.Access()))
        try:
            with (
                pytest.raises(
                    IndexProblem, match=rf"“{at.name}-000002” is there already.*curl -X DELETE http://.*000002$"
                ),
                search.replacement(remote.place),
            ):
                pass
        finally:
            cluster.send("DELETE", f"/{at.name}-000002")
    with search.replacement(remote.place) as writer:
        writer.add(Article("b", "Trade."))
    assert remote.ids() == {"b"}


@pytest.mark.parametrize("replacing", [(), ("--replace",)])
def test_what_is_withheld_does_not_come_with_a_copy(remote: Remote, tmp_path: Path, replacing: tuple[str, ...]) -> None:
    """A cluster has no ledger: what its publisher has withdrawn is removed, what is under embargo is not there."""
    later = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    (tmp_path / "a").mkdir()
    for name, more in (("a", {}), ("b", {}), ("c", {"embargoed": later})):
        item = {"uri": name, "type": "text", "body_text": f"Talks {name}.", "version": "1", **more}
        (tmp_path / "a" / f"{name}.json").write_text(json.dumps(item))
    place = str(tmp_path / "news.idx")
    assert run("index", place, str(tmp_path / "a")).exit_code == 0
    assert run("copy", place, remote.place).exit_code == 0
    assert remote.ids() == {"a", "b"}
    withdrawn = {"uri": "b", "type": "text", "body_text": "Talks.", "version": "2", "pubstatus": "canceled"}
    (tmp_path / "b.json").write_text(json.dumps(withdrawn))
    assert run("index", place, str(tmp_path / "b.json"), "--collection", "a").exit_code == 0

    done = run("copy", place, remote.place, *replacing)

    assert done.exit_code == 0, done.output
    assert remote.ids() == {"a"}
    assert "1 article under embargo not copied, since an index in a cluster keeps none." in done.output


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)
