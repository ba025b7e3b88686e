"""What `fetching.fetch` compiles to. Imports Numba: see `compiling`."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from search.jit.fetching import fetch


@intrinsic
def _prefetch(_typing, array, index):
    """LLVM's `llvm.prefetch`: for reading, into the nearest cache. Source: https://llvm.org/docs/LangRef.html."""

    def generate(context, builder, signature, arguments):
        of = context.make_array(signature.args[0])(context, builder, arguments[0])
        anything, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        place = builder.bitcast(builder.gep(of.data, [arguments[1]]), anything)
        kind = ir.FunctionType(ir.VoidType(), [anything, number, number, number])
        to_read, nearest, data = number(0), number(3), number(1)
        function = builder.module.declare_intrinsic("llvm.prefetch", [anything], kind)
        builder.call(function, [place, to_read, nearest, data])
        return context.get_dummy_value()

    return types.void(array, index), generate


@overload(fetch)
def _compiled(array, index):
    return lambda array, index: _prefetch(array, index)
