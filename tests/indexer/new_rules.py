"""Newer rules, made up: an article with a zebra in its text has a topic, and no other article has one.

As a program, `python -m tests.indexer.new_rules INDEX`, it renews the facts of an index by them, with a commit after
each article or few, and writes a line after each: for tests that kill it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

import search
from indexer import enrich, renewing
from indexer.renewing import run
from search.values.article import Article, Evidence, changed

TOPIC = "medtop:15000000"
VERSION = str(int(enrich.VERSION) + 1)
Step = Callable[[Article], Article]
_CHAIN = enrich.CHAIN


def topics(article: Article) -> Article:
    """Find the topic of zebras."""
    if "topic" in article.given or "zebra" not in article.text:
        return article
    entry = Evidence(TOPIC, None, None, "", "zebra", 1.0)
    return changed(article, topic=(TOPIC,), evidence={**article.evidence, "topic": (entry,)})


topics.__module__ = "indexer.enrich.topics"


def never(article: Article) -> Article:
    """A step whose rules have not changed."""
    raise AssertionError(f"{article.id} is read by rules that have not changed")


never.__module__ = "indexer.enrich.persons"


def install(patch: pytest.MonkeyPatch, rooms: Collection[str] = ("topics",)) -> None:
    """Have enrichment use the newer rules.

    Args:
        rooms: those whose rules have changed; persons are not looked for again unless they are among them.
    """
    steps: dict[Step, Step] = {enrich.topics.enrich: topics}
    if "persons" not in rooms:
        steps[enrich.persons.enrich] = never
    patch.setattr(enrich, "CHAIN", tuple(steps.get(step, step) for step in _CHAIN))
    patch.setattr(enrich, "VERSION", VERSION)
    patch.setattr(enrich, "CHANGED", {int(VERSION): frozenset(rooms)})


def main(place: Path) -> None:
    """Renew the facts of an index."""
    with pytest.MonkeyPatch.context() as patch:
        install(patch)
        patch.setattr(run, "COMMIT_SECONDS", 0.0)
        patch.setattr(run, "BATCH", 3)
        renewing.renew(place, lambda: search.writer(place), progress=_told)


def _told(*numbers: int) -> None:
    print(*numbers, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
