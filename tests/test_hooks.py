"""What we take of gunicorn, Jinja and Numba beside their documented interface is there, as docs/decisions.md lists it.

Where one of these fails after an upgrade, the module that is named has to be looked at before the range in
pyproject.toml is widened.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http.parser import Parser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn, ThreadWorker
from jinja2.ext import InternationalizationExtension
from numba import config, njit
from numba.core.caching import FunctionCache
from numba.core.cpu import CPUContext

from service.html.translating import Translation
from service.http.log import Quiet
from service.server.gunicorn_server import Master, Server
from service.server.worker import Worker
from tests.cases import cases
from tests.conftest import ROOT

OVERRIDDEN: dict[type, tuple[type, dict[str, tuple[str, ...]]]] = {
    Worker: (
        ThreadWorker,
        {
            "accept": ("listener",),
            "finish_request": ("conn", "fs"),
            "murder_pending": (),
            "murder_keepalived": ("force",),
            "_keepalive_after": ("conn", "keepalive"),
            "set_accept_enabled": ("enabled",),
            "_cap_keepalive": ("deadline",),
            "handle_error": ("req", "client", "addr", "exc"),
            "handle": ("conn",),
            "handle_request": ("req", "conn"),
            "init_process": (),
        },
    ),
    Master: (Arbiter, {"manage_workers": (), "wait_for_signals": ("timeout",), "stop": ("graceful",)}),
    Server: (BaseApplication, {"load_config": (), "load": (), "run": ()}),
    Quiet: (Logger, {"warning": ("msg", "args", "kwargs"), "exception": ("msg", "args", "kwargs")}),
}
"""Our class → theirs, and which of its methods ours replaces, with what these are called with."""
CALLED: list[tuple[Callable[..., Any], tuple[str, ...]]] = [
    (ThreadWorker.enqueue_req, ("conn",)),
    (ThreadWorker.notify, ()),
    (ThreadWorker.wait_for_and_dispatch_events, ("timeout",)),
    (TConn.__init__, ("cfg", "sock", "client", "server")),
    (TConn.init, ()),
    (TConn.close, ()),
    (Unreader.take_buffered, ()),
    (Unreader.unread, ("data",)),
    (Parser.finish_body, ("deadline",)),
]
CALLED_BACK = ("murder_pending", "murder_keepalived", "_keepalive_after", "finish_request", "_cap_keepalive")
"""Methods that gunicorn's own worker must still call, or ours never runs."""


def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(name.lstrip("_") for name in inspect.signature(function).parameters)[1:]


@cases("own, name", [(own, name) for own, (_, methods) in OVERRIDDEN.items() for name in methods])
def test_gunicorn_has_the_method_that_ours_replaces(own: type, name: str) -> None:
    theirs, methods = OVERRIDDEN[own]

    assert hasattr(theirs, name), (
        f"gunicorn {version('gunicorn')} has no {theirs.__name__}.{name}: see {own.__module__}"
    )
    assert parameters(getattr(theirs, name)) == methods[name] == parameters(getattr(own, name))


@cases("own", OVERRIDDEN)
def test_every_method_that_replaces_one_of_gunicorn_is_listed(own: type) -> None:
    theirs, methods = OVERRIDDEN[own]
    replaced = {name for name, value in vars(own).items() if inspect.isfunction(value) and hasattr(theirs, name)}

    assert replaced - {"__init__"} == set(methods)


@cases("function, wanted", CALLED)
def test_gunicorn_has_what_ours_calls(function: Callable[..., Any], wanted: tuple[str, ...]) -> None:
    assert set(wanted) <= set(parameters(function)), f"gunicorn {version('gunicorn')}: see service.server.worker"


@cases("name", CALLED_BACK)
def test_gunicorn_calls_what_ours_replaces(name: str) -> None:
    assert f"self.{name}" in inspect.getsource(ThreadWorker), (
        f"gunicorn {version('gunicorn')}: see service.server.worker"
    )


def test_a_worker_of_gunicorn_has_the_attributes_that_ours_uses() -> None:
    source = inspect.getsource(ThreadWorker)

    for name in ("_accepting", "nr_conns", "poller", "alive", "sockets"):
        assert f"self.{name}" in source, (
            f"gunicorn {version('gunicorn')} has no Worker.{name}: see service.server.worker"
        )
    assert "data_ready" in inspect.getsource(TConn)


def test_jinja_makes_the_node_of_a_translation_as_ours_does() -> None:
    theirs, ours = InternationalizationExtension._make_node, Translation._make_node

    assert parameters(theirs) == parameters(ours), f"Jinja {version('jinja2')}: see service.html.translating"
    assert "self._make_node(" in inspect.getsource(InternationalizationExtension.parse)


def test_numba_keeps_what_it_compiled_under_a_stamp_that_can_be_set() -> None:
    compiled: Any = njit(cache=True)(_source_of_a_kernel)

    assert hasattr(compiled._cache._cache_file, "_source_stamp"), (
        f"Numba {version('numba')} has no _cache._cache_file._source_stamp: see search.jit.dispatching"
    )


def _source_of_a_kernel(number: int) -> int:
    return number + 1


def test_numba_has_the_rest_of_what_kernels_use() -> None:
    assert hasattr(config, "SLP_VECTORIZE"), f"Numba {version('numba')}: see search.jit.dispatching"


def test_numba_loads_what_it_compiled_as_we_do() -> None:
    steps = ["target_context.refresh()", "self._load_overload(sig, target_context)"]
    source = inspect.getsource(FunctionCache.load_overload)

    assert all(step in source for step in steps), f"Numba {version('numba')}: see search.jit.dispatching"
    assert "rtsys.initialize(self)" in inspect.getsource(CPUContext.load_additional_registries)


@cases(
    "word",
    [
        "_keepalive_after",
        "_cap_keepalive",
        "murder_pending",
        "_make_node",
        "_source_stamp",
        "SLP_VECTORIZE",
        "load_overload",
    ],
)
def test_the_hooks_are_named_in_the_decisions(word: str) -> None:
    assert f"`{word}`" in (ROOT / "docs/decisions.md").read_text("utf-8")
