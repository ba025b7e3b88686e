"""The commands of `dateline`, by subject; `service.commands.cli` puts them together.

A command reads its arguments, calls the code that does the work, and prints the result. It raises errors;
`service.commands.cli` turns them into a sentence on stderr and an exit code.
"""
