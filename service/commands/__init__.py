"""The commands of `dateline`, by subject; `service.cli` puts them together.

A command reads its arguments, calls what does the work, and prints. It raises what goes wrong; `service.cli` turns that
into a sentence on stderr and an exit code.
"""
