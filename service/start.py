"""Where the command `dateline` starts: says where compiled kernels are kept, then hands over to `cli`.

Numba reads that from its own variable when it is first imported, so nothing of this project may be imported before.
"""

from __future__ import annotations

import os


def main() -> None:
    """Run the command."""
    if folder := os.environ.get("DATELINE_KERNEL_CACHE", "").strip():
        os.environ["NUMBA_CACHE_DIR"] = folder
    from service import cli  # after the line above, which is why it is not at the top

    cli.main(prog_name="dateline")
