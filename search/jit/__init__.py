"""Compiling kernels: how each is marked, compiled and cached, with the arguments that they share."""
