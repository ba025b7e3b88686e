"""The engines' contract on a cluster: the cases that ask, each an archive of its own."""

from __future__ import annotations

import pytest

from tests.opensearch import cases
from tests.opensearch.test_contract_writing import backend
from tests.search.contract.conftest import copied, engine

__all__ = ["backend", "copied", "engine"]

pytestmark = pytest.mark.check  # those that share an archive ask as much in `make test`
globals().update(cases.asking_for(cases.ASKING, "backend"))
