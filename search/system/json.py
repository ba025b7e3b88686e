"""The type of a JSON object, as a parser gives it and a writer takes it: what its values are, only its schema says."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
