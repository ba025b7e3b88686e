"""Pages of real sites, a sample of them: none is lost, and text and dates are as good as they were."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from benchmarks import pages
from indexer.readers.shared.record import Origin
from indexer.readers.web import html
from search import Article, BadRecord
from tests.conftest import SHARED

SAMPLE = 60


@pytest.fixture(scope="module", params=[pages.TEXTS, pages.DATES])
def read(request: pytest.FixtureRequest) -> tuple[str, list[pages.Saved], Mapping[str, Article]]:
    """The pages of an evaluation and their articles."""
    data = SHARED / "data" if (SHARED / "data").is_dir() else SHARED
    if not (data / "webpages").is_dir():
        pytest.skip("the evaluation data are not beside the project")
    chosen = pages.saved(data, request.param, SAMPLE)
    found = {}
    for page in chosen:
        try:
            item = html.page(page.data, Origin("saved", page.id, page.id), url=page.gold["url"])
        except BadRecord:
            continue
        assert isinstance(item, Article), f"{page.id}: {item}"
        found[page.id] = item
    return request.param, chosen, found


def test_saved_pages_keep_text_and_dates(read: tuple[str, list[pages.Saved], Mapping[str, Article]]) -> None:
    name, chosen, found = read

    assert len(found) >= 0.95 * SAMPLE
    if name == pages.TEXTS:
        texts = {number: f"{article.title}\n{article.text}" for number, article in found.items()}
        kept, left_out = pages.shares(chosen, texts)
        assert kept >= 0.92
        assert left_out >= 0.87
    else:
        assert pages.dated(chosen, {n: article.published for n, article in found.items()})["exact"] >= 0.88
