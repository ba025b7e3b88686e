"""Formats of the web: pages, feeds, WordPress exports, and archives of fetched pages (WARC).

A module is a format, or has the name of the format that it helps; the facts that a page states are read in `page`.
Nothing is fetched.
"""
