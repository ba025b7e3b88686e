"""What people have corrected: facts of articles that are not as they were found or stated.

A `correction` is one change of one fact. The `store` keeps them in a file of their own next to the index, in the order
in which they were made; the `overlay` applies those of an article to it. An article is corrected whenever it is
written: at once when somebody corrects it (`application`), and again whenever it is read or enriched again, so that
corrections survive both. They change the index, never the archive. `exchange` writes and reads them as CSV and as JSON
Lines.
"""
