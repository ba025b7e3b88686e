"""`dateline fetch`: feeds that are listed in a file, read into a folder of the archive."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from msgspec import to_builtins

import service
from service.fetching.feeds import Fetched, fetch, listed
from service.terminal.arguments import AS_JSON, Refused, write_json


@click.command(name="fetch")
@click.argument("feeds", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--contact", metavar="TEXT", default="", help="An address in the name that sites see, for questions.")
@click.option(
    "--pause", type=click.FloatRange(0), default=1.0, show_default=True, help="Seconds between two requests to a site."
)
@AS_JSON
def fetch_feeds(feeds: Path, folder: Path, contact: str, pause: float, as_json: bool) -> None:
    """Ask the feeds (RSS, Atom) that FEEDS lists, one address a line, and save those with something new in FOLDER.

    Sites decide what may be asked, by robots.txt, and how often. Run it again, such as hourly, and then index FOLDER.
    That nothing is new is no error; that all feeds failed is.

    \b
    Example:
      dateline fetch feeds.txt archive/feeds --contact desk@news.example.org
    """
    try:
        addresses = listed(feeds.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(f"{feeds} is not UTF-8 text. Give a list of addresses.") from None
    if not addresses:
        raise Refused(f"{feeds} lists no feed. Write an address a line.")
    if not contact.isascii() or not contact.isprintable():
        raise Refused("The contact has a sign that a header cannot have. Give an address of mail or of the web.")
    name = f"Dateline/{service.__version__}" + (f" (+{contact})" if contact else "")
    told = []
    for one in fetch(addresses, folder, name, pause):
        told.append(one)
        click.echo(_line(one), err=True)
    found = Counter(one.outcome for one in told)
    if as_json:
        write_json(
            {
                "feeds": to_builtins(told),
                **{name: found[name] for name in ("saved", "unchanged", "waiting", "gone", "failed")},
            }
        )
    if found["failed"] == len(told):
        raise SystemExit(2)


def _line(one: Fetched) -> str:
    address = "" if one.reason.startswith(one.address) else one.address
    return " ".join(filter(None, (f"{one.outcome}:", address, one.file or one.reason)))
