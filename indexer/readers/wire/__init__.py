"""Formats of news agencies: NITF, NewsML 1 and G2, ninjs, and the Reuters corpus of 1987.

Interprets each standard's statuses, embargoes and withdrawals. Does not apply them.
"""
