"""A question to a cluster: written as queries and aggregations, and read from its answers."""
