from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests import waiting
from tests.processes import (
    alive,
    catches,
    children,
    cpu,
    family,
    has_read,
    has_taken,
    killed_at_the_end,
    until_idle,
    wants_cpu,
)


def test_a_process_is_alive_until_it_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert alive(process.pid)
        assert process.pid in children(os.getpid())
        process.kill()
        waiting.until(lambda: not alive(process.pid), "it has ended")


def test_a_process_that_waits_for_input_is_idle_and_has_worked() -> None:
    command = [sys.executable, "-c", "from tests import waiting; waiting.work(0.3); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        until_idle([process.pid])
        assert cpu(process.pid) >= 0.3
        assert alive(process.pid)
        process.kill()


def test_a_family_is_all_that_was_started_and_works_if_one_of_it_does() -> None:
    inner = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer]) as process, killed_at_the_end(process):
        waiting.until(lambda: len(family(process.pid)) == 2 and cpu(family(process.pid)[1]) > 0.1, "both have started")
        first, second = family(process.pid)
        waiting.until(lambda: not wants_cpu(first), "the first waits for the second")
        assert first == process.pid
        assert wants_cpu(second)
        os.kill(second, signal.SIGKILL)
        process.wait(timeout=waiting.HANG_S)
    assert family(first) == [first]
    assert not wants_cpu(first)


def test_a_signal_is_pending_while_a_process_is_stopped() -> None:
    handled = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); input()"  # not if inherited
    command = [sys.executable, "-c", handled]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process, killed_at_the_end(process):
        waiting.until(lambda: catches(process.pid, signal.SIGINT), "Python has started")
        process.send_signal(signal.SIGSTOP)
        waiting.until(lambda: not runs(process.pid), "it is stopped")
        process.send_signal(signal.SIGINT)
        assert not has_taken(process.pid, signal.SIGINT)


def runs(pid: int) -> bool:
    return "T (stopped)" not in Path(f"/proc/{pid}/status").read_text("ascii")


def test_what_was_sent_is_read_when_the_other_side_took_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as here:
        there, _ = server.accept()
        with there:
            here.sendall(b"abc")
            assert not has_read(here)
            there.recv(10)
            waiting.until(lambda: has_read(here), "this side knows that it was read")
