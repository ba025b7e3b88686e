"""The C code of the library: of each kernel a function for Python, that takes the types it was compiled for.

A function goes through the kernel's types and calls the code for the first that its arguments have, exactly as Numba
distinguishes them: an array by its type, dimensions and order, a number by its class. For others it calls what it was
bound to with the same arguments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from numba import types

_NUMBERS = {types.int64: "int64", types.uint64: "uint64", types.uint32: "uint32", types.float64: "float64",
            types.boolean: "bool"}  # fmt: skip
"""What is passed, and the function `is_…` that reads it."""
_C = {"int64": "int64_t", "uint64": "uint64_t", "uint32": "uint32_t", "float64": "double", "bool": "uint8_t"}
_BOXED = {
    "int64": "PyLong_FromLongLong",
    "uint64": "PyLong_FromUnsignedLongLong",
    "uint32": "PyLong_FromUnsignedLong",
    "float64": "PyFloat_FromDouble",
    "bool": "PyBool_FromLong",
}


class Compiled(NamedTuple):
    """A kernel for some types.

    Attributes:
        symbol: the name of its code.
        takes, returns: Numba's types.
    """

    symbol: str
    takes: Sequence[Any]
    returns: Any


def can_wrap(compiled: Compiled) -> bool:
    """True if a wrapper can be written for these types: not for numbers that are constants, between kernels only."""
    return all(map(_known, compiled.takes)) and (compiled.returns == types.none or _known(compiled.returns))


def _known(kind: Any) -> bool:
    if isinstance(kind, types.BaseTuple):
        return all(map(_known, kind))
    if isinstance(kind, types.Array):
        return bool(kind.layout == "C" and kind.aligned and 1 <= kind.ndim <= 3)
    return kind in _NUMBERS


def source(kernels: Mapping[str, Sequence[Compiled]], stamps: Sequence[str], needs: Sequence[str]) -> str:
    """The C source of the library.

    Args:
        kernels: by their full names.
        stamps: of what they are made of (`sources.named`).
        needs: instructions of x86-64 beyond the first ones, as C compilers name them.
    """
    names = sorted(kernels)
    lines = ['#include "kernels.h"']
    for number, name in enumerate(names):
        lines += _kernel(number, kernels[name])
    lines += ["static PyMethodDef functions[] = {"]
    for number, name in enumerate(names):
        call = f"(PyCFunction)(void (*)(void))kernel_{number}"
        lines.append(f'    {{"{name}", {call}, METH_FASTCALL | METH_KEYWORDS, NULL}},')
    lines += ["    {NULL, NULL, 0, NULL}};", "static const char *const stamps[] = {"]
    lines += [f'    "{stamp}",' for stamp in stamps]
    lines += ["    NULL};", "static int supported(void)", "{"]
    lines += [f'    if (!__builtin_cpu_supports("{need}")) return 0;' for need in needs]
    return "\n".join([*lines, "    return 1;", "}", '#include "module.h"', ""])


def _kernel(number: int, compiled: Sequence[Compiled]) -> Iterator[str]:
    for one in compiled:
        given = ", ".join(["void *", "void *", *(text for kind in one.takes for text in _declared(kind))])
        yield f"int {one.symbol}({given});"
    yield (
        f"static PyObject *kernel_{number}"
        "(PyObject *otherwise, PyObject *const *given, Py_ssize_t count, PyObject *names)"
    )
    yield "{"
    for one in compiled:
        yield from _case(one)
    yield "    return PyObject_Vectorcall(otherwise, given, count, names);"
    yield "}"


def _case(compiled: Compiled) -> Iterator[str]:
    """Calls a kernel if arguments are of its types."""
    numbers = count()
    tests, variables, passed = [], list[str](), list[str]()
    for at, kind in enumerate(compiled.takes):
        for test, variable, value in _taken(kind, f"given[{at}]", numbers):
            tests.append(test)
            variables += [variable] if variable else []
            passed += [value] if value else []
    yield "    if (!names) {"
    yield from (f"        {variable};" for variable in variables)
    yield f"        if ({' && '.join([f'count == {len(compiled.takes)}', *tests])}) {{"
    nothing = compiled.returns == types.none
    yield f"            {'void *' if nothing else _result(compiled.returns)} result;"
    yield "            void *problem;"
    yield "            int status;"
    yield "            Py_BEGIN_ALLOW_THREADS"
    yield f"            status = {compiled.symbol}({', '.join(['&result', '&problem', *passed])});"
    yield "            Py_END_ALLOW_THREADS"
    yield "            if (status) return failed(problem);"
    yield "            Py_RETURN_NONE;" if nothing else f"            return {_boxed(compiled.returns, 'result')};"
    yield "        }"
    yield "    }"


def _declared(kind: Any) -> Iterator[str]:
    """The C types that a value is passed as."""
    if isinstance(kind, types.BaseTuple):
        for one in kind:
            yield from _declared(one)
    elif isinstance(kind, types.Array):
        yield f"OF_ARRAY_{kind.ndim}"
    else:
        yield _C[_NUMBERS[kind]]


def _taken(kind: Any, given: str, numbers: Iterator[int]) -> Iterator[tuple[str, str, str]]:
    """What must be true of a value, the variable that it needs for that, and what is passed, if anything."""
    if isinstance(kind, types.BaseTuple):
        yield f"is_tuple({given}, {len(kind)})", "", ""
        for at, one in enumerate(kind):
            yield from _taken(one, f"PyTuple_GET_ITEM({given}, {at})", numbers)
    elif isinstance(kind, types.Array):
        flags = "WRITES" if kind.mutable else "READS"
        yield f"is_array({given}, {_type(kind)}, {kind.ndim}, {flags})", "", f"ARRAY_{kind.ndim}({given})"
    else:
        name, variable = _NUMBERS[kind], f"v{next(numbers)}"
        yield f"is_{name}({given}, &{variable})", f"{_C[name]} {variable}", variable


def _result(kind: Any) -> str:
    """The C type of what is returned."""
    if isinstance(kind, types.BaseTuple):
        return f"struct {{ {' '.join(f'{_result(one)} f{at};' for at, one in enumerate(kind))} }}"
    return f"array_{kind.ndim}" if isinstance(kind, types.Array) else _C[_NUMBERS[kind]]


def _boxed(kind: Any, value: str) -> str:
    """What Python is given of it."""
    if isinstance(kind, types.BaseTuple):
        parts = (_boxed(one, f"{value}.f{at}") for at, one in enumerate(kind))
        units, listed = "N" * len(kind), ", ".join(parts)
        return f'Py_BuildValue("({units})", {listed})'
    if isinstance(kind, types.Array):
        size = f"(size_t)({value}.size * {value}.itemsize)"
        return f"returned({_type(kind)}, {kind.ndim}, {value}.shape, {value}.data, {size}, {value}.memory)"
    return f"{_BOXED[_NUMBERS[kind]]}({value})"


def _type(kind: Any) -> str:
    """The NumPy type of an array's elements."""
    return f"NPY_{'BOOL' if kind.dtype == types.boolean else str(kind.dtype).upper()}"
