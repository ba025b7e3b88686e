"""Alerts: looking for what is new, and delivering it. `indexer.alerts` stores both."""
