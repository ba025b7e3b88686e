"""Applies the corrections of an index to the articles that are in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from indexer.corrections.overlay import applied, as_found
from indexer.corrections.store import Store
from search import dates
from search.engine import Writer


def settle(writer: Writer, folder: str | Path) -> int:
    """Apply the corrections of an index that wait for it, and commit. Returns the number of changed articles."""
    if not Store.is_in(folder):
        return 0
    with Store(folder) as store:
        ids, last = store.pending()
        changed = apply(writer, store, ids)
        if ids:
            writer.commit()
            store.settle(last)
    return changed


def is_due(folder: str | Path) -> bool:
    """True if an index has corrections that are not applied yet."""
    if not Store.is_in(folder):
        return False
    with Store(folder) as store:
        return bool(store.pending()[0])


def apply(writer: Writer, store: Store, ids: Iterable[str]) -> int:
    """Give some articles of an index the facts that their corrections say; the writer commits.

    An article that is not in the index gets them when it is indexed.

    Returns:
        The number of articles that were changed.
    """
    changed = 0
    for article_id in ids:
        before = writer.stored(article_id)
        if before is None:
            continue
        after = applied(as_found(before), store.of(article_id))
        if after != before:
            writer.add(replace(after, changed=dates.now()) if after.title != before.title else after)
            changed += 1
    return changed
