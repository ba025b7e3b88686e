"""The passages of an article that show why it matched, with offsets to highlight.

Whole sentences if they fit, a phrase marked as one, and only real matches. Offsets are code points, never markup:
JSON contains them as they are, a template turns them into `<mark>`, and escaping happens there, once.

`marker` finds the words of a query in a text, by means of `scan`, which skips words that cannot match; `passages`
chooses and cuts the excerpts.
"""

from search.snippets.marker import Marker
from search.snippets.passages import COUNT, LENGTH, MAX_CHARACTERS, PARAGRAPH, lead_of

__all__ = ["COUNT", "LENGTH", "MAX_CHARACTERS", "PARAGRAPH", "Marker", "lead_of"]
