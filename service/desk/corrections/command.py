"""`dateline corrections`: what people have corrected in an index."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

import click

import search
from desk import edited
from desk.corrections import exchange
from desk.corrections.application import settle
from desk.corrections.as_shown import Subject, fitting, found_by
from desk.corrections.correction import ACTIONS, FIELDS, Correction, checked, made
from desk.corrections.store import CorrectionMissing, Store
from search.errors import BadQuery, IndexLocked
from search.text import dates
from search.values.query import Query
from service.terminal import converting
from service.terminal.arguments import AS_JSON, INDEX, Refused, counted, decoded, user, write, write_json
from service.terminal.given import content_of
from service.terminal.printing import print_table

FORMATS = {"csv": exchange.csv_lines, "jsonl": exchange.json_lines}


@click.group()
@INDEX
@click.pass_context
def corrections(context: click.Context, index: str) -> None:
    """Correct facts of articles of INDEX. The archive is not changed; corrections outlive its re-reading.

    \b
    Example:
      dateline corrections news.idx add 1961-08-berlin-wall person add "Lucius Clay"
      dateline corrections news.idx export > corrections.csv
    """
    context.obj = index


@corrections.command(name="add")
@click.argument("article", metavar="ID|SEARCH")
@click.argument("field", metavar="FIELD", type=click.Choice(FIELDS))
@click.argument("action", metavar="ACTION", type=click.Choice(ACTIONS))
@click.argument("value", metavar="VALUE")
@click.option("--note", default="", help="Why.")
@click.pass_obj
def add_correction(index: str, article: str, field: str, action: str, value: str, note: str) -> None:
    """Correct one fact of the article ID: add or remove a person, country or topic, set the date or the title.

    A line that a machine has misread gets a right one, and both are found: line add "the harbonr → the harbour".
    In place of an id, the parameters of a search or the address of its page correct all articles that it finds.

    \b
    Example:
      dateline corrections news.idx add 1961-08-berlin-wall date set 1961-08-14
      dateline corrections news.idx add "person=John F. Kennedy&from=1963" person add "John F. Kennedy (1963)"
    """
    made, at, which = [], dates.exactly(), decoded(article)
    try:
        with search.open(index) as engine, Store(index) as store:
            for each in found_by(engine, _question(which)) if "=" in which else [which]:
                one = checked(each, field, action, decoded(value), user(), at, decoded(note))
                made.append(Subject(engine, each, store.of(each), [one]).take(one))
    except BadQuery as problem:
        raise Refused(str(problem)) from None
    _add(index, made)


def _question(given: str) -> Query:
    from service.formats import question  # which imports Falcon, and only a search needs it

    return question.given(given)


@corrections.command(name="list")
@click.option("--article", metavar="ID", default=None, help="Only those of one article.")
@AS_JSON
@click.pass_obj
def list_corrections(index: str, article: str | None, as_json: bool) -> None:
    """List the corrections, undone ones too, in the order of their numbers.

    \b
    Example:
      dateline corrections news.idx list
    """
    found = _listed(index, decoded(article) if article is not None else None)
    if as_json:
        write_json([exchange.as_json(each) for each in found])
    else:
        print_table(
            ("number", "article", "fact", "", "value", "by", "on", "undone"),
            map(_row, found),
            undone=[place for place, one in enumerate(found) if one.undone],
        )
    if not found:
        sys.exit(1)


@corrections.command(name="export")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="csv", help="csv or jsonl.")
@click.option("--gold", is_flag=True, help="Write what is right and wrong for each article instead, as JSON Lines.")
@click.pass_obj
def export_corrections(index: str, form: str, gold: bool) -> None:
    """Write all corrections to stdout in the order in which they were made, as the file that import reads.

    \b
    Example:
      dateline corrections news.idx export > corrections.csv
    """
    found = sorted(_listed(index), key=made)
    write(exchange.gold(found) if gold else FORMATS[form](found))


@corrections.command(name="import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.pass_obj
def import_corrections(index: str, file: Path) -> None:
    """Add the corrections of FILE, CSV or JSON Lines, that are not in force yet; - is stdin. None is removed.

    A line whose words are not in the text of its article just once is refused, the others are added; exit code 2.

    \b
    Example:
      dateline corrections news.idx import corrections.csv
    """
    search.open(index).close()
    found = exchange.read(content_of(file, edited.MOST_BYTES + 1), user(), dates.exactly())
    with Store(index) as store:
        known = {_said(each) for each in store.listed() if each.undone is None}
    new = [each for each in dict.fromkeys(found) if _said(each) not in known]
    refused: list[str] = []
    with search.open(index) as engine:
        fit = list(fitting(engine, new, refused.append))
    _add(index, fit)
    if refused:
        raise Refused("\n".join(["Corrections that do not fit are not imported:", *refused]))


@corrections.command(name="undo")
@click.argument("number", metavar="NUMBER", type=click.IntRange(1))
@click.pass_obj
def undo_correction(index: str, number: int) -> None:
    """Undo a correction: the fact is again as it was found. NUMBER is the one that list shows.

    \b
    Example:
      dateline corrections news.idx undo 1
    """
    search.open(index).close()
    if not Store.is_in(index):
        raise CorrectionMissing(number)
    converting.ready(index)
    with Store(index) as store:
        undone = store.undo(number, user(), dates.now())
    click.echo(f"Correction {number} of “{undone.article}” is undone.", err=True)
    _apply(index)


def _add(index: str, new: Collection[Correction]) -> None:
    """Store corrections and apply them, and report that on stderr."""
    converting.ready(index)
    with Store(index) as store:
        before = store.last
        added = [each for each in store.add(new) if each.number > before]
    click.echo(f"{counted(len(added), 'correction')} added.", err=True)
    if len(new) == 1 and not added:
        click.echo("It is in force already.", err=True)
    if added:
        _apply(index)


def _apply(index: str) -> None:
    try:
        with search.writer(index) as writer:
            changed = settle(writer, index)
    except IndexLocked as problem:
        click.echo(f"{problem.told} It applies this when it ends its work.", err=True)
        return
    unchanged = "No article changed: it is not in the index, or another correction says the same."
    click.echo(f"{counted(changed, 'article')} changed." if changed else unchanged, err=True)


def _listed(index: str, article: str | None = None) -> tuple[Correction, ...]:
    search.open(index).close()
    if not Store.is_in(index):
        return ()
    with Store(index) as store:
        return store.listed(article)


def _said(correction: Correction) -> tuple[str, ...]:
    """What a correction says."""
    return correction.article, correction.field, correction.action, correction.value


def _row(one: Correction) -> tuple[str, ...]:
    undone = one.undone[:10] if one.undone else ""
    return str(one.number), one.article, one.field, one.action, one.label, one.by, one.at[:10], undone
