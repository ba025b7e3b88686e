"""Compiled loops of near-duplicates, over arrays and nothing else."""
