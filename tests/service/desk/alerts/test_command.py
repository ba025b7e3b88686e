"""Alerts as input of a command: what it gets, and when it has arrived."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from service.desk.alerts import operator_command as command
from service.desk.alerts.channel import LONGEST_S, WITHIN_S, NotDelivered
from service.desk.alerts.delivering import CLAIM_S
from service.desk.alerts.operator_command import Command
from tests.cases import cases
from tests.service.desk.alerts.test_mail import message
from tests.service.desk.alerts.test_message import HOSTILE


def python(program: str, *arguments: str) -> Command:
    return Command([sys.executable, "-c", program, *arguments])


def test_a_command_gets_the_message_and_its_id(tmp_path: Path) -> None:
    out = tmp_path / "out"
    program = "import os, sys; open(sys.argv[1], 'w').write(os.environ['DATELINE_DELIVERY'] + sys.stdin.read())"
    python(program, str(out)).deliver(message(site=HOSTILE))
    told = out.read_text("utf-8")

    assert told[:36] == message().id == json.loads(told[36:])["id"]


def test_a_command_that_reads_nothing_is_fine() -> None:
    assert python("").deliver(message()) is None  # type: ignore[func-returns-value]


@cases("program, said", [("exit(3)", "ended with 3"), ("import os; os.kill(os.getpid(), 9)", "ended with -9")])
def test_a_command_that_fails_is_said(program: str, said: str) -> None:
    with pytest.raises(NotDelivered, match=said):
        python(program).deliver(message())


def test_a_command_that_is_not_there_is_said() -> None:
    with pytest.raises(NotDelivered, match="No such file"):
        Command(["/no/such/command"]).deliver(message())


def test_a_command_that_hangs_is_ended_with_what_it_has_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "LONGEST_S", 0.5)
    child = f"import subprocess; subprocess.run([{sys.executable!r}, '-c', 'import time; time.sleep(1e6)'])"

    with pytest.raises(NotDelivered, match="did not end"):
        python(child).deliver(message())


def test_a_claim_outlasts_every_channel() -> None:
    assert CLAIM_S > LONGEST_S > 2 * WITHIN_S  # connecting, and what comes then
