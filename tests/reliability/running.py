"""The command, in the process of the tests, and what an index has after it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

import search
from service.commands.cli import main


def run(*arguments: object) -> Result:
    """Run the command; what nobody expected is raised."""
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def ids(place: Path) -> set[str]:
    """The ids of the articles in an index."""
    with search.open(place) as engine:
        return {article.id for article in engine.export(search.Query())}
