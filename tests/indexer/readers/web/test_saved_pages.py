"""Pages of real sites, a sample of them: none is lost, and text and dates are as good as they were."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks import pages
from indexer.readers.shared.record import Origin
from indexer.readers.web import html
from search import Article, BadRecord
from tests.conftest import SHARED


def read(kind: str, count: int) -> tuple[list[pages.Saved], dict[str, Article]]:
    """So many pages of an evaluation and their articles."""
    data = SHARED / "data" if (SHARED / "data").is_dir() else SHARED
    if not (data / "webpages").is_dir():
        pytest.skip("the evaluation data are not beside the project")
    chosen = pages.saved(data, kind, count)
    found = {}
    for page in chosen:
        try:
            item = html.page(page.data, Origin("saved", page.id, page.id), url=page.gold["url"])
        except BadRecord:
            continue
        assert isinstance(item, Article), f"{page.id}: {item}"
        found[page.id] = item
    assert len(found) >= 0.95 * count
    return chosen, found


def test_saved_pages_keep_their_texts(amount: Callable[..., int]) -> None:
    chosen, found = read(pages.TEXTS, amount(60, few=20))

    kept, left_out = pages.shares(chosen, {number: f"{one.title}\n{one.text}" for number, one in found.items()})
    assert kept >= 0.92
    assert left_out >= 0.87


@pytest.mark.check
def test_saved_pages_keep_their_dates() -> None:
    chosen, found = read(pages.DATES, 60)

    assert pages.dated(chosen, {number: one.published for number, one in found.items()})["exact"] >= 0.88
