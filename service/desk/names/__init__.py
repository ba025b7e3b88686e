"""Decisions about names: the resource, the pages, and the command `dateline authority`."""
