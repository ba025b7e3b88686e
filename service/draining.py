"""A server that stops: it takes in nobody new, and answers whoever had come.

A listening socket that is closed resets the connections that wait at it, requests and all. So the master first lets no
more begin: a filter at the socket drops what asks for a connection, which who asks repeats a second later, to be
refused then. Workers go on accepting for `DRAIN_S`, in which connections that had begun come through, and close then.

Where there is no such filter, or who serves may not set it, connections go on to begin while workers accept; one that
begins in the very moment in which the last of them closes may be reset.
"""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
from contextlib import suppress

from gunicorn.sock import BaseSocket

DRAIN_S = 0.5
_SO_ATTACH_FILTER = 26
_SYN = 0x02
_FLAGS_AT = 13
"""Where the flags stand in a TCP header."""
_LOAD_BYTE, _JUMP_IF_SET, _RETURN = 0x30, 0x45, 0x06
_PROGRAM = (
    (_LOAD_BYTE, 0, 0, _FLAGS_AT),
    (_JUMP_IF_SET, 0, 1, _SYN),
    (_RETURN, 0, 0, 0),  # dropped
    (_RETURN, 0, 0, 0xFFFFFFFF),  # passed on whole
)
"""A socket filter (classic BPF): code, jump if true, jump if false, operand."""


def let_nobody_in(listener: BaseSocket) -> None:
    """Let no more connections begin at a listening socket of TCP, in whichever process it is open, if that may be."""
    if sys.platform != "linux" or listener.family not in (socket.AF_INET, socket.AF_INET6):
        return
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in _PROGRAM))
    program = struct.pack("@HP", len(_PROGRAM), ctypes.addressof(code))
    with suppress(PermissionError):
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
