"""`dateline mcp`: an archive as tools of an assistant, by the Model Context Protocol."""

from __future__ import annotations

import os
from dataclasses import replace

import click

import search
from service import settings
from service.assistants.asking import Application, Asked, Service
from service.terminal.arguments import Refused

WEB = ("http://", "https://")


@click.command(name="mcp")
@click.argument("place", metavar="INDEX|URL")
@click.option("--http", "port", type=click.IntRange(1, 65535), metavar="PORT", help="Serve http://127.0.0.1:PORT/mcp.")
def mcp(place: str, port: int | None) -> None:
    """Let an assistant ask INDEX, or the service at URL, over stdin and stdout: search, count, facets, article,
    first_mention, compare, verify_citation. It can change nothing.

    A service is asked with the key in DATELINE_KEY. With --http, each caller's own key counts, as for the API.

    \b
    Example:
      dateline mcp news.idx
      DATELINE_KEY=… dateline mcp https://news.example.org
    """
    try:
        from service.assistants.server import server
    except ImportError:
        raise Refused("The protocol's SDK is missing. Install it: pip install 'dateline[mcp]'") from None
    made = server(_asked(place, alone=port is None), passes_keys=port is not None)
    if port is None:
        made.run("stdio")
    else:
        click.echo(f"http://127.0.0.1:{port}/mcp (Ctrl-C stops)", err=True)
        made.run("streamable-http", host="127.0.0.1", port=port)


def _asked(place: str, alone: bool) -> Asked:
    """What answers.

    Args:
        alone: True if nobody asks but who started the command, and may read the index.
    """
    if place.startswith(WEB):
        return Service(place, os.environ.get("DATELINE_KEY", "").strip() or None if alone else None)
    from service.archive import Archive
    from service.server.app import create_app

    chosen = settings.from_environment(os.environ)
    with search.open(place):  # it is there, and is said not to be now
        pass
    chosen = replace(chosen, require_key=chosen.require_key and not alone)
    return Application(create_app(Archive(place), chosen), chosen.public_url)
