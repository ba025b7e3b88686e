"""Runs the migrations on a connection whose transaction others begin and end."""

from alembic import context

from desk.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
