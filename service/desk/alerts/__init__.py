"""Alerts: what is new is found (`looking`), said (`message`), and delivered by one of the `channels`.

`desk.alerts` stores all of it; `delivering` tries again until something has arrived, and `runner` is the process.
"""
