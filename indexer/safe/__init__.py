"""Whatever a file makes a library do, the run goes on: bounds of time and memory, and errors told apart.

Knows CPU seconds, memory, signals and exceptions. Knows no format, no article and no index.
"""
