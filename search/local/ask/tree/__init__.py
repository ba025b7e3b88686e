"""A query tree evaluated: for each node the articles that match, and their scores."""
