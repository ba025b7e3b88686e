"""Rules about who may see which articles."""
