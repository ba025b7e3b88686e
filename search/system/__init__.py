"""The disk, SQLite, processes, time and memory: what the system gives, with one rule for each."""
