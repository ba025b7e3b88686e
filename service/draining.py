"""Stop a server without dropping a request: no connection begins any more, and those that had begun are answered.

Closing a listening socket resets the connections that wait at it, requests and all. So the master first sets a filter
at the socket, which drops what asks for a connection; the client asks again a second later, and is refused then.
Workers go on accepting for `DRAIN_S`, in which connections that had begun come through, and then close.

If the system has no such filter, or the user may not set it, connections go on to begin while workers accept, and one
that begins at the very moment in which the last of them closes may be reset (docs/decisions.md).
"""

from __future__ import annotations

import socket
import struct
import sys
from array import array
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


def drop_new_connections(listener: BaseSocket) -> None:
    """Let no more connections begin at a listening socket of TCP, in whichever process it is open, if that may be."""
    if sys.platform != "linux" or listener.family not in (socket.AF_INET, socket.AF_INET6):
        return
    code = array("B", b"".join(struct.pack("=HBBI", *step) for step in _PROGRAM))
    program = struct.pack("@HP", len(_PROGRAM), code.buffer_info()[0])
    with suppress(PermissionError):
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
