"""What hatchling asks when it builds: a wheel with the library of kernels is for one Python on one kind of machine, and
needs no compiler.
"""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Tag(BuildHookInterface):  # type: ignore[type-arg]
    """Gives a wheel its tag, and Numba as a dependency where it has no library."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before building; `version` is that of the kind of wheel: `standard` or `editable`, which has what its
        folder has, now a library and now none: whoever makes the one (`kernels.py`) sees to the other.

        Raises:
            ValueError: if the library is of other sources than those that the wheel would have.
        """
        libraries = sorted(Path(self.root, "search", "jit").glob("_kernels.*"))
        if libraries and version == "standard":
            sources = run_path(str(Path(self.root, "search", "jit", "sources.py")))  # imports nothing of Dateline
            for library in libraries:
                if outdated := sources["outdated"](library):
                    raise ValueError(f"{library} is not of these sources ({', '.join(outdated)}). Run: make kernels")
            build_data.update(pure_python=False, infer_tag=True)
        if not libraries and version == "standard":
            build_data["dependencies"] += self.metadata.core.optional_dependencies["numba"]
