from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import search
from desk.people import keys
from desk.people.holder import SCOPES
from desk.store.where import FILE
from search.errors import IndexDamaged, IndexMissing
from tests.cases import cases
from tests.desk.damage import damage
from tests.service.commands.running import dateline


@pytest.fixture
def place(tmp_path: Path) -> str:
    search.writer(tmp_path / "idx").close()
    return str(tmp_path / "idx")


def test_a_key_is_found_until_it_is_revoked(place: str) -> None:
    known = keys.Keys(place)
    key, secret = keys.add(place, ["read"])
    assert known.find(secret) == key

    keys.revoke(place, key.id)

    assert known.find(secret) is None


def test_the_file_holds_hashes_and_is_for_its_owner_alone(place: str) -> None:
    _, secret = keys.add(place, ["admin"], "desk")
    file = Path(place) / FILE

    assert secret[3:].encode() not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_has_256_bits_and_none_is_like_another(place: str) -> None:
    secrets = {keys.add(place, ["read"])[1] for _ in range(20)}

    assert len(secrets) == 20
    assert all(len(secret) == len("dl_") + 43 for secret in secrets)


def test_keys_added_at_once_are_all_kept(place: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: keys.add(place, ["read"])[0].id, range(40)))

    assert {key.id for key in keys.listed(place)} == set(made)


def test_every_key_reads_and_only_admin_opens_everything(place: str) -> None:
    for scope in SCOPES:
        key, _ = keys.add(place, [scope])
        opened = [other for other in SCOPES if key.permits(other)]
        assert opened == [other for other in SCOPES if other == "read" or scope in (other, "admin")]


def test_a_damaged_file_lets_nobody_in(place: str) -> None:
    _, secret = keys.add(place, ["read"])
    damage(place, "UPDATE keys SET scopes = 'admin'")

    with pytest.raises(IndexDamaged, match="not as written"):
        keys.Keys(place).find(secret)


def test_there_are_no_keys_of_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="Make one"):
        keys.add(str(tmp_path / "none"), ["read"])


def test_the_command_prints_the_key_once(place: str) -> None:
    added = dateline("keys", place, "add", "--scope", "read", "--scope", "index", "--name", "night desk")
    secret = added.stdout.strip()
    listed = dateline("keys", place, "list", "--json")
    (key,) = json.loads(listed.stdout)

    assert keys.Keys(place).find(secret) is not None
    assert (key["scopes"], key["name"]) == (["read", "index"], "night desk")
    assert set(key) == {"id", "name", "scopes", "created"}
    assert key["id"] in dateline("keys", place, "list").stdout


def test_the_command_revokes(place: str) -> None:
    key, secret = keys.add(place, ["read"])

    assert dateline("keys", place, "revoke", key.id).returncode == 0
    assert keys.Keys(place).find(secret) is None
    assert dateline("keys", place, "list").returncode == 1


@cases("arguments, said", [
    (["add"], "--scope"),
    (["add", "--scope", "write"], "write"),
    (["revoke", "nowhere"], "No key “nowhere” in this index"),
])  # fmt: skip
def test_mistakes_are_told_and_exit_2(place: str, arguments: list[str], said: str) -> None:
    run = dateline("keys", place, *arguments)

    assert run.returncode == 2
    assert said in run.stderr
