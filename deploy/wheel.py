"""What hatchling asks when it builds: a wheel with the library of kernels is for one Python on one kind of machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Tag(BuildHookInterface):  # type: ignore[type-arg]
    """Gives a wheel its tag."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before building; `version` is that of the kind of wheel: `standard` or `editable`."""
        if version == "standard" and any(Path(self.root, "search", "jit").glob("_kernels.*")):
            build_data.update(pure_python=False, infer_tag=True)
