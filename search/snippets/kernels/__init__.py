"""The compiled loops over the code points of a text: its words, and its sentences."""
