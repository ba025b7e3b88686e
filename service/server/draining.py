"""Stop a server without dropping a request: new connections are refused, and existing ones are served.

Closing a listening socket resets the connections in its queue, including their requests. So the master first attaches a
filter to the socket that drops SYN packets; the client retries a second later and is refused. Workers go on accepting
for `DRAIN_S`, in which pending connections complete, and then close.

Without such a filter, or the permission to set it, new connections are accepted until the workers close, and one that
begins at the moment when the last of them closes may be reset (docs/decisions.md).
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
"""The offset of the flags in a TCP header."""
_LOAD_BYTE, _JUMP_IF_SET, _RETURN = 0x30, 0x45, 0x06
_PROGRAM = (
    (_LOAD_BYTE, 0, 0, _FLAGS_AT),
    (_JUMP_IF_SET, 0, 1, _SYN),
    (_RETURN, 0, 0, 0),  # dropped
    (_RETURN, 0, 0, 0xFFFFFFFF),  # passed unchanged
)
"""A socket filter (classic BPF): code, jump if true, jump if false, operand."""


def drop_new_connections(listener: BaseSocket) -> None:
    """Drop new connections to a listening TCP socket, in every process that has it open, if that is permitted."""
    if sys.platform != "linux" or listener.family not in (socket.AF_INET, socket.AF_INET6):
        return
    code = array("B", b"".join(struct.pack("=HBBI", *step) for step in _PROGRAM))
    program = struct.pack("@HP", len(_PROGRAM), code.buffer_info()[0])
    with suppress(PermissionError):
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
