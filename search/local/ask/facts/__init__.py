"""The facts of all articles of a snapshot: columns by field, rows by article, names and stories."""
