"""The table of commands, each imported when it is run."""

from __future__ import annotations

import subprocess
import sys

from service.commands.cli import main


def test_help_and_version_load_no_engine() -> None:
    program = """if True:
        import sys
        from service.commands.cli import main
        main([sys.argv[1]], standalone_mode=False)
        sys.exit(bool({"numba", "numpy", "desk", "indexer"} & set(sys.modules)))
    """
    for asked in ("--help", "--version"):
        assert subprocess.run([sys.executable, "-c", program, asked], check=False, capture_output=True).returncode == 0


def test_each_command_is_found_under_its_name() -> None:
    for name, command in main.commands.items():
        assert command.name == name
        assert command.help
