"""Commands start without the libraries that they do not use."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["query", "index", "maintenance", "takedown", "corrections", "curation"])
def test_a_command_that_serves_nothing_does_not_load_the_service(module: str) -> None:
    program = f"""if True:
        import sys
        import service.commands.{module}
        sys.exit(bool({{"falcon", "gunicorn"}} & set(sys.modules)))
    """

    assert subprocess.run([sys.executable, "-c", program], check=False, capture_output=True).returncode == 0
