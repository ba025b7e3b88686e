"""The processes of a server: the application, gunicorn's workers, and the one that indexes."""
