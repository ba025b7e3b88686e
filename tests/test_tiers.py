from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hypothesis
import pytest

from indexer.safe import speed
from tests import costs, hangs, parts, tiers, waiting
from tests.conftest import ROOT

FILE = """
import pytest
from hypothesis import given, settings, strategies
from tests import tiers, waiting

def test_cheap(): assert True

@pytest.mark.check
def test_dear(): assert True

@pytest.mark.soak
def test_soaking(): assert True

def test_amounts(amount): assert amount(500) == int(500 if tiers._full else 50)

@given(strategies.integers())
@tiers.examples(30)
def test_examples(number): assert settings.default.max_examples == tiers.amount(30)

@given(strategies.integers())
def test_made_up(number): assert settings.default.max_examples == tiers.amount(100, 25)
"""
HANGING = """
import threading, pytest

@pytest.fixture
def left():
    yield
    threading.Event().wait()

def test_hanging(left): threading.Event().wait()

def test_after(): assert True
"""
LONG = "from tests import waiting\ndef test_long(): assert waiting.work(0.05) is None\n"


class Seen:
    """What ran, and what came of it."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.outcomes[report.nodeid.partition("::test_")[2]] = report.outcome


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., dict[str, str]]]:
    """Runs a file of tests as the whole is run, and gives what came of each."""
    monkeypatch.setattr(tiers, "_full", tiers._full)
    profile = hypothesis.settings.default

    def ran(source: str, *options: str, plugins: Sequence[object] = ()) -> dict[str, str]:
        file = tmp_path / f"test_it_{len(list(tmp_path.iterdir()))}.py"
        file.write_text(source)
        seen = Seen()
        asked = f"{file} -q -p tests.conftest -p no:cacheprovider --import-mode=importlib -c {ROOT / 'pyproject.toml'}"
        pytest.main([*asked.split(), *options], plugins=[seen, *plugins])
        return seen.outcomes

    yield ran
    hypothesis.settings.register_profile("tier", profile)
    hypothesis.settings.load_profile("tier")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ((), {"cheap", "amounts", "examples", "made_up"}),
        (("--tier", "test"), {"cheap", "amounts", "examples", "made_up"}),
        (("--tier", "check"), {"dear", "amounts", "examples", "made_up"}),
        (("--tier", "all"), {"cheap", "dear", "amounts", "examples", "made_up"}),
        (("-m", "soak"), {"soaking"}),
    ],
)
def test_each_tier_has_its_tests(run: Callable[..., dict[str, str]], options: tuple[str, ...], names: set[str]) -> None:
    assert run(FILE, *options) == dict.fromkeys(names, "passed")


def test_a_dear_test_fails_unless_it_says_why(
    run: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "MOST_S", 0.05 / (2 * speed.MOST))  # too much for the slowest machine, too

    assert run(LONG, "--tier", "test") == {"long": "failed"}
    assert run(LONG.replace("def", "import pytest\n@pytest.mark.costs('reason')\ndef"), "--tier", "test") == {
        "long": "passed"
    }
    assert run(LONG) == {"long": "passed"}


def test_what_cannot_be_had_is_left_out_and_told_and_a_failure_in_ci(
    run: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(parts, "PARTS", (parts.Part("a moon", ("",), "wait for the night", lambda: False),))
    monkeypatch.delenv("CI", raising=False)
    assert run(LONG) == {}
    assert capsys.readouterr().out.count("There is no moon:  are left out. To have it, wait for the night.") == 2

    monkeypatch.setenv("CI", "true")
    assert run(LONG) == {"long": "passed"}
    assert "There is no moon:  fail." in capsys.readouterr().out


def test_costs_are_kept_by_folder(run: Callable[..., dict[str, str]], tmp_path: Path) -> None:
    run(LONG, "--costs", str(tmp_path / "costs.json"))

    (cost,) = costs.read(tmp_path / "costs.json").values()
    assert cost.tests == 1
    assert 0.05 <= cost.cpu < 30


def test_what_hangs_is_shown_with_its_stack() -> None:
    reading, writing = os.pipe()
    watch = hangs.Watch(after_s=0.1, descriptor=writing)
    said = b""

    def shown() -> bool:
        nonlocal said
        said += os.read(reading, 1 << 16)
        return b"Still running after 0 s: before the first test" in said

    waiting.until(shown, "the stack is shown, and then the name")
    watch.pytest_unconfigure()

    assert b"test_tiers.py" in said


def test_what_hangs_fails_with_all_that_it_has_and_the_rest_goes_on(run: Callable[..., dict[str, str]]) -> None:
    patience_s = 1.5  # far more than the test after it takes on a busy machine
    assert run(HANGING, plugins=[hangs.Watch(0.1, ended_after_s=patience_s)]) == {
        "hanging": "failed",
        "after": "passed",
    }
