"""Arguments and names of files of any bytes, in any locale."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.commands.running import dateline, started


def test_names_of_any_bytes_are_taken(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)
    for name, data in ((b"\xff.txt", b"Title\n\nText of a zebra."), (b"\xfe.csv", b"a,b")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    run = dateline("index", tmp_path / "idx", os.fsdecode(folder), "--collection", os.fsdecode(b"\xff"), "--json")
    report = json.loads(run.stdout)
    asked = dateline("search", tmp_path / "idx", "zebra", "--source", os.fsdecode(b"\xff"), "--json")

    assert (report["added"], len(report["skipped"])) == (1, 1)
    assert (asked.returncode, json.loads(asked.stdout)["total"]) == (1, 0)


def test_a_file_and_its_metadata_are_read_whatever_the_locale_and_its_name(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)
    names = ("Zürich".encode(), "наука".encode(), b"Z\xfcrich")
    for name in names:
        for end, data in ((b".txt", b"Title\n\nText of a zebra."), (b".json", b'{"published": "1999-05-01"}')):
            Path(os.fsdecode(os.path.join(folder, name + end))).write_bytes(data)

    index = ("index", tmp_path / "idx", tmp_path / "in", "--json", "--workers", 1)
    first = json.loads(started(*index, LC_ALL="C", PYTHONUTF8="0").stdout)
    again = json.loads(dateline(*index).stdout)
    asked = json.loads(dateline("search", tmp_path / "idx", "zebra", "--json").stdout)

    assert (first["added"], first["skipped"], again["unchanged"]) == (len(names), [], len(names))
    assert [hit["published"] for hit in asked["hits"]] == ["1999-05-01"] * len(names)


@pytest.mark.check
@pytest.mark.skipif(shutil.which("localedef") is None, reason="this system makes no locales")
def test_an_argument_is_text_in_utf_8_or_in_the_encoding_of_the_locale(made: Path, tmp_path: Path) -> None:
    subprocess.run(["localedef", "-i", "de_DE", "-f", "ISO-8859-1", tmp_path / "de_DE"], check=False)
    locale = {"LOCPATH": str(tmp_path), "LC_ALL": "de_DE", "PYTHONUTF8": "0"}

    for query in ("Zürich".encode(), "Zürich".encode("latin-1")):
        command = [sys.executable.encode(), b"-m", b"service", b"search", os.fsencode(made), query, b"--json"]
        asked = subprocess.run(command, capture_output=True, check=False, env=os.environ | locale)
        assert json.loads(asked.stdout)["query"]["text"] == "Zürich"
