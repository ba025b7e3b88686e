"""Questions besides a search, computed over the columns: comparisons, cross tables, pairs, and what is special."""
