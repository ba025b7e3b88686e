"""A worker of the server: gunicorn's threads, none of which waits for somebody slow.

The thread that accepts reads the head of each request as it comes, from all connections at once, and hands over what is
whole; so a connection that says nothing, or half of a request, holds nobody up. It also waits for the other side to
close, which else would stop it. What still holds one of the threads is a body that is sent slowly by who has a key, and
an answer that is read slowly: `STALLED_S` for each piece.

A request whose questions are expensive (see `lanes`) is handed on to a lane of its own when its head has been parsed;
there it waits without a thread, and is not begun when the other side has gone meanwhile.

Cost: one more look at the socket for each request.
"""

from __future__ import annotations

import math
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ

from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request as HttpRequest
from gunicorn.http.parser import RequestParser
from gunicorn.sock import BaseSocket
from gunicorn.workers.gthread import TConn, ThreadWorker

from service import raw_answers
from service.draining import DRAIN_S
from service.lanes import RETRY_AFTER_S, SLOW_THREADS, SLOW_WAITING
from service.rates import pace_of
from service.raw_answers import HEAD_BYTES, REQUEST_LINE_BYTES

HEAD_S = 10.0
"""How long a request may take to come, but for its body."""
STALLED_S = 20.0
"""How long a thread waits for the next bytes of a body, or until a piece of an answer has been taken."""
WAIT_AT_ONCE = 4096
"""Connections that may wait to be taken in, twice what gunicorn asks for."""
IDLE_S = 5.0
"""How long a connection is kept for another request."""
DRAIN_BODY_S = 0.05
"""How long a body that nobody wanted is awaited, to keep its connection."""
LEAVE_S = 2.0
"""How long the other side may take to close a connection that has ended."""
LEFT_BYTES = 64 * 1024
_LOOK_EVERY_S = 0.25
_END = b"\r\n\r\n"
_PIECE = 64 * 1024


@dataclass(slots=True)
class _Waiting:
    """A connection of which something is awaited: the head of a request, or that it is closed."""

    until: float
    data: bytearray = field(default_factory=bytearray)
    leaves: bool = False


