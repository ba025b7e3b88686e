"""`dateline draft`: check a text against an index."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

import search
from service.api.draft import Draft, check
from service.api.draft_resource import as_answer
from service.formats.chart import in_words
from service.terminal.arguments import AS_JSON, INDEX, Refused, counted, write_json
from service.terminal.given import content_of
from service.terminal.printing import escape, out
from service.values.article_values import MAX_CHARACTERS


@click.command()
@INDEX
@click.argument("file", type=click.Path(readable=False, allow_dash=True, path_type=Path))
@AS_JSON
def draft(index: str, file: Path, as_json: bool) -> None:
    """Show what INDEX knows about the text in FILE (- for stdin); nothing of it is stored.

    Its persons, countries, topics and dates with their articles, and earlier articles that share passages.

    \b
    Example:
      dateline draft news.idx seeds/1945-1969/beatles-sullivan.txt
    """
    data = content_of(file, 4 * MAX_CHARACTERS + 1)
    if len(data) > 4 * MAX_CHARACTERS:
        raise Refused(f"{file} has more than {MAX_CHARACTERS:,} characters, the maximum. Give a part of it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{file} is not UTF-8 text: see byte {error.start + 1:,}. Save it as UTF-8.") from None
    if "\0" in text:
        raise Refused(f"{file} is not text: it has bytes of value 0. Give a text file.")
    if not text.strip():
        raise Refused(f"{file} is empty. Give a file with a text.")
    if len(text) > MAX_CHARACTERS:
        raise Refused(f"{file} has {len(text):,} characters; the maximum is {MAX_CHARACTERS:,}. Give a part of it.")
    with search.open(index) as engine:
        found = check(engine, text)
    if as_json:
        write_json(as_answer(found))
    else:
        _print(found)


def _print(found: Draft) -> None:
    """The values of a draft with their articles, and the passages it shares with earlier ones."""
    table = Table("In the draft", "", "Articles", "First", "Last", box=None, header_style="bold", pad_edge=False)
    for field in ("person", "country", "topic", "date"):
        for one in found.of(field):
            ends = (in_words(end.published) if end is not None else "" for end in (one.first, one.last))
            table.add_row(escape(one.label), field, "blocked" if one.blocked else f"{one.count:,}", *ends)
    if table.row_count:
        out.print_table(table)
    for one in found.known:
        if one.meant is not None:
            offered = f"{one.meant.name}, {counted(one.meant.count, 'article')}"
            out.print(escape(f"No article has {one.label}. Did you mean {offered}?"))
    for earlier in found.earlier:
        article = earlier.article
        words = sum(passage.words for passage in earlier.passages)
        out.print(
            f"\n[bold]{escape(article.heading)}[/bold]  {in_words(article.published)}  {escape(article.id)}"
            f"\n{earlier.share:.0%} of the draft, {counted(words, 'word')}:"
        )
        for passage in earlier.passages:
            out.print(f"  {escape(article.text[passage.other_start : passage.other_end])}")
