"""`dateline delete`: what it removes, keeps out and lets in again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.service.commands.running import dateline


def test_delete_removes_and_block_keeps_out(index: Path, tmp_path: Path) -> None:
    (article,) = (json.loads(line) for line in dateline("export", index).stdout.splitlines())
    assert dateline("delete", index, article["id"], "nowhere").returncode == 0
    assert dateline("delete", index, article["id"]).returncode == 1
    assert dateline("search", index, "berlin").returncode == 1

    assert json.loads(dateline("index", index, tmp_path / "wall.txt", "--json").stdout)["added"] == 1
    assert dateline("delete", index, article["id"], "--block").returncode == 0
    report = json.loads(dateline("index", index, tmp_path / "wall.txt", "--json").stdout)
    assert (report["added"], len(report["skipped"])) == (0, 1)
    assert dateline("delete", index, article["id"], "--unblock").returncode == 0
    assert json.loads(dateline("index", index, tmp_path / "wall.txt", "--json").stdout)["added"] == 1


def test_an_article_is_blocked_by_the_id_that_its_source_gave_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"id": "Desk 7/ä", "text": "Agreed."}), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"id": "b", "text": "Refused."}), "utf-8")
    dateline("index", tmp_path / "idx", tmp_path / "b.json")
    blocked = dateline("delete", tmp_path / "idx", "Desk 7/ä", "--block")
    assert "The article “Desk 7/ä” has the id “desk-7-a-" in blocked.stderr

    report = json.loads(dateline("index", tmp_path / "idx", tmp_path / "a.json", "--json").stdout)
    assert (report["added"], len(report["skipped"])) == (0, 1)


def test_delete_reaches_what_an_embargo_keeps_aside(tmp_path: Path) -> None:
    item = {"uri": "urn:x", "headline": "Budget", "body_text": "Agreed.", "embargoed": "2999-01-01T00:00:00Z"}
    (tmp_path / "a.json").write_text(json.dumps(item), "utf-8")
    (tmp_path / "b.txt").write_text("Title\n\nText.", "utf-8")
    dateline("index", tmp_path / "idx", tmp_path / "a.json", tmp_path / "b.txt")
    deleted = dateline("delete", tmp_path / "idx", "urn:x")

    assert deleted.returncode == 0
    assert "“urn:x” was under embargo, and no longer is.\n1 article removed.\n" in deleted.stderr
    assert dateline("delete", tmp_path / "idx", "urn:x").returncode == 1


def test_unblock_lets_in_what_was_withdrawn(tmp_path: Path) -> None:
    item = {"uri": "urn:x", "headline": "Budget", "body_text": "Agreed."}
    (tmp_path / "a.json").write_text(json.dumps(item), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps({**item, "pubstatus": "canceled"}), "utf-8")
    dateline("index", tmp_path / "idx", tmp_path / "a.json", tmp_path / "b.json")
    unblocked = dateline("delete", tmp_path / "idx", "urn:x", "--unblock")

    assert unblocked.returncode == 0
    assert "“urn:x” was withdrawn by its publisher, and no longer is.\n1 article unblocked.\n" in unblocked.stderr
    assert dateline("delete", tmp_path / "idx", "urn:x", "--unblock").returncode == 1
    assert json.loads(dateline("index", tmp_path / "idx", tmp_path / "a.json", "--json").stdout)["added"] == 1
