"""Output for people in a terminal: reports, results, an article, a progress bar."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape as without_markup
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from indexer.report import MOST_SKIPPED, MOST_WARNINGS, Report, Skipped, kind_of
from search.analyses.event import Event
from search.fields import BY_NAME, FACETS
from search.names.vocabulary import vocabulary
from search.snippets.paragraphs import PARAGRAPH
from search.text.tokens import as_typed
from search.values.article import Article
from search.values.results import DateFacet, Results, Snippet, Stats
from service.formats.author_names import by
from service.formats.chart import in_words
from service.terminal import output
from service.terminal.arguments import counted
from service.wording.evidence import Reason, by_facet
from service.wording.printable import printable

LINE_EVERY_S = 60.0
REFRESH_S = 0.1
SHOWN_REASONS = 20
SHOWN_PLACES = 3
LEAST_WIDTH, WHOLE = 20, 10_000
"""Characters of a line of prose at least, and of a line that is not cut."""
_BARS = " ▁▂▃▄▅▆▇█"


def escape(text: str) -> str:
    """Text of an article or a user, which neither the terminal nor its library takes for a command."""
    return without_markup(printable(text))


class _Terminal(Console):
    """A terminal, file or pipe; `:key:` of an id or a text stays as it is written."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(highlight=False, soft_wrap=True, stderr=stderr, emoji=False)
        self.width = max(LEAST_WIDTH, self.width)

    @property
    def page(self) -> int:
        """How many characters a line of prose has."""
        return min(100, self.width)

    def print_table(self, table: Table) -> None:
        """Print a table, cut at the edge of a terminal, and whole into a file or a pipe."""
        width = self.width
        self.width = width if self.is_terminal else WHOLE
        self.print(table)
        self.width = width


class _Answers(_Terminal):
    def on_broken_pipe(self) -> None:
        raise output.PipeClosed


out = _Answers()
err = _Terminal(stderr=True)


@contextmanager
def progress_bar(what: str = "Indexing") -> Iterator[Callable[[int, int, int, int], None]]:
    """A progress bar of the articles read, on stderr; if that is not a terminal, a line per minute."""
    if not sys.stderr.isatty():
        yield _line_a_minute()
        return
    columns = (
        TextColumn(f"[bold]{what}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[words]}"),
        TimeRemainingColumn(),
    )
    began = shown = time.monotonic()
    with Progress(*columns, console=err, transient=True, auto_refresh=False) as progress:  # without its thread
        task = progress.add_task("index", total=1, words="")

        def update(done: int, whole: int, read: int, committed: int) -> None:
            nonlocal shown
            now = time.monotonic()
            if done >= max(1, whole) or now - shown >= REFRESH_S:
                shown = now
                words = _counted(read, committed, now - began)
                progress.update(task, completed=done, total=max(1, whole), words=words, refresh=True)

        yield update


def _counted(read: int, committed: int, seconds: float) -> str:
    return f"{counted(read, 'article')} read, {committed:,} committed, {read / max(0.1, seconds):,.0f} per second"


def _line_a_minute() -> Callable[[int, int, int, int], None]:
    began = shown = time.monotonic()
    first: tuple[int, float] | None = None  # what was done when the first articles were through, and when that was

    def update(done: int, whole: int, read: int, committed: int) -> None:
        nonlocal shown, first
        now = time.monotonic()
        first = first or (done, now)  # before it kernels are compiled, which happens once
        if now - shown >= LINE_EVERY_S:
            shown = now
            further = done - first[0]
            left = f", {_in_words((whole - done) * (now - first[1]) / further)} left" if further else ""
            share = f"{100 * done / whole:.0f} %  " if whole else ""
            err.print(f"{share}{_counted(read, committed, now - began)}{left}")

    return update


def _in_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def print_notice(sentence: str) -> None:
    """Print a sentence on stderr, above a progress bar if one is shown."""
    err.print(sentence)


