"""`dateline keys`: the API keys of an index."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

import search
from desk.people import keys as key_store
from desk.people.holder import SCOPES, Scope
from service.http.session import Sessions
from service.terminal.arguments import AS_JSON, INDEX, decoded, write_json
from service.terminal.printing import print_table


@click.group()
@INDEX
@click.pass_context
def keys(context: click.Context, index: str) -> None:
    """Create, list and revoke the API keys of INDEX, and end the sessions of people who signed in with one.

    Only a hash of each key is stored. Scopes are read, index (send and remove articles), edit (correct
    facts) and admin (everything); each includes read.

    \b
    Example:
      dateline keys news.idx add --scope index --name "night desk"
    """
    context.obj = index


@keys.command(name="add")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="A scope of the key.")
@click.option("--name", default="", help="A name to recognize the key by.")
@click.pass_obj
def add_key(index: str, scopes: tuple[Scope, ...], name: str) -> None:
    """Create a key and print it. It is never shown again.

    \b
    Example:
      dateline keys news.idx add --scope read --name reader
    """
    search.open(index).close()
    key, secret = key_store.add(index, scopes, decoded(name))
    click.echo(secret)
    click.echo(f"Key {key.id} of scope {' and '.join(key.scopes)}. It is not shown again: store it safely.", err=True)


@keys.command(name="list")
@AS_JSON
@click.pass_obj
def list_keys(index: str, as_json: bool) -> None:
    """List the keys, without their secrets.

    \b
    Example:
      dateline keys news.idx list
    """
    found = key_store.listed(index)
    if as_json:
        write_json([{n: v for n, v in asdict(key).items() if n != "hash"} for key in found])
    else:
        print_table(
            ("id", "scopes", "created", "name"),
            [(key.id, " ".join(key.scopes), key.created, key.name) for key in found],
        )
    if not found:
        sys.exit(1)


@keys.command(name="revoke")
@click.argument("key_id", metavar="ID")
@click.option("--last", is_flag=True, help="Also the last key of scope admin, without which no page administers.")
@click.pass_obj
def revoke_key(index: str, key_id: str, last: bool) -> None:
    """Revoke a key, with immediate effect. ID is the one that list shows.

    \b
    Example:
      dateline keys news.idx revoke 3f2a91c0
    """
    key = key_store.revoke(index, decoded(key_id), last)
    click.echo(f"Key {key.id}{f' of {key.name}' if key.name else ''} is revoked.", err=True)


@keys.command()
@AS_JSON
@click.pass_obj
def sessions(index: str, as_json: bool) -> None:
    """List who is signed in on a page: the sessions, with the key that each was begun with.

    \b
    Example:
      dateline keys news.idx sessions
    """
    search.open(index).close()
    found = [
        {"id": one.id, "key": key.id, "name": key.name, "began": _moment(one.began), "ends": _moment(one.ends)}
        for one, key in Sessions(index).listed()
    ]
    if as_json:
        write_json(found)
    else:
        print_table(
            ("id", "key", "began", "ends", "name"),
            [(one["id"], one["key"], one["began"], one["ends"], one["name"]) for one in found],
        )
    if not found:
        sys.exit(1)


@keys.command()
@click.argument("session_id", metavar="ID")
@click.pass_obj
def close(index: str, session_id: str) -> None:
    """End a session, with immediate effect. ID is the one that sessions shows.

    \b
    Example:
      dateline keys news.idx close 5e1c77d0
    """
    Sessions(index).close(decoded(session_id))
    click.echo(f"Session {session_id} is closed.", err=True)


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
