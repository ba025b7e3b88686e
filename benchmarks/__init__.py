"""Benchmarks: speed beside the peers, quality beside the floors. Each prints what it measured; none is installed."""
