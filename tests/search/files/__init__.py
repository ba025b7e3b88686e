"""What is in the directory of an index and the business of no engine."""
