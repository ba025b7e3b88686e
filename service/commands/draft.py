"""`dateline draft`: check a text against an index."""

from __future__ import annotations

from pathlib import Path

import click

import search
from service.commands.given import content_of
from service.commands.shared import AS_JSON, INDEX, Refused, write_json
from service.draft import MAX_CHARACTERS, check
from service.draft_resource import as_json as rendered
from service.terminal import print_draft


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
        write_json(rendered(found))
    else:
        print_draft(found)
