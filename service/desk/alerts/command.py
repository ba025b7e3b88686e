"""`dateline alerts`: the alerts of an index."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import click

import search
from desk.alerts.store import Alerts
from search.errors import BadQuery
from search.text import dates
from service import settings
from service.archive import Archive
from service.desk.alerts import keeping
from service.desk.alerts.channel import Channel
from service.desk.alerts.channels import WAYS, channels
from service.desk.alerts.delivering import Delivering, Tried
from service.desk.alerts.keeping import Told
from service.desk.alerts.looking import look
from service.desk.alerts.message import summary
from service.desk.alerts.resource import as_value
from service.desk.alerts.telling import COMMAND_LOCK, LOCK, mine, next_due
from service.terminal.arguments import AS_JSON, INDEX, Refused, decoded, user, write_json
from service.terminal.printing import print_table
from service.wording.printable import printable

NAME = click.argument("name", metavar="NAME")
WAIT_S = 1.0


@click.group()
@INDEX
@click.pass_context
def alerts(context: click.Context, index: str) -> None:
    """Tell people what is new in searches of INDEX: in a feed, or in a way that `add` has.

    \b
    Example:
      dateline alerts news.idx add "Oil in France" "q=oil&country=FR"
      dateline alerts news.idx list
    """
    context.obj = index


@alerts.command(name="list")
@AS_JSON
@click.pass_obj
def list_alerts(index: str, as_json: bool) -> None:
    """List the alerts, with what each has told last, and what could not be delivered.

    \b
    Example:
      dateline alerts news.idx list
    """
    search.open(index).close()
    with Archive(index) as archive:
        found = keeping.listed(archive)
    if as_json:
        write_json([as_value(each, True, "") for each in found])
    else:
        print_table(("alert", "when", "how", "told last", "question"), map(_row, found))
    if not found:
        sys.exit(1)


@alerts.command()
@NAME
@click.argument("question", metavar="QUESTION")
@click.option("--schedule", default="at once", show_default=True, help='"hourly", "daily 07:00", "weekly Mon 07:00".')
@click.option("--zone", default="UTC", show_default=True, help="Time zone of the schedule: Europe/Berlin.")
@click.pass_obj
def add(index: str, /, name: str, question: str, schedule: str, zone: str, **ways: str | None) -> None:
    """Make an alert NAME of the search QUESTION, the URL of a result or the parameters in it.

    What matches now is not told.

    \b
    Example:
      dateline alerts news.idx add "Moon" "q=moon" --schedule "daily 07:00" --zone Europe/Berlin
    """
    given = {"name": decoded(name), "schedule": decoded(schedule), "zone": decoded(zone)}
    chosen = {way: target for way, target in ways.items() if target is not None}
    if len(chosen) > 1:
        raise Refused(f"Choose one of {', '.join(f'--{way}' for way in chosen)}; make another alert for another.")
    for way, target in chosen.items():
        given |= {"channel": way, "target": decoded(target)}
    search.open(index).close()
    with Archive(index) as archive:
        try:
            making = keeping.Making(archive, settings.from_environment(os.environ))
            made = making.make(given, decoded(question), user())
        except BadQuery as problem:
            raise Refused(str(problem)) from None
    click.echo(f"“{made.full}” is made.", err=True)


def _option(name: str, way: type[Channel]) -> click.Option:
    """An option for a way to tell somebody: its target, or "" if it has none."""
    if way.TARGET:
        return click.Option([f"--{name}"], metavar=way.TARGET, help=way.HELP)
    return click.Option([f"--{name}"], flag_value="", help=way.HELP)


add.params += [_option(name, way) for name, way in WAYS.items() if way.HELP]


@alerts.command()
@NAME
@click.pass_obj
def remove(index: str, name: str) -> None:
    """Delete the alert NAME, and what it was to tell.

    \b
    Example:
      dateline alerts news.idx remove "Oil in France"
    """
    search.open(index).close()
    with Archive(index) as archive:
        gone = keeping.delete(archive, decoded(name)).alert
    click.echo(f"“{gone.full}” is deleted.", err=True)


@alerts.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", metavar="[-- COMMAND...]", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def run(index: str, command: tuple[str, ...]) -> None:
    """Look once for what is new, and deliver what waits, COMMAND... getting its part as JSON; for cron.

    Where `dateline serve` runs, which delivers the others, this is for those to a command alone.

    \b
    Example:
      dateline alerts news.idx run
      dateline alerts news.idx run -- ./post-to-chat.sh
    """
    search.open(index).close()
    if not Alerts.is_in(index):
        return
    chosen = settings.from_environment(os.environ)
    everything = channels(chosen, command or None)
    with mine(index, LOCK, _once()) as all_, mine(index, COMMAND_LOCK, _once()) as first, Archive(index) as archive:
        by = {name: way for name, way in everything.items() if all_ or name == "command"}
        if not by:
            raise Refused("“dateline serve” delivers these alerts. For those to a command, name it: run -- COMMAND.")
        if not first:
            raise Refused("Another “dateline alerts run” is at work. Wait until it has ended.")
        with Alerts(index) as alerts:
            look(archive, alerts, dates.now(), next_due, settings=chosen)
            delivering = Delivering(archive, by, chosen)
            tried: list[Tried] = []
            while delivering.start(alerts) or delivering.busy:
                tried += delivering.note(alerts, WAIT_S)
        waiting = [(told.alert, told.waiting) for told in keeping.listed(archive) if told.waiting is not None]
    arrived = sum(not one.problem for one in tried)
    click.echo(f"{arrived:,} {'delivery has' if arrived == 1 else 'deliveries have'} arrived.", err=True)
    failing = [(alert, delivery) for alert, delivery in waiting if delivery.problem and alert.channel in by]
    now = {(one.delivery.alert, one.delivery.number) for one in tried}
    for alert, delivery in failing:
        was = "has not" if (alert.number, delivery.number) in now else "was not tried now, but failed before"
        again = f"The next try is after {delivery.next_try}."
        click.echo(printable(f"“{alert.full}” {was}: {delivery.problem} {again}"), err=True)
    if failing:
        raise Refused("What has not arrived is tried again by the first run after that time.")


def _once() -> Callable[[], bool]:
    """False the first time, and then True: to try something once."""
    return iter((False, True)).__next__


def _row(one: Told) -> tuple[str, ...]:
    """An alert, with the numbers of its last delivery, or the problem of one that has not arrived."""
    alert, last = one.alert, one.deliveries[0] if one.deliveries else None
    told = f"{last.at[:10]}: {summary(last)}" if last is not None else ""
    waits = f"not arrived: {one.waiting.problem}" if one.waiting is not None and one.waiting.problem else told
    how = f"{alert.channel} {alert.target}".strip()
    return alert.full, f"{alert.schedule} {alert.zone}", how, waits, alert.problem or one.asked
