"""A file of the archive and those next to it, opened through one door.

Knows paths, regular files, and which JSON file describes a text. Knows nothing of what a file says.
"""