class Worker(ThreadWorker):
    """A worker that waits for all at once, drops nobody when it ends, and refuses in one shape what is no HTTP."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[TConn, _Waiting] = {}
        self._slow: ThreadPoolExecutor
        self._slow_waiting = 0
        self._looked = 0.0

    def init_process(self) -> None:
        """Begin to serve; gunicorn calls it in the process of the worker."""
        self._slow = ThreadPoolExecutor(SLOW_THREADS)
        super().init_process()

    # -- connections -------------------------------------------------------------------------

    def accept(self, listener: BaseSocket) -> None:
        """Take a connection in, if one waits."""
        self._take_in(listener)

    def _take_in(self, listener: BaseSocket) -> bool:
        """Take a connection in, for which nobody works yet; whether one waited."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return False
        self.nr_conns += 1
        self._await(TConn(self.cfg, _Impatient(fileno=client.detach()), address, listener.getsockname()), b"", HEAD_S)
        return True

    def finish_request(self, conn: TConn, fs: Future[object]) -> None:
        """Wait for the next request of a connection, or for its end; gunicorn calls it in the thread that accepts."""
        result = None if fs.cancelled() or fs.exception() is not None else fs.result()
        if isinstance(result, _Later):
            self._enqueue_slow(conn, result.req)
        elif result:
            self._await(conn, conn.parser.unreader.take_buffered(), IDLE_S if self.alive else DRAIN_S)
        else:
            self._leave(conn)

    # -- lanes -------------------------------------------------------------------------------

    def handle(self, conn: TConn) -> object:
        """Answer a request, or give `_Later` where it belongs to the other lane; gunicorn calls it in a thread."""
        try:
            return super().handle(conn)
        except _Later as later:
            return later

    def handle_request(self, req: HttpRequest, conn: TConn) -> object:
        """Answer a request whose head has been parsed."""
        if not isinstance(conn.parser, _Again) and self.app.lanes.slow(req.query or ""):
            raise _Later(req)
        return super().handle_request(req, conn)

    def _enqueue_slow(self, conn: TConn, req: HttpRequest) -> None:
        """Have a request wait for its lane; the thread that accepts does it."""
        if self._slow_waiting >= SLOW_WAITING:
            with suppress(OSError):
                conn.sock.setblocking(False)
                conn.sock.send(raw_answers.problem(HTTPStatus.SERVICE_UNAVAILABLE, RETRY_AFTER_S))
            self._leave(conn)
            return
        self._slow_waiting += 1
        answered = self._slow.submit(self._handle_slow, conn, req)
        answered.add_done_callback(lambda done: self.method_queue.defer(self._finish_slow, conn, done))

    def _handle_slow(self, conn: TConn, req: HttpRequest) -> object:
        if _gone(conn.sock):
            return False
        parser = conn.parser
        conn.parser = _Again(parser, req)
        try:
            return super().handle(conn)
        finally:
            conn.parser = parser

    def _finish_slow(self, conn: TConn, done: Future[object]) -> None:
        self._slow_waiting -= 1
        self.finish_request(conn, done)

    # -- waiting for a request ----------------------------------------------------------------

    def _await(self, conn: TConn, begun: bytes, seconds: float) -> None:
        conn.sock.setblocking(False)
        waiting = self._waiting[conn] = _Waiting(time.monotonic() + seconds, bytearray(begun))
        self.poller.register(conn.sock, EVENT_READ, partial(self._read_head, conn, waiting))
        self._read_head(conn, waiting, conn.sock)

    def _read_head(self, conn: TConn, waiting: _Waiting, _sock: object) -> None:
        """Read what has come, and hand the request over when its head is whole."""
        data = waiting.data
        try:
            piece = conn.sock.recv(_PIECE)
        except BlockingIOError:
            piece = None
        except OSError:
            self._end(conn)
            return
        if piece:
            if not data:
                waiting.until = time.monotonic() + HEAD_S
            data += piece
        if piece == b"" and not data:
            self._end(conn)
        elif piece == b"" or _END in data.lstrip() or _line_is_too_long(data):
            self._forget(conn)
            conn.init()
            conn.data_ready = True
            conn.parser.unreader.unread(bytes(data))
            self.enqueue_req(conn)
        elif len(data) > HEAD_BYTES:
            self._refuse(conn)

    def _refuse(self, conn: TConn) -> None:
        """Answer that the headers are too large."""
        self._forget(conn)
        try:
            conn.sock.send(self._refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, conn.client))
        except OSError:
            self._close(conn)
        else:
            self._leave(conn)

    def _leave(self, conn: TConn) -> None:
        """Say that nothing more comes, and close when the other side has; so it reads all of the answer (RFC 9112)."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            waiting = _Waiting(time.monotonic() + LEAVE_S, leaves=True)
            self.poller.register(conn.sock, EVENT_READ, partial(self._read_rest, conn, waiting))
        except (OSError, ValueError):  # the other side was quicker, or it is closed
            self._close(conn)
        else:
            self._waiting[conn] = waiting

    def _read_rest(self, conn: TConn, waiting: _Waiting, _sock: object) -> None:
        try:
            piece = conn.sock.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        waiting.data += piece
        if not piece or len(waiting.data) > LEFT_BYTES:
            self._end(conn)

    def _forget(self, conn: TConn) -> None:
        del self._waiting[conn]
        self.poller.unregister(conn.sock)

    def _end(self, conn: TConn) -> None:
        self._forget(conn)
        self._close(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Close what has waited too long; gunicorn calls it after each look at its sockets."""
        now = time.monotonic()
        if self.alive and now - self._looked < _LOOK_EVERY_S:
            return
        self._looked = now
        for conn in [conn for conn, waiting in self._waiting.items() if waiting.until <= now]:
            self._end(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close all that wait, where it is forced."""
        for conn in list(self._waiting) if force else ():
            self._end(conn)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Whether a connection can be used again: not where the rest of its body does not come soon, or is malformed.

        The request has been answered, so there is nobody left to tell of what is wrong with it.
        """
        if not keepalive:
            return False
        try:
            return bool(conn.parser.finish_body(deadline=time.monotonic() + DRAIN_BODY_S))
        except ParseException:
            return False

    # -- the end -----------------------------------------------------------------------------

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections or not; when it stops, after those that had begun."""
        if not enabled and self._accepting and not self.alive:
            until = time.monotonic() + DRAIN_S
            while (left := until - time.monotonic()) > 0:
                self.notify()
                self.wait_for_and_dispatch_events(left)
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                for _ in range(WAIT_AT_ONCE):
                    if not self._take_in(listener):
                        break
                listener.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """Wait no longer than that for those who have not begun to ask."""
        for waiting in self._waiting.values():
            if not waiting.data:
                waiting.until = min(waiting.until, deadline)

    # -- refusals ----------------------------------------------------------------------------

    def handle_error(self, req: HttpRequest, client: socket.socket, addr: object, exc: BaseException) -> None:
        """Answer as gunicorn would, with a problem in place of its page.

        A request that could not be read is never a fault of the server.
        """
        malformed = req is None or isinstance(exc, ParseException)
        super().handle_error(req, raw_answers.Rewritten(client, partial(self._rewritten, malformed, addr)), addr, exc)

    def _rewritten(self, malformed: bool, addr: object, page: bytes) -> bytes:
        """A whole answer in place of an error page."""
        status = raw_answers.status_of(page)
        if not malformed:
            return raw_answers.problem(status)
        return self._refusal(status if status < HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus.BAD_REQUEST, addr)

    def _refusal(self, status: HTTPStatus, addr: object) -> bytes:
        """A whole answer to what is no request, which counts as one; 429 to whoever sends too many."""
        pace = pace_of(self.app.settings, str(addr[0]) if isinstance(addr, tuple) else "")
        wait = self.app.rates.wait_s(*pace) if pace is not None else 0.0
        return (
            raw_answers.problem(HTTPStatus.TOO_MANY_REQUESTS, math.ceil(wait)) if wait else raw_answers.problem(status)
        )


class _Later(BaseException):
    """A request that waits in the other lane; gunicorn takes no other exception for its own."""

    def __init__(self, req: HttpRequest) -> None:
        self.req = req


class _Again:
    """A parser that gives a request once more which it has given before."""

    def __init__(self, parser: RequestParser, req: HttpRequest) -> None:
        self._parser = parser
        self._req = req

    def __next__(self) -> HttpRequest:
        return self._req

    def __getattr__(self, name: str) -> object:
        return getattr(self._parser, name)


class _Impatient(socket.socket):
    """A socket that waits for `STALLED_S` where gunicorn would have it wait for ever."""

    def setblocking(self, flag: bool) -> None:
        """Wait, or do not."""
        self.settimeout(STALLED_S if flag else 0.0)


def _gone(sock: socket.socket) -> bool:
    """Whether the other side has closed a connection; the socket does not block afterwards."""
    sock.setblocking(False)
    try:
        return not sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _line_is_too_long(data: bytes | bytearray) -> bool:
    """Whether the first line is longer than one that is read, whatever comes; then it can be refused at once."""
    return len(data) > REQUEST_LINE_BYTES + 2 and b"\r\n" not in data[: REQUEST_LINE_BYTES + 2]
