"""The audit log: who has changed what, and when."""
