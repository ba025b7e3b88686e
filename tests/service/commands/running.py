"""The command: in the process of the tests, or in one of its own as a person runs it, which takes almost a second."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from unittest.mock import patch

from click.testing import CliRunner

from service.commands.cli import main
from service.server.gunicorn_server import Server
from tests import waiting

SEED = "---\nsource: Wire\n---\nBerlin wall opens\n\nThe wall in Berlin opened on Thursday."


@dataclass(frozen=True)
class Run:
    returncode: int
    stdout: str
    stderr: str


def dateline(*arguments: object, stdin: bytes = b"", env: Mapping[str, str | None] | None = None) -> Run:
    """Run a command in this process."""
    done = CliRunner().invoke(
        main, list(map(str, arguments)), input=stdin, env=env, catch_exceptions=False, prog_name="dateline"
    )
    return Run(done.exit_code, done.stdout, done.stderr)


def started(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, to which warnings are errors."""
    command = [sys.executable, "-W", "error", "-m", "service", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=waiting.HANG_S, check=False, env=os.environ | variables
    )


def not_served(*arguments: object) -> Run:
    """Run `dateline serve` in this process, whose environment it changes; it fails if it would serve."""
    served = AssertionError("it serves")
    with patch.dict(os.environ), patch.object(Server, "run", side_effect=served):
        return dateline("serve", *arguments)


def refused(*arguments: object) -> str:
    """The sentence of a refusal, which stands alone on stderr."""
    run = not_served(*arguments[1:]) if arguments[0] == "serve" else dateline(*arguments)
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    return run.stderr
