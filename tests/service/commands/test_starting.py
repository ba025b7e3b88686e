"""Commands start without the libraries that they do not use."""

from __future__ import annotations

import subprocess
import sys

MODULES = (
    "commands.query", "commands.index", "commands.maintenance", "commands.takedown", "desk.corrections.command",
    "desk.names.command", "desk.citations.command",
)  # fmt: skip


def test_commands_that_serve_nothing_do_not_load_the_service() -> None:
    program = f"""if True:
        import importlib, sys
        for module in {MODULES}:
            importlib.import_module(f"service.{{module}}")
            assert not {{"falcon", "gunicorn"}} & set(sys.modules), module
    """
    run = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)

    assert (run.returncode, run.stderr) == (0, "")
