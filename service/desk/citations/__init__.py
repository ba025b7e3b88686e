"""Cited results: the resource, the pages, and the command."""
