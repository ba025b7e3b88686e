"""The command as a person runs it: a process of its own, its output, its exit code."""

from __future__ import annotations

import subprocess
import sys

from tests import waiting

SEED = "---\nsource: Wire\n---\nBerlin wall opens\n\nThe wall in Berlin opened on Thursday."


def dateline(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    command = [sys.executable, "-W", "error", "-m", "service", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=waiting.HANG_S, check=False)


def refused(*arguments: object) -> str:
    """The sentence of a refusal, which stands alone on stderr."""
    run = dateline(*arguments)
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    return run.stderr
