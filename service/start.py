"""Where the command `dateline` starts: says where compiled kernels are kept, then hands over to `cli`.

Numba reads that from its own variable when it is first imported, so nothing of this project may be imported before.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command."""
    if folder := os.environ.get("DATELINE_KERNEL_CACHE", "").strip():
        os.environ["NUMBA_CACHE_DIR"] = folder
    gc.disable()  # what is imported is no garbage; looking through it, again and again, takes a fifth of the time
    try:
        import dateline  # noqa: F401 - first, since it looks if `search` is ours
        from service import cli  # after the cache was named, which is why it is not at the top
    except Exception as error:
        if type(error).__module__ not in ("search.errors", "dateline.distributions"):  # importing them may fail as well
            raise
        print(f"Error: {error}", file=sys.stderr)
        raise SystemExit(2) from None

    gc.freeze()
    gc.enable()
    cli.main(prog_name="dateline")
