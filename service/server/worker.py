"""A worker of the server: gunicorn's threads, none of which waits for a slow client.

The accepting thread reads the heads of requests from all connections as they arrive, and passes complete ones on, so an
idle connection or half a request blocks nobody. It also waits for clients to close, which would otherwise block it.
Only two things still occupy a thread: a body sent slowly by a client with a key, and a response that is read slowly, up
to `STALLED_S` for each chunk. What may be long is streamed by threads of its own, of which a caller has a share.

An expensive request, and one for a stream (see `lanes`), is moved to another lane when its head has been parsed; there
it waits without a thread, and is dropped if the client disconnects meanwhile.

A cheap one takes a turn to compute its answer (see `turns`). A connection is left to another worker that has fewer, if
that takes it at once (see `loads`).

Cost: one more check of the socket for each request.
"""

from __future__ import annotations

import errno
import math
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request as HttpRequest
from gunicorn.http.parser import RequestParser
from gunicorn.sock import BaseSocket
from gunicorn.workers.gthread import TConn, ThreadWorker

from search.errors import IndexProblem
from search.meaning import model
from service.http import log
from service.http.callers import client, household
from service.http.lanes import Lane
from service.http.rates import limit_of
from service.server import raw_answers
from service.server.draining import DRAIN_S
from service.server.fair_queue import RETRY_AFTER_S, FairQueue
from service.server.raw_answers import HEAD_BYTES, REQUEST_LINE_BYTES

if TYPE_CHECKING:
    from typing_extensions import Buffer

HEAD_S = 10.0
"""The time limit for receiving a request without its body."""
STALLED_S = 20.0
"""The time limit of a thread for receiving the next bytes of a body, or sending a chunk of a response."""
WAIT_AT_ONCE = 4096
"""Connections that may wait to be accepted, twice gunicorn's number."""
IDLE_S = 5.0
"""How long a connection stays open for another request."""
DRAIN_BODY_S = 0.05
"""How long to wait for the rest of an unread body, so that its connection can be reused."""
LINGER_S = 2.0
"""How long the client may take to close a connection that has ended."""
LINGER_BYTES = 64 * 1024
HEAD_START_S = 0.002
"""How much earlier a worker with fewer connections can accept the next."""
_LOOK_S = 0.001
"""How long until it looks again if it has more than another."""
THREADS: dict[Lane, tuple[int, int]] = {"expensive": (1, 1), "streams": (4, 2), "pictures": (1, 1)}
"""Lane → its threads, and how many of them one caller may have at a time."""
WAITING: dict[Lane, tuple[int, int]] = {"pictures": (128, 512)}
"""Lane → how many requests of one caller may wait, and how many of all, if more than elsewhere.

A page asks for the small pictures of an issue, and a proxy passes them on all at once.
"""
_CHECK_EVERY_S = 0.25
_END = b"\r\n\r\n"
_PIECE = 64 * 1024


@dataclass(slots=True)
class _Waiting:
    """A connection that waits: for the head of a request, or for the client to close it."""

    until: float
    data: bytearray = field(default_factory=bytearray)


class _Queue(NamedTuple):
    """What waits for a lane, and the threads of it."""

    waiting: FairQueue[tuple[TConn, HttpRequest]]
    threads: ThreadPoolExecutor


