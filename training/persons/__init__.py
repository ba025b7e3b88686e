"""The tables and the model for recognizing persons; `__main__` has the steps."""
