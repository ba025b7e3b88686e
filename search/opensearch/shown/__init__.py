"""The name under which each value of a cluster is shown, as of one generation."""