@contextmanager
def steps(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar of steps on stderr, with the time that is left, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    columns = TextColumn(f"[bold]{what}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(what)
        yield lambda done, steps: progress.update(task, completed=done, total=steps)


def print_report(report: Report, dry_run: bool) -> None:
    """Print the report of an archive on stderr."""
    counted = [(report.added, "added"), (report.updated, "updated"), (report.unchanged, "unchanged")]
    counted += [(n, what) for n, what in ((report.removed, "removed"), (report.embargoed, "embargoed")) if n]
    would = "would be " if dry_run else ""
    parts = ", ".join(f"{number:,} {would if what != 'unchanged' else ''}{what}" for number, what in counted)
    articles = "article" if report.read == 1 else "articles"
    err.print(f"[bold]{report.read:,} {articles} read[/]: {parts}, in {report.seconds:.1f} s.")
    if report.internal_errors:
        err.print(
            f"[bold red]{report.internal_errors:,} internal {'error' if report.internal_errors == 1 else 'errors'}[/]: "
            "Dateline failed on the records below; please report it."
        )
    named: dict[str, list[Skipped]] = {}
    for entry in report.skipped:
        named.setdefault(kind_of(entry.reason), []).append(entry)
    if report.skipped_count:
        err.print(f"{report.skipped_count:,} rejected:")
    for kind, times in list(report.reasons.items())[:SHOWN_REASONS]:
        err.print(f"  {escape(_rejected(kind, times, named.get(kind, [])))}")
    if len(report.reasons) > SHOWN_REASONS or report.skipped_count > len(report.skipped):
        err.print(f"  … and more; --json counts every reason and names the first {MOST_SKIPPED:,} records.")
    for warning in report.warnings[:SHOWN_REASONS]:
        err.print(f"{escape(warning.path)}: {escape(warning.reason)}")
    if report.warning_count > SHOWN_REASONS:
        named_ones = "them" if report.warning_count <= MOST_WARNINGS else f"the first {MOST_WARNINGS:,}"
        err.print(f"  … and {report.warning_count - SHOWN_REASONS:,} more; --json names {named_ones}.")


def _rejected(kind: str, times: int, entries: Sequence[Skipped]) -> str:
    """What is said of rejected records of a kind: where the first are, and the reason.

    Where their reasons differ, in a number or a name, that of the first is said as it is: it may be a command to copy.

    Args:
        times: the number of the records; `entries` are those that are listed.
    """
    if not entries:
        return f"{times:,} like this: {kind}"
    first = entries[0]
    reasons = dict.fromkeys(entry.reason for entry in entries)
    places = dict.fromkeys(f"{e.path}:{e.line}" if e.line else e.path for e in entries)
    if len(reasons) == 1 and (first.reason == kind or times == len(entries)):
        shown = list(places)[:SHOWN_PLACES]
        rest = f" … and {times - len(shown):,} more" if times > len(shown) else ""
        return f"{', '.join(shown)}{rest}: {first.reason}"
    own, *others = list(places)[:SHOWN_PLACES]
    where = f": {', '.join(others)}" if others else ""
    return f"{own}: {first.reason} … and {times - 1:,} more like it{where}"


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[str] = (), undone: Collection[int] = ()
) -> None:
    """Print rows as a table on stdout, or nothing if there are none.

    Args:
        right: headings of columns that are aligned to the right.
        undone: places of rows that are crossed out, from 0.
    """
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in right else "left")
    for place, row in enumerate(rows):
        table.add_row(*map(escape, row), style="strike dim" if place in undone else None)
    if table.row_count:
        out.print_table(table)


def print_results(results: Results, wider: bool = False) -> None:
    """Print hits and facets on stdout, and notes on stderr.

    Args:
        wider: True if less than all words can be required, which is said if there are no hits.
    """
    for note in results.query.notes:
        err.print(f"[yellow]{escape(note)}[/]")
    required = results.query.partial
    if required is not None and required.least < required.of:
        said = f"have all {required.of} search terms, {results.total:,} at least {required.least}"
        err.print(f"{required.complete or 'No'} article{'' if required.complete == 1 else 's'} {said}.")
    width = out.page
    for hit in results.hits:
        article = hit.article
        out.print(f"[bold]{_marked(Snippet(article.heading, hit.title_marks if article.title else ()))}[/]")
        copies = hit.group.size - 1 if hit.group else 0
        more = f"+{copies:,} {'copy' if copies == 1 else 'copies'}" if copies else None
        meta = " · ".join(filter(None, (in_words(article.published), article.source, article.id, more)))
        out.print(f"[dim]{escape(meta)}[/]")
        for snippet in hit.snippets:
            for line in textwrap.wrap(_marked(snippet, plain=not out.is_terminal), width, break_long_words=False):
                out.print(f"  {line}")
        if hit.missing:
            out.print(
                f"  [dim]not in it: {escape(', '.join(as_typed(part, results.query.text) for part in hit.missing))}[/]"
            )
        if hit.scored:
            made = (f"{'+' if one.expansion or one.meaning else ''}{one.term} {one.score:.2f}" for one in hit.scored)
            out.print(f"  [dim]score {hit.score:.2f}: {escape(', '.join(made))}[/]")
        out.print()
    for name, facet in results.facets.items():
        if isinstance(facet, DateFacet):
            _print_dates(facet)
        elif facet.values:
            values = ", ".join(f"{entry.label} {entry.count:,}" for entry in facet.values)
            out.print(f"[bold]{BY_NAME[name].label}[/]: {escape(values)}")
    err.print(f"{results.total:,} article{'' if results.total == 1 else 's'} in {results.took_ms:.0f} ms.")
    if not results.total:
        words = ", ".join(
            f"{'without ' * term.excluded}{as_typed(term.term, results.query.text)} {term.articles:,}"
            for term in results.query.terms
        )
        if words:
            err.print(f"In the whole archive: {escape(words)}.")
        if wider:
            err.print("Articles that have most of the words, not all: --match most.")
        if results.query.partial is not None and results.query.partial.any:
            err.print(f"Articles that have any of the words: {results.query.partial.any:,} by --match any.")
    if results.did_you_mean:
        err.print(f"Did you mean: [bold]{escape(results.did_you_mean)}[/]")


