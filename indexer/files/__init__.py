"""The only access to the files of an archive, and to the files next to them.

Deals with paths, regular files, and the JSON file that describes a text. Does not parse the content of files.
"""
