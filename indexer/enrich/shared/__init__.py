"""Shared by several enrichers: tables of words, the head of a text, dates as written, the limit of what is read.

Derives no fact by itself.
"""
