"""What the values of lists, searches and alerts are made of."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from desk.named import MAX_NAME
from service.values.shared_values import at_most

Name: TypeAlias = Annotated[str, at_most(MAX_NAME)]
"""Of what somebody stores."""
