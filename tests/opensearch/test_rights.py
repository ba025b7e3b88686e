"""Rights on a cluster: what is asked of an index in a directory, asked of a node. No route tells of what is hidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.opensearch import cases
from tests.opensearch.conftest import Remote
from tests.service.desk.rights import test_rights
from tests.service.desk.rights.test_rights import WHO, Reading, addresses, paired, reading

__all__ = ["paired", "reading"]

pytestmark = pytest.mark.check  # that a node is asked for what may be seen is in `make test`: test_same_answers

globals().update(cases.asking_for([test_rights], "reading", "paired"))
# a cluster takes no articles over the API
del globals()["test_a_job_tells_nothing_of_the_hidden_article_with_its_id"]
del globals()["test_who_replaces_a_hidden_article_is_not_told_when_it_was_added"]


@pytest.fixture(scope="module")
def place(make_remote: Callable[[], Remote]) -> str:
    return make_remote().place


@pytest.fixture(scope="module")
def pairs_place(make_remote: Callable[[], Remote]) -> str:
    return make_remote().place


@pytest.fixture(scope="module")
def every(reading: Reading) -> dict[str, list[str]]:
    """A third of the addresses, each route in another third of its ways."""
    return {who: list(addresses(reading, who))[::3] for who in WHO}
