"""`dateline searches`: the saved searches of an index."""

from __future__ import annotations

import sys

import click

import search
from desk.searches.store import MOST, Saved, Searches, SearchMissing
from search.errors import BadQuery
from service.archive import Archive
from service.desk.searches import resource as saved_searches
from service.desk.searches.resource import Counted
from service.terminal.arguments import AS_JSON, INDEX, Refused, decoded, user, write_json
from service.terminal.printing import print_table

NAME = click.argument("name", metavar="NAME")


@click.group()
@INDEX
@click.pass_context
def searches(context: click.Context, index: str) -> None:
    """Save searches of INDEX. This command finds all; somebody's is called by its name and his: “Oil (Ann)”.

    \b
    Example:
      dateline searches news.idx add "Oil in France" "q=oil&country=FR"
      dateline searches news.idx list
    """
    context.obj = index


@searches.command(name="list")
@AS_JSON
@click.pass_obj
def list_searches(index: str, as_json: bool) -> None:
    """List the saved searches, with their articles and what is new since you have seen each.

    \b
    Example:
      dateline searches news.idx list
    """
    search.open(index).close()
    with Archive(index) as archive:
        found = saved_searches.counted(archive, user(), 0, MOST)[0]
    if as_json:
        write_json([saved_searches.as_value(each, "") for each in found])
    else:
        print_table(("search", "articles", "new", "question"), map(_row, found), right=("articles", "new"))
    if not found:
        sys.exit(1)


@searches.command()
@NAME
@click.argument("question", metavar="QUESTION")
@click.pass_obj
def add(index: str, name: str, question: str) -> None:
    """Save the search QUESTION, the URL of a result or the parameters in it, as NAME.

    \b
    Example:
      dateline searches news.idx add "Moon" "q=moon"
    """
    search.open(index).close()
    with Archive(index) as archive:
        try:
            made = saved_searches.save(archive, decoded(name), decoded(question), user())
        except BadQuery as problem:
            raise Refused(str(problem)) from None
    click.echo(f"“{made.name}” is saved.", err=True)


@searches.command()
@NAME
@click.pass_obj
def seen(index: str, name: str) -> None:
    """Note that you have seen all that the search NAME finds.

    \b
    Example:
      dateline searches news.idx seen "Oil in France"
    """
    search.open(index).close()
    with Archive(index) as archive:
        saved_searches.look(archive, decoded(name), user())


@searches.command()
@NAME
@click.option("--no", is_flag=True, help="Let nobody but its owner find it.")
@click.pass_obj
def share(index: str, name: str, no: bool) -> None:
    """Share the saved search NAME, which is somebody's, with all who may read INDEX.

    \b
    Example:
      dateline searches news.idx share "Oil in France (Ann)"
    """
    search.open(index).close()
    if not Searches.is_in(index):
        raise SearchMissing(decoded(name))
    with Searches(index) as searches:
        found = searches.change(decoded(name), user(), shared=not no)
    click.echo(f"“{found.name}” is {'private' if found.private else 'shared'}.", err=True)


@searches.command()
@NAME
@click.pass_obj
def remove(index: str, name: str) -> None:
    """Delete the saved search NAME.

    \b
    Example:
      dateline searches news.idx remove "Oil in France"
    """
    search.open(index).close()
    if not Searches.is_in(index):
        raise SearchMissing(decoded(name))
    with Searches(index) as searches:
        gone: Saved = searches.delete(decoded(name), user())
    click.echo(f"“{gone.name}” is deleted.", err=True)


def _row(one: Counted) -> tuple[str, ...]:
    counts = ("" if count is None else f"{count:,}" for count in (one.total, one.new))
    return one.saved.name, *counts, one.problem or one.saved.question
