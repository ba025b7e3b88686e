"""What news agencies send: NITF, NewsML 1 and G2, ninjs, and the Reuters corpus of 1987.

Knows each standard's statuses, embargoes and withdrawals. Does not decide what becomes of them.
"""
