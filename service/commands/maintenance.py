"""`dateline verify`, `snapshot`, `restore` and `copy`: check, back up, restore and copy an index."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click

import search
from desk import restored
from desk.citations import store as citations
from desk.corrections import application
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.searches.store import Searches
from desk.store import elsewhere, where
from indexer.withheld import purge
from indexer.withheld.carried import Carried, Carrying
from search import backends, copying
from search.values.article import Article
from service.commands import side_files
from service.server import backing_up
from service.terminal.arguments import AS_JSON, INDEX, counted, named, write_json
from service.terminal.changing import Changing

COPIED: tuple[type[Lists | Searches | citations.Store], ...] = (Lists, Searches, citations.Store)
"""What is copied as a whole, if the destination has none."""


@click.command()
@INDEX
@AS_JSON
def verify(index: str, as_json: bool) -> None:
    """Read every byte of INDEX and report damage. Exit 0 only if there is none.

    \b
    Example:
      dateline verify news.idx
    """
    found = backends.verify(index, elsewhere.faults(index))
    if as_json:
        write_json({"whole": found.whole, **asdict(found)})
    else:
        for fault in found.faults:
            click.echo(f"{fault.file}: {fault.problem}")
        click.echo(
            f"Generation {found.generation}: {found.articles:,} articles in {found.files} files, {found.bytes:,} bytes."
            + (f" {len(found.left_over)} left-over files, which the next writer removes." if found.left_over else ""),
            err=True,
        )
        click.echo("It is intact." if found.whole else f"It is damaged: {len(found.faults)} faults.", err=True)
    if not found.whole:
        sys.exit(2)


@click.command(cls=Changing)
@INDEX
@click.argument("dest", metavar="DEST", type=click.Path(path_type=Path))
@click.option("--copy", "copied", is_flag=True, help="Copy every byte, even if hard links would do.")
def snapshot(index: str, dest: Path, copied: bool) -> None:
    """Back INDEX up to DEST, while it is written and served.

    On the same disk this creates hard links, which take no extra space at first. Articles that wait in the spool of
    the service are not included. INDEX lists its snapshots, so that a purge reaches them; the command says if INDEX
    cannot be written, and so does not list this one.

    \b
    Example:
      dateline snapshot news.idx backup/monday
    """
    made = backing_up.make(index, dest, copied)
    click.echo(f"Generation {made.generation} is at {dest}.", err=True)
    if made.unlisted is not None:
        click.echo(
            f"It is not listed in {index}, so dateline delete {index} ID --purge will not reach it: erase from it with "
            f"dateline delete {dest} ID --purge. {made.unlisted}",
            err=True,
        )


@click.command(cls=Changing)
@click.argument("source", metavar="SRC", type=click.Path(path_type=Path))
@INDEX
@click.option("--replace", "replacing", is_flag=True, help="Replace the existing index.")
def restore(source: Path, index: str, replacing: bool) -> None:
    """Restore INDEX from the backup SRC, after checking every byte of it.

    With --replace, takedowns since the backup stay in force: the keys of INDEX remain, and articles that it has blocked
    or that were withdrawn are omitted. At a new path none of this is known.

    \b
    Example:
      dateline restore backup/monday news.idx --replace
    """
    there = replacing and Path(index).is_dir()
    if not there:
        restored.prepare(source, Path(index))
    done = backends.restore(source, index, side_files.RULES if replacing else None, purge.forget)
    if not there:
        restored.settle(source, Path(index))
    if done.retained:
        removed = f" {counted(done.removed, 'article')} omitted." if done.removed else ""
        click.echo(f"{', '.join(done.retained)} retained.{removed}", err=True)
    generation = _corrected(Path(index)) if Store.is_in(index) else done.generation
    click.echo(f"Generation {generation} is at {index}.", err=True)


def _corrected(folder: Path) -> int:
    """Apply the corrections of an index to articles that do not have them. Returns the generation."""
    with Store(folder) as store, search.writer(folder) as writer:
        application.apply(writer, store, store.articles())
        return writer.commit()


@click.command(cls=Changing, of="dest")
@click.argument("source", metavar="SRC")
@click.argument("dest", metavar="DEST")
@click.option(
    "--replace", "replacing", is_flag=True, help="Fill a second index in DEST's cluster, then replace DEST with it."
)
def copy(source: str, dest: str, replacing: bool) -> None:
    """Copy every article of the index SRC into the index DEST, creating DEST if it does not exist.

    Articles are copied as they were added, unless DEST has a higher version. What either index blocks, or a publisher
    has withdrawn from either, is not copied, is removed from DEST, and does not come back; articles under embargo wait
    in DEST. SRC is not written to. Pictures are copied if both are directories. Decisions about names and corrections
    are copied too: of two about the same the later one counts. Lists, saved searches and citations are copied if DEST
    has none. Nothing is copied of what people have said about an article that DEST blocks. Indexing the same archive
    into DEST later reads all of it once: articles are found unchanged, or updated where several records have the same
    id. With --replace, DEST, an index in a cluster, is served unchanged until the copy is complete and then replaced by
    it; articles indexed into DEST meanwhile are lost.

    \b
    Example:
      dateline copy news.idx other.idx
    """
    erased = application.blocked(dest)
    withheld = Carrying(source, dest)
    has_own = where.of(source) != where.of(dest)
    with application.copying(source, dest, erased) if has_own else nullcontext(_as_it_is) as corrected:
        copied = copying.copy(source, dest, replacing, corrected, withheld.keeps_out)
    carried = withheld.finish()
    click.echo(f"{counted(copied.articles, 'article')} copied to {dest}.", err=True)
    for sentence in _withheld(source, dest, copied.blocked, carried):
        click.echo(sentence, err=True)
    if not has_own:
        click.echo(
            f"Nothing of the desk is copied: {where.SETTING} names that of {source}, and {dest} has to have its own.",
            err=True,
        )
    for kind in COPIED if has_own else ():
        if kind.is_in(source):
            with kind(source) as theirs, kind(dest) as ours:
                if not theirs.some:
                    continue
                if ours.some:
                    click.echo(f"{dest} has {kind.WHAT} of its own: none is copied.", err=True)
                    continue
                ours.copy_from(theirs)
                if erased:
                    ours.erase(erased)
            click.echo(f"{kind.WHAT.capitalize()} copied.", err=True)


def _as_it_is(article: Article) -> Article:
    return article


def _withheld(source: str, dest: str, blocked: Sequence[str], carried: Carried) -> Iterator[str]:
    """What a copy has removed, and what waits in it, in sentences."""
    if blocked:
        yield f"Blocked in {source}, and so from now on in {dest}, too: {named(blocked)}."
    if carried.removed:
        yield f"Withdrawn by their publishers, and so removed from {dest}: {named(carried.removed)}."
    if carried.embargoed:
        yield f"{counted(carried.embargoed, 'article')} under embargo will be added to {dest} after that."
    if carried.lost:
        yield (
            f"{counted(carried.lost, 'article')} under embargo not copied, since an index in a cluster keeps none. "
            "Index their files there after that."
        )
