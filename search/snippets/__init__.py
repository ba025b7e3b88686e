"""The passages of an article that show why it was found, with offsets to mark.

Whole sentences where they fit, a phrase marked as one, and only what matched. Offsets are code points, never markup:
JSON shows them, a template turns them into `<mark>`, and escaping happens there, once.

`marker` finds the words of a query in a text, by way of `scan`, which passes over words that cannot matter;
`passages` chooses what to show and cuts it.
"""

from search.snippets.marker import Marker
from search.snippets.passages import COUNT, LENGTH, MAX_CHARACTERS, PARAGRAPH, lead_of

__all__ = ["COUNT", "LENGTH", "MAX_CHARACTERS", "PARAGRAPH", "Marker", "lead_of"]
