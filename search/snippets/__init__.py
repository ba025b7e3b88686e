"""The passages of an article that show why it matched, with offsets to highlight.

Whole sentences if they fit, a phrase marked as one, and only real matches. Offsets are code points, never markup:
JSON contains them as they are, a template turns them into `<mark>`, and escaping happens there, once.

`marker` finds the words of a query in a text, and `passages` chooses and cuts the excerpts; both by means of compiled
loops over the code points of a text (`points`, `kernels`).
"""
