"""`dateline rights`: who may see which articles of an index."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import orjson
from msgspec import to_builtins

import search
from desk.people import keys
from desk.people.keys import Key, KeyMissing
from desk.rights import rule
from desk.rights.rule import EVERYONE, GROUP, SIGNED_IN, STRANGER, Reader, Rule, sight_of
from desk.rights.store import KEY, USER, Rights
from search.errors import BadQuery, BadValue
from search.seen import tiers
from search.text import dates
from service import settings
from service.desk.rights.people import members, put
from service.desk.rights.sentences import idle, sentence
from service.terminal.arguments import AS_JSON, INDEX, counted, decoded, user, write_json
from service.terminal.given import content_of
from service.terminal.printing import print_table

MOST_BYTES = 1024 * 1024


@click.group()
@INDEX
@click.pass_context
def rights(context: click.Context, index: str) -> None:
    """Say who may see which articles of INDEX: nothing, metadata, text, or all with scans and exports.

    Rules are read from the top: the first that is for a reader and fits an article decides. If none does, the
    article may be seen and exported; so without rules everyone sees everything.

    \b
    Example:
      dateline rights news.idx set rules.json
      dateline rights news.idx as everyone
    """
    context.obj = index


@rights.command()
@AS_JSON
@click.pass_obj
def show(index: str, as_json: bool) -> None:
    """Show the rules as sentences, in their order.

    \b
    Example:
      dateline rights news.idx show --json > rules.json
    """
    search.open(index).close()
    found = _rules(index)
    if as_json:
        write_json({"rules": [one.as_json() for one in found]})
        return
    for number, one in enumerate(found, 1):
        click.echo(f"{number}. {sentence(one)}")
    if not found:
        click.echo("There are no rules: everyone sees and may export all articles.", err=True)
        sys.exit(1)


@rights.command(name="set")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.pass_obj
def set_rules(index: str, file: Path) -> None:
    """Replace all rules by those of FILE, JSON as show --json prints it; - is stdin. They are in force at once.

    \b
    Example:
      dateline rights news.idx set rules.json
    """
    search.open(index).close()
    content = content_of(file, MOST_BYTES + 1)
    try:
        sent = orjson.loads(content)
    except orjson.JSONDecodeError as problem:
        hint = 'Give {"rules": [{"who": …, "what": {…}, "tier": …}]}.'
        raise BadQuery(
            [BadValue("rules", "", f"It is not JSON: {problem.msg} at line {problem.lineno}.", hint)]
        ) from None
    rules = rule.read(sent.get("rules") if isinstance(sent, dict) else sent)
    with Rights(index) as store:
        store.set(rules, user(), dates.now())
    click.echo(f"{counted(len(rules), 'rule')} in force.", err=True)
    with search.open(index) as engine:
        for warning in idle(engine, rules).values():
            click.echo(warning, err=True)


@rights.command(name="as")
@click.argument("name", metavar="NAME")
@AS_JSON
@click.pass_obj
def seen_as(index: str, name: str, as_json: bool) -> None:
    """Show what somebody sees: everyone, signed-in, group:NAME, user:NAME, or a key by its id or name.

    \b
    Example:
      dateline rights news.idx as group:desk
    """
    reader = _reader(index, decoded(name))
    rules = () if reader.sees_all else tuple(one for one in _rules(index) if one.is_for(reader))
    with search.open(index) as engine:
        found = tiers(engine, sight_of(rules, reader))
    if as_json:
        write_json(
            {"name": reader.name, "groups": sorted(reader.groups), "rules": [one.as_json() for one in rules]}
            | {"articles": found}
        )
        return
    for one in rules:
        click.echo(sentence(one))
    print_table(("tier", "articles"), [(tier, f"{count:,}") for tier, count in found.items()])


@rights.command()
@AS_JSON
@click.pass_obj
def people(index: str, as_json: bool) -> None:
    """List the keys and the people who are signed in or have groups, with their groups.

    \b
    Example:
      dateline rights news.idx people
    """
    search.open(index).close()
    chosen = settings.from_environment(os.environ)
    found = members(index, chosen)
    if not chosen.group_scopes and not all(one.is_key for one in found):
        click.echo(
            "DATELINE_GROUP_SCOPES is not set here: if the service has it, people in its groups have other scopes.",
            err=True,
        )
    if as_json:
        write_json([to_builtins(one.as_value()) for one in found])
    else:
        print_table(
            ("id", "name", "scopes", "groups", "from the provider"),
            [
                (one.id, one.name, " ".join(one.scopes), ", ".join(sorted(one.groups)), ", ".join(sorted(one.told)))
                for one in found
            ],
        )
    if not found:
        sys.exit(1)


@rights.command()
@click.argument("key", metavar="KEY")
@click.argument("names", metavar="[GROUP]...", nargs=-1)
@click.pass_obj
def group(index: str, key: str, names: tuple[str, ...]) -> None:
    """Have KEY, by its id or name, be in these groups and in no others; user:NAME is somebody who signs in elsewhere.

    \b
    Example:
      dateline rights news.idx group "night desk" desk readers
    """
    member, called = _member(index, decoded(key))
    put(index, member, tuple(map(decoded, names)), settings.from_environment(os.environ))
    click.echo(f"{called} is in {', '.join(map(decoded, names)) or 'no group'}.", err=True)


def _member(index: str, name: str) -> tuple[str, str]:
    """A member of groups, and how to call it. Raises KeyMissing."""
    if name.startswith(USER):
        search.open(index).close()
        return name, name.removeprefix(USER)
    found = _key(index, name)
    if found is None:
        raise KeyMissing(name)
    return KEY + found.id, f"Key {found.id}{f' of {found.name}' if found.name else ''}"


def _rules(index: str) -> tuple[Rule, ...]:
    if not Rights.is_in(index):
        return ()
    with Rights(index) as store:
        return store.listed()


def _key(index: str, name: str) -> Key | None:
    """A key by its id, or by its name if no other key has it."""
    search.open(index).close()
    known = keys.listed(index)
    named = [key for key in known if name in (key.id, key.name)]
    return named[0] if len(named) == 1 else None


def _reader(index: str, name: str) -> Reader:
    """Somebody by name. Raises KeyMissing if there is nobody."""
    if name == EVERYONE:
        return STRANGER
    if name == SIGNED_IN:
        return Reader(is_known=True)
    if name.startswith(GROUP):
        return Reader(groups=frozenset((name.removeprefix(GROUP),)), is_known=True)
    member, _ = _member(index, name)
    found = next((one for one in members(index, settings.from_environment(os.environ)) if one.id == member), None)
    return found.reader if found is not None else Reader(name.removeprefix(USER), is_known=True)
