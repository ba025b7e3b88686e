"""Alerts: questions that are asked again and again, and tell somebody what is new.

`store` has the alerts of an index and what each has told, `alert` what both are. The service looks for what is new, and
delivers it (`service.desk.alerts`).
"""
