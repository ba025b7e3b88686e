"""What is marked `soak` runs where it is asked for."""

from tests.reliability.conftest import pytest_collection_modifyitems, pytest_configure

__all__ = ["pytest_collection_modifyitems", "pytest_configure"]
