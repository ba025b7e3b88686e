"""The entry point of the command `dateline`: sets the cache of compiled kernels, then calls `cli`.

Numba reads its variable for that when it is first imported, so nothing of this project may be imported before.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command."""
    if folder := os.environ.get("DATELINE_KERNEL_CACHE", "").strip():
        os.environ["NUMBA_CACHE_DIR"] = folder
    gc.disable()  # imported modules are not garbage; scanning them again and again takes a fifth of the time
    try:
        import dateline  # noqa: F401 - first, since it looks if `search` is ours
        from service import cli  # after the cache is set, so not at the top
    except Exception as error:  # importing what would name its type may fail as well
        if type(error).__module__ not in ("search.errors", "dateline.distributions"):
            raise
        print(f"Error: {error}", file=sys.stderr)
        raise SystemExit(2) from None

    gc.freeze()
    gc.enable()
    cli.main(prog_name="dateline")
