"""Applies the corrections of an index to the articles that are in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import search
from desk.corrections.overlay import applied, as_found
from desk.corrections.store import Store
from search.engine import Writer
from search.errors import IndexMissing
from search.text import dates
from search.values.article import Article

_ROUNDS = 20


def settle(writer: Writer, place: str | Path, since: str | None = None) -> int:
    """Apply the corrections of an index that wait for it, and commit. Returns the number of changed articles.

    Others may write to an index in a cluster at the same time. So what was applied is looked at again, until it is
    there: the last one to write sees every correction.

    Args:
        since: apply those that were made or undone at this time or later too, which others may have applied before.
    """
    if not Store.is_in(place):
        return 0
    with Store(place) as store, store.snapshot():
        ids, waiting = store.pending()
        if since is not None:
            ids = list(dict.fromkeys([*ids, *store.since(since)]))
    if not ids:
        return 0
    changed = 0
    for _ in range(_ROUNDS):
        with Store(place) as store:
            more = apply(writer, store, ids)
        writer.commit()
        changed += more
        if not more:
            break
    else:  # others write the same articles all the time: later
        return changed
    if waiting:
        with Store(place) as store:
            store.settle(waiting)
    return changed


def is_due(place: str | Path) -> bool:
    """True if an index has corrections that are not applied yet."""
    if not Store.is_in(place):
        return False
    with Store(place) as store:
        return bool(store.pending()[0])


def blocked(place: str) -> frozenset[str]:
    """The ids that an index blocks, if there is one."""
    try:
        with search.open(place) as engine:
            return engine.removals().blocked
    except IndexMissing:
        return frozenset()


@contextmanager
def copying(source: str, place: str, erased: Collection[str]) -> Iterator[Callable[[Article], Article]]:
    """Have articles that are copied from one index to another get the corrections of both.

    Args:
        erased: the articles whose corrections are not copied.

    Yields what makes the article to write of one that was read. When all are written, what others have corrected
    meanwhile is applied, and an index without corrections gets those of the source, which its articles have already.
    """
    began = dates.now()
    if not Store.is_in(place):
        yield lambda article: article
    else:
        with ExitStack() as opened:
            store = opened.enter_context(Store(place))
            other = opened.enter_context(Store(source)) if Store.is_in(source) else None
            ours = store.articles()

            def corrected(article: Article) -> Article:
                if article.id not in ours:
                    return article
                theirs = other.listed(article.id) if other is not None else ()
                return applied(as_found(article), store.merged(article.id, theirs))

            yield corrected
    if Store.is_in(source):
        with Store(source) as other, Store(place) as store:
            store.merge(each for each in other.listed() if each.article not in erased)
    if Store.is_in(place):
        with search.writer(place) as writer:
            settle(writer, place, since=began)


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
            is_new = (after.title, after.text) != (before.title, before.text)
            writer.add(replace(after, changed=dates.now()) if is_new else after)
            changed += 1
    return changed
