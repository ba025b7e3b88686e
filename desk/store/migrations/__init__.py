"""How the tables came about: a module in `versions` for each change, which Alembic runs."""