def _print_dates(facet: DateFacet) -> None:
    if not facet.buckets:
        return
    most = max(bucket.count for bucket in facet.buckets)
    bars = "".join(_BARS[-(-bucket.count * (len(_BARS) - 1) // most)] for bucket in facet.buckets)
    first, last = facet.buckets[0].start, facet.buckets[-1].start
    out.print(f"[bold]Date[/], by {facet.interval}: {first} {bars} {last}")


def _marked(snippet: Snippet, plain: bool = False) -> str:
    if plain:
        return escape(snippet.text)
    parts, at = [], 0
    for start, end in snippet.marks:
        parts += [escape(snippet.text[at:start]), "[reverse]", escape(snippet.text[start:end]), "[/reverse]"]
        at = end
    return "".join([*parts, escape(snippet.text[at:])])


def print_article(article: Article) -> None:
    """Print one article on stdout."""
    out.print(f"[bold]{escape(article.heading)}[/]")
    byline = f"by {by(article)}" if article.byline else None
    out.print(f"[dim]{escape(' · '.join(filter(None, (in_words(article.published), article.source, byline))))}[/]\n")
    for paragraph in PARAGRAPH.split(article.text):
        out.print(escape(textwrap.fill(paragraph, out.page)) + "\n")
    for field in FACETS:
        value = getattr(article, field.name)
        values = value if isinstance(value, tuple) else (value,) if value else ()
        if values:
            known = field.vocabulary
            labels = [vocabulary(known).label(v) if known else v for v in values]
            out.print(f"[bold]{field.label}[/]: {escape(', '.join(labels))}")
    for _, _, judged in by_facet(article):
        for entry in judged:
            reasons = "; ".join(map(_reason, entry.reasons))
            label = f"{entry.label}, a main country" if entry.main else entry.label
            words = f"Why {label}: {reasons}" if entry.kind != "text" else label
            out.print(f"[dim]{escape(words)}[/]")


def _reason(reason: Reason) -> str:
    words = f"“{' '.join(reason.text.split())}”, " if reason.text else ""
    return f"{words}{reason.why}{reason.sure and f' ({reason.sure})'}"


def print_event(found: Event) -> None:
    """Print what may belong to the event of an article on stdout, day by day, and what that means on stderr."""
    for member in found.members:
        article = member.article
        copies = member.group.size - 1 if member.group else 0
        more = f"+{copies:,} {'copy' if copies == 1 else 'copies'}" if copies else None
        out.print(f"[bold]{escape(article.heading)}[/]")
        meta = " · ".join(filter(None, (in_words(article.published), article.source, article.id, more)))
        out.print(f"[dim]{escape(meta)}[/]")
        out.print(f"  [dim]in both: {escape(', '.join((*member.person, *member.words)))}[/]")
        out.print()
    if found.day is None:
        err.print("The day of this article is not known, so nothing can be found of its event.")
    else:
        some = f"{len(found.members):,} article{'' if len(found.members) == 1 else 's'}"
        err.print(f"{some} may belong to the same event: a suggestion, which nobody has checked.")


def print_stats(stats: Stats) -> None:
    """Print the statistics of an index on stdout."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    rows = {
        "articles": stats.articles,
        "terms": stats.terms,
        "segments": stats.segments,
        "bytes": stats.bytes,
        "generation": stats.generation,
    }
    for name, value in rows.items():
        table.add_row(name, f"{value:,}")
    for name, value in stats.distinct.items():
        table.add_row(f"distinct values of {name}", f"{value:,}")
    out.print_table(table)
