"""Reads feeds that an operator has listed, into a folder of the archive, for `dateline fetch`. Nothing else does.

`web` asks one address, and nothing that was not named; `robots` says what a site allows; `feeds` asks each feed when
its time has come, and saves what is new.
"""
