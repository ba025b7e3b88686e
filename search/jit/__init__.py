"""Compiling kernels: how each is marked, compiled and cached, with the arguments that they share.

Numba compiles a kernel where it is used, and caches it (`dispatching`); `places` says where such things are stored.
The same code can be compiled ahead into a library (`building`, with the C of `wrapping`), which needs neither Numba nor
LLVM (`library`).
"""