class Worker(ThreadWorker):
    """A worker that waits for no single client, drops no request when it stops, and answers bad HTTP with problems."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[TConn, _Waiting] = {}
        self._lanes: dict[Lane, _Queue] = {}
        self._checked = 0.0
        self.place: int = self.app.loads.join()

    def init_process(self) -> None:
        """Start serving; gunicorn calls it in the worker process."""
        for lane, (threads, at_work) in THREADS.items():
            queue: FairQueue[tuple[TConn, HttpRequest]] = FairQueue(at_work, *WAITING.get(lane, ()))
            self._lanes[lane] = _Queue(queue, ThreadPoolExecutor(threads, initializer=self._begin_thread))
        try:
            model.chosen()  # now, rather than in the time of the first question
        except IndexProblem as missing:  # a client that needs it is told so
            log.say(str(missing))
        super().init_process()

    # -- connections -------------------------------------------------------------------------

    def accept(self, listener: BaseSocket) -> None:
        """Accept a connection, if one waits, after those workers that have fewer."""
        latest = time.monotonic() + HEAD_START_S
        while self.alive and self.app.loads.is_above_least(self.place) and time.monotonic() < latest:
            time.sleep(_LOOK_S)
        self._accept(listener)

    def _accept(self, listener: BaseSocket) -> bool:
        """Accept a connection without starting work on it. True if one was waiting."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return False
        self.nr_conns += 1
        self.app.loads.tell(self.place, self.nr_conns)
        self._await(TConn(self.cfg, TimedSocket(fileno=client.detach()), address, listener.getsockname()), b"", HEAD_S)
        return True

    def finish_request(self, conn: TConn, fs: Future[object]) -> None:
        """Wait for the next request of a connection, or for its end; gunicorn calls it in the accepting thread."""
        result = None if fs.cancelled() or fs.exception() is not None else fs.result()
        if isinstance(result, _OtherLane):
            self._enqueue(self._lanes[result.lane], conn, result.req)
        elif result:
            self._await(conn, conn.parser.unreader.take_buffered(), IDLE_S if self.alive else DRAIN_S)
        else:
            self._linger(conn)

    # -- lanes -------------------------------------------------------------------------------

    def handle(self, conn: TConn) -> object:
        """Handle a request, or return `_OtherLane` if it belongs to the other lane; gunicorn calls it in a thread."""
        try:
            return super().handle(conn)
        except _OtherLane as other_lane:
            return other_lane

    def handle_request(self, req: HttpRequest, conn: TConn) -> object:
        """Handle a request whose head has been parsed."""
        if not isinstance(conn.parser, _ParsedAgain):
            lane = self.app.lanes.of(unquote(req.path or ""), req.query or "")
            if lane != "cheap":
                raise _OtherLane(lane, req)
        return super().handle_request(req, conn)

    def _enqueue(self, lane: _Queue, conn: TConn, req: HttpRequest) -> None:
        """Queue a request for its lane; runs in the accepting thread."""
        came = lane.waiting.put(self._caller(conn, req), (conn, req))
        if came != "waits":
            status = HTTPStatus.TOO_MANY_REQUESTS if came == "share" else HTTPStatus.SERVICE_UNAVAILABLE
            told = raw_answers.SHARE_TAKEN if came == "share" else ""
            with suppress(OSError):
                conn.sock.setblocking(False)
                conn.sock.send(raw_answers.problem(status, RETRY_AFTER_S, told))
            self._linger(conn)
            return
        lane.threads.submit(self._answer, lane.waiting)

    def _answer(self, waiting: FairQueue[tuple[TConn, HttpRequest]]) -> None:
        """Answer the requests whose turn it is in their lane."""
        while (taken := waiting.take()) is not None:
            caller, (conn, req) = taken
            done: Future[object] = Future()
            try:
                done.set_result(self._handle_again(conn, req))
            except BaseException as error:  # whose connection is closed, as for a cheap one
                done.set_exception(error)
            waiting.done(caller)
            self.method_queue.defer(self.finish_request, conn, done)

    def _begin_thread(self) -> None:
        self.app.turns.stay_out()

    def _handle_again(self, conn: TConn, req: HttpRequest) -> object:
        if _gone(conn.sock):
            return False
        parser = conn.parser
        conn.parser = _ParsedAgain(parser, req)
        try:
            return super().handle(conn)
        finally:
            conn.parser = parser

    def _caller(self, conn: TConn, req: HttpRequest) -> str:
        """Who sends a request, as its address tells."""
        forwarded = ",".join(value for name, value in req.headers if name == "X-FORWARDED-FOR")
        peer = str(conn.client[0]) if isinstance(conn.client, tuple) else ""
        return household(client(forwarded, peer, self.app.settings.in_front))

    # -- waiting for a request ----------------------------------------------------------------

    def _await(self, conn: TConn, begun: bytes, seconds: float) -> None:
        conn.sock.setblocking(False)
        waiting = self._waiting[conn] = _Waiting(time.monotonic() + seconds, bytearray(begun))
        self.poller.register(conn.sock, EVENT_READ, partial(self._read_head, conn, waiting))
        self._read_head(conn, waiting, conn.sock)

    def _read_head(self, conn: TConn, waiting: _Waiting, _sock: object) -> None:
        """Read the available bytes, and pass the request on when its head is complete."""
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
        elif piece == b"" or _END in data.lstrip() or _is_line_too_long(data):
            self._forget(conn)
            conn.init()
            conn.data_ready = True
            conn.parser.unreader.unread(bytes(data))
            self.enqueue_req(conn)
        elif len(data) > HEAD_BYTES:
            self._refuse(conn)

    def _refuse(self, conn: TConn) -> None:
        """Respond that the headers are too large."""
        self._forget(conn)
        try:
            conn.sock.send(self._refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, conn.client))
        except OSError:
            self._close(conn)
        else:
            self._linger(conn)

    def _linger(self, conn: TConn) -> None:
        """Stop sending, and close after the client has, so that it reads the whole response (RFC 9112)."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            waiting = _Waiting(time.monotonic() + LINGER_S)
            self.poller.register(conn.sock, EVENT_READ, partial(self._read_rest, conn, waiting))
        except (OSError, ValueError):  # the client was faster, or it is closed
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
        if not piece or len(waiting.data) > LINGER_BYTES:
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
        """Close connections that have waited too long; gunicorn calls it after each poll of its sockets."""
        if self._accepting:
            self.app.loads.tell(self.place, self.nr_conns)
        now = time.monotonic()
        if self.alive and now - self._checked < _CHECK_EVERY_S:
            return
        self._checked = now
        for conn in [conn for conn, waiting in self._waiting.items() if waiting.until <= now]:
            self._end(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """If forced, close all waiting connections."""
        for conn in list(self._waiting) if force else ():
            self._end(conn)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """True if a connection can be reused; False if the rest of its body is late or malformed.

        The response has been sent, so an error can no longer be reported.
        """
        if not keepalive:
            return False
        try:
            return bool(conn.parser.finish_body(deadline=time.monotonic() + DRAIN_BODY_S))
        except ParseException:
            return False

    # -- the end -----------------------------------------------------------------------------

    def set_accept_enabled(self, enabled: bool) -> None:
        """Start or stop accepting connections; before it stops, it accepts those that have begun."""
        if not enabled and self._accepting and not self.alive:
            until = time.monotonic() + DRAIN_S
            while (left := until - time.monotonic()) > 0:
                self.notify()
                self.wait_for_and_dispatch_events(left)
        super().set_accept_enabled(enabled)
        if enabled:
            self.app.loads.tell(self.place, self.nr_conns)
        else:
            self.app.loads.retire(self.place)
        if not enabled and not self.alive:
            for listener in self.sockets:
                for _ in range(WAIT_AT_ONCE):
                    if not self._accept(listener):
                        break
                listener.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """Limit the wait for connections without a request to this time."""
        for waiting in self._waiting.values():
            if not waiting.data:
                waiting.until = min(waiting.until, deadline)

    # -- refusals ----------------------------------------------------------------------------

    def handle_error(self, req: HttpRequest, client: socket.socket, addr: object, exc: BaseException) -> None:
        """Respond like gunicorn, with a problem instead of its page.

        A request that cannot be read is never a server error.
        """
        malformed = req is None or isinstance(exc, ParseException)
        super().handle_error(req, raw_answers.Rewritten(client, partial(self._rewritten, malformed, addr)), addr, exc)

    def _rewritten(self, malformed: bool, addr: object, page: bytes) -> bytes:
        """A complete response instead of an error page."""
        status = raw_answers.status_of(page)
        if not malformed:
            return raw_answers.problem(status)
        return self._refusal(status if status < HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus.BAD_REQUEST, addr)

    def _refusal(self, status: HTTPStatus, addr: object) -> bytes:
        """A complete response to an invalid request, which counts for the rate; 429 if the client has sent too many."""
        limit = limit_of(self.app.settings, str(addr[0]) if isinstance(addr, tuple) else "")
        wait = self.app.rates.wait_s(*limit) if limit is not None else 0.0
        return (
            raw_answers.problem(HTTPStatus.TOO_MANY_REQUESTS, math.ceil(wait)) if wait else raw_answers.problem(status)
        )


class _OtherLane(BaseException):
    """A request belongs to another lane. Not an Exception, which gunicorn would handle."""

    def __init__(self, lane: Lane, req: HttpRequest) -> None:
        self.lane = lane
        self.req = req


class _ParsedAgain:
    """A parser that returns an already parsed request again."""

    def __init__(self, parser: RequestParser, req: HttpRequest) -> None:
        self._parser = parser
        self._req = req

    def __next__(self) -> HttpRequest:
        return self._req

    def __getattr__(self, name: str) -> object:
        return getattr(self._parser, name)


class TimedSocket(socket.socket):
    """A socket that waits for `STALLED_S` where gunicorn would wait forever."""

    def setblocking(self, flag: bool) -> None:
        """Set blocking, with that time limit."""
        self.settimeout(STALLED_S if flag else 0.0)

    def sendall(self, data: Buffer, flags: int = 0, /) -> None:
        """Send everything. Waits only if the kernel accepts nothing, not until a third of its buffer is free."""
        rest, limit = memoryview(data).cast("B"), self.gettimeout()
        try:
            while rest:
                self.settimeout(0.0)
                try:
                    sent = self.send(rest, flags)
                except BlockingIOError:
                    self.settimeout(limit)
                    sent = self.send(rest, flags)
                rest = rest[sent:]
        except TimeoutError as stalled:  # gunicorn would log it as an error, with a traceback
            raise BrokenPipeError(errno.EPIPE, "A response was not read for too long.") from stalled
        finally:
            self.settimeout(limit)


def _gone(sock: socket.socket) -> bool:
    """True if the client has closed a connection. Leaves the socket non-blocking."""
    sock.setblocking(False)
    try:
        return not sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _is_line_too_long(data: bytes | bytearray) -> bool:
    """True if the request line is already too long, so that the request can be refused before its end."""
    return len(data) > REQUEST_LINE_BYTES + 2 and b"\r\n" not in data[: REQUEST_LINE_BYTES + 2]
