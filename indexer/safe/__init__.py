"""Keeps a run going whatever a file makes a library do: limits of time and memory, and internal errors.

Deals with CPU seconds, memory, signals and exceptions. Does not depend on formats, articles or an index.
"""
