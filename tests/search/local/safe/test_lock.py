"""The write lock of an index."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from search.local.safe.lock import WriteLock
from tests.processes import killed_at_the_end

FORKING = """
import os, sys, time
from pathlib import Path
from search.local.safe.lock import WriteLock
lock = WriteLock(Path(sys.argv[1]))
child = os.fork()
if not child:
    print("forked", os.getpid(), flush=True)
    time.sleep(600)
time.sleep(600)
"""


def test_a_fork_does_not_hold_the_lock(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", FORKING, str(tmp_path)], stdout=subprocess.PIPE) as process:
        with killed_at_the_end(process):
            assert process.stdout is not None
            fork = int(process.stdout.readline().split()[1])
        process.wait()
        try:
            WriteLock(tmp_path).release()
        finally:
            os.kill(fork, signal.SIGKILL)
