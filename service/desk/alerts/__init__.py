"""Alerts: what is new is found (`looking`), said (`message`), and delivered (`mail`, `post`, `command`, `feed`).

`desk.alerts` stores all of it; `delivering` tries again until something has arrived, and `runner` is the process.
"""
