"""Benchmarks: speed compared with peers, quality compared with floors. Each prints its results; none is installed."""
