"""What travels between the packages: articles, queries and results, as plain values."""
