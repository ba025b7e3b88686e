"""`dateline serve`: the page and the API of an index, until Ctrl-C."""

from __future__ import annotations

import os

import click

import search
from search.meaning import model
from service import settings
from service.http import metrics_folder as counting
from service.terminal.arguments import Refused, counted
from service.terminal.printing import steps

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command()
@click.argument("index", metavar="INDEX", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="Web worker processes.")
@click.option("--desk", "own", is_flag=True, help="Open the desk to yourself, on this machine, without a key.")
def serve(index: str | None, host: str, port: int, workers: int, own: bool) -> None:
    """Serve INDEX: the search page and the API, until Ctrl-C.

    \b
    Example:
      dateline serve news.idx --port 8123
      dateline serve news.idx --desk
    """
    with counting.folder():
        from service.desk.alerts.channels import channels
        from service.desk.people import provider
        from service.http.own_desk import OwnDesk
        from service.server.gunicorn_server import (  # only for this command, and after the folder of counts exists
            Server,
            check_port,
        )

        chosen = settings.from_environment(os.environ)
        place = index or chosen.index
        if not place:
            raise Refused("No index to serve. Name one: dateline serve news.idx, or set DATELINE_INDEX.")
        with search.open(place) as engine:
            articles = engine.stats().articles
        desk = OwnDesk(place, host, chosen) if own else None
        channels(chosen)  # their settings are valid
        provider.check(chosen)
        model.check()
        check_port(host, port)
        with steps("Compiling") as progress:
            search.warm(progress)
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        click.echo(f"{counted(articles, 'article')} at {address} (Ctrl-C stops)", err=True)
        if host not in LOOPBACK and not chosen.require_key:
            click.echo("Anyone who can reach it can read it. DATELINE_REQUIRE_KEY=true requires keys.", err=True)
        if desk is not None and not desk.tells_users_apart:
            click.echo(
                "The desk is open to every user of this machine, whom this system does not tell apart.", err=True
            )
        Server(place, host, port, workers, chosen, desk).run()
