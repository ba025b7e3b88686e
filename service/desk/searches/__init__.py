"""Saved searches: the resource, the pages, and the command."""
