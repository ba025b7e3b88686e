"""Corrected facts: the resource, the form, and the command."""
