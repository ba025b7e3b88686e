"""Which articles are on which pictures, in the ledger, so that no picture outlives what is printed on it.

A picture is stored while an article of the index is on it. A row says so before the article is committed, and stays
when the article is removed, as long as the picture does: an article that is erased later takes the picture with it,
and with that the other articles of its page lose theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from indexer.ledger import Ledger
from search.files import pictures
from search.files.erasing import Watched
from search.system import disk
from search.values.article import Article


def names_of(article: Article) -> tuple[str, ...]:
    """The pictures that an article is on."""
    return tuple(page.picture for page in article.scan if page.picture)


def show(ledger: Ledger, article_id: str, names: Iterable[str]) -> None:
    """Note the pictures that an article is on from now on."""
    hide(ledger, article_id)
    rows = [(article_id, name) for name in names]
    if rows:
        ledger.execute_many("INSERT OR REPLACE INTO pictures VALUES (?, ?, 1)", rows)


def hide(ledger: Ledger, article_id: str) -> bool:
    """Note that an article is on no picture any more. Returns True if it was on one."""
    return ledger.execute("UPDATE pictures SET live = 0 WHERE id = ? AND live", (article_id,)).rowcount > 0


def rebuild(ledger: Ledger, folder: Path | None, articles: Callable[[], Iterable[Article]]) -> None:
    """Note the pictures of the articles of an index again, after the ledger was lost."""
    if folder is not None and pictures.names(folder):
        for article in articles():
            if article.scan:
                show(ledger, article.id, names_of(article))


def tidy(ledger: Ledger, folder: Path | None, stored: Callable[[str], Article | None]) -> None:
    """Remove the pictures that no article is on, and what interrupted processes left; durably.

    The ledger must be committed, and nobody else may be writing to the index.

    Args:
        stored: returns the article of the index with an id. An article that was to be removed may still be there.
    """
    if folder is None or not (folder / pictures.FOLDER).is_dir():
        return
    for path in pictures.left_over(folder):
        disk.remove(path)
    live = {name for (name,) in ledger.execute("SELECT DISTINCT picture FROM pictures WHERE live")}
    unused = []
    for name in pictures.names(folder):
        if name not in live:
            ids = [one for (one,) in ledger.execute("SELECT id FROM pictures WHERE picture = ?", (name,))]
            still = [one for one in ids if (article := stored(one)) is not None and name in names_of(article)]
            ledger.execute_many(
                "UPDATE pictures SET live = 1 WHERE id = ?1 AND picture = ?2", [(i, name) for i in still]
            )
            unused += [name] if not still else []
    pictures.remove(folder, unused)
    ledger.execute_many("DELETE FROM pictures WHERE picture = ?", [(name,) for name in unused])
    ledger.commit()


def erase(ledger: Ledger, folder: Path, ids: Collection[str], blocked: Collection[str]) -> Watched:
    """Erase every picture that one of some articles is or was on; those of blocked ones are not stored again.

    Returns:
        The erased files, some of which may have other names.
    """
    found = [
        (article_id, name)
        for article_id in ids
        for (name,) in ledger.execute("SELECT picture FROM pictures WHERE id = ?", (article_id,)).fetchall()
    ]
    paths = {pictures.path_of(folder, name) for _, name in found}
    watched = Watched(path for path in paths if path.is_file())
    for article_id, name in found:
        pictures.erase(folder, name, article_id if article_id in blocked else "")
        ledger.execute("DELETE FROM pictures WHERE picture = ?", (name,))
    return watched
