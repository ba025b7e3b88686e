"""What both engines compute in the same way: the questions besides a search, and the formulas of their answers."""
