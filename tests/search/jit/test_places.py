"""Where what is derived once for a machine is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.errors import IndexProblem
from search.jit import places


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of a user without a setting of their own."""
    places.derived.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    for name in ("NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home" / "dateline"


def test_what_is_derived_is_next_to_its_sources(tmp_path: Path) -> None:
    assert places.derived(tmp_path) == tmp_path / "__pycache__"


def test_what_is_derived_is_at_home_if_the_sources_are_read_only(tmp_path: Path, home: Path) -> None:
    (tmp_path / "__pycache__").write_bytes(b"")  # in which nobody can write, not even the administrator

    assert places.derived(tmp_path) == home


def test_the_directory_that_is_named_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "named"))

    assert places.derived(tmp_path) == tmp_path / "named"


def test_nothing_is_derived_for_others_if_kernels_are_not_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")

    assert places.derived(tmp_path) is None


def test_a_directory_in_which_anybody_may_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (named := tmp_path / "named").mkdir()
    named.chmod(0o777)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(named))

    with pytest.raises(IndexProblem, match=r"chmod go-w"):
        places.derived(tmp_path / "sources")
