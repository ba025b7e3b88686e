"""Where everything of the desk is stored: tables of SQLAlchemy, in SQLite next to the index or in PostgreSQL.

`where` says in which database the desk of an index is, `connecting` opens it, `tables` are its tables and `migrations`
how they came about, `base` is what the stores of all features have in common: transactions, snapshots, a checksum in
each row. `carrying` takes over what earlier versions stored, and `registered` remembers where a desk is that is not in
the index's own directory.
"""
