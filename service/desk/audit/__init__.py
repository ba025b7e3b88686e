"""The audit log as a command, over the API, and on the page of the administrator."""
