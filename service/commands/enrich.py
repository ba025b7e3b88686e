"""`dateline enrich`: renew the facts of an index from the stored texts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict

import click

import desk
import search
from desk import proof
from desk.proof import Difference, Question, Touched
from indexer import enrich, renewing
from indexer.renewing.report import LISTED, Renewal
from search import backends
from search.engine import Engine, Writer
from search.errors import IndexMissing
from search.names.completion import label
from service.commands.index import MEANING, PERSONS, Interrupted
from service.formats import question
from service.terminal import converting
from service.terminal.arguments import AS_JSON, INDEX, Refused, counted, write_json
from service.terminal.changing import Changing
from service.terminal.printing import err, escape, progress_bar, steps
from service.terminal.proofs import print_proof

SHOWN = 10
"""The values of a fact that are named."""


@click.command(name="enrich", cls=Changing, unless="sample")
@INDEX
@PERSONS
@MEANING
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes; by default one per core.")
@click.option(
    "--dry-run", "sample", type=click.IntRange(1), metavar="N",
    help="Report what would change in a sample of N articles; change nothing.",
)  # fmt: skip
@AS_JSON
def enrich_again(index: str, workers: int | None, sample: int | None, as_json: bool) -> None:
    """Renew the facts of INDEX by the rules of this version: persons, countries, topics, languages, dates, authors.

    They are found in the stored texts, newest articles first; the archive is not read. Articles whose facts are by
    these rules are skipped, so that a run that was stopped continues where it was. Questions are answered meanwhile,
    and others may write. What the archive states and what people have corrected stays. Saved searches, alerts, lists
    and citations are asked before and after, and what differs is reported with its reason.

    \b
    Example:
      dateline enrich news.idx --dry-run 500
      dateline enrich news.idx
    """
    if sample is None:
        converting.ready(index)
    with closing(desk.open(index)) as engine, Interrupted("enrich") as interrupted:
        before = None
        if sample is None:
            with steps("Asking") as asked:
                before = proof.begin(index, engine, question.on, "enrich", enrich.version(), asked)
        options = renewing.Options(workers=workers or os.cpu_count() or 1, sample=sample, stop=interrupted)
        with progress_bar("Enriching") as progress:
            report = renewing.renew(index, lambda: _writer(index), options, progress)
        touched = list(proof.all_touched(index, engine, question.on, report.moved))
        differences: list[Difference] = []
        if before is not None and report.complete:
            why = proof.by_moves(engine, before, report.moved, report.dated)
            with steps("Asking again") as asked:
                differences = list(proof.differences(index, engine, question.on, before, why, asked))
        if as_json:
            write_json(_as_json(report, touched, differences, 0 if before is None else len(before.answers)))
        else:
            _print(report, engine)
            _print_touched(touched, engine)
            if before is not None and report.complete:
                print_proof(differences, len(before.answers))
        if before is not None and report.complete:
            proof.end(index)
    if interrupted():
        raise Refused(
            "Stopped by Ctrl-C. Nothing was changed: it was a dry run."
            if sample is not None
            else f"Stopped by Ctrl-C. What is reported above is committed, as generation {report.generation}. Run the "
            "same command again: it continues with the rest, and tells then what saved searches find."
        )


def _writer(index: str) -> Writer:
    """The writer of an index that is there. Raises IndexLocked, IndexMissing."""
    if backends.identity(index) is None:  # a writer would make another
        raise IndexMissing(f"The index “{index}” has been moved or removed meanwhile. What was committed is in it.")
    return search.writer(index)


def _as_json(
    report: Renewal, touched: Sequence[tuple[Question, Touched]], differences: Sequence[Difference], asked: int
) -> dict[str, object]:
    named = [{"kind": one.kind, "name": one.name, "question": one.text, **value._asdict()} for one, value in touched]
    return {**report.as_json(), "touched": named, "asked": asked, "differences": [asdict(one) for one in differences]}


def _print(report: Renewal, engine: Engine) -> None:
    """Print a report on stderr."""
    would = "would have" if report.dry_run else "have"
    parts = [
        f"{report.renewed:,} {would} other facts",
        f"{report.unchanged:,} the same",
        f"{report.current:,} up to date",
        *([f"{report.passed:,} changed by others meanwhile"] if report.passed else ()),
    ]
    err.print(f"[bold]{counted(report.read, 'article')} looked at[/]: {', '.join(parts)}, in {report.seconds:.1f} s.")
    for name, moves in report.moves.items():
        if not moves.articles:
            continue
        if name not in LISTED:
            err.print(f"  {name}: another one in {counted(moves.articles, 'article')}")
            continue
        rules = engine.authority().names(name)
        most = ", ".join(
            f"{label(name, value, rules)} {proof.signed(Touched(name, value, came, went))}"
            for value, came, went in moves.most(SHOWN)
        )
        counts = f"{moves.came.total():,} added, {moves.went.total():,} removed"
        err.print(f"  {name}: {counts}, in {counted(moves.articles, 'article')}: {escape(most)}")
    if report.untold:
        err.print(
            f"Of {counted(report.untold, 'article')} it cannot be told what was read: they stay as they are, and the "
            "next “dateline index” of their archive reads their files again."
        )
    if report.failed:
        err.print(f"The facts of {counted(report.failed, 'article')} could not be found, and stay as they are:")
    for warning in report.warnings[:SHOWN]:
        err.print(f"  {escape(warning.path)}: {escape(warning.reason)}")


def _print_touched(touched: Sequence[tuple[Question, Touched]], engine: Engine) -> None:
    """Print which saved searches and alerts name values that have moved."""
    for one, value in touched:
        named = label(value.facet, value.value, engine.authority().names(value.facet))
        err.print(escape(f"The {one.kind} “{one.name}” names the {value.facet} “{named}”: {proof.signed(value)}."))
