"""Where the paragraphs of a text are separated."""

from __future__ import annotations

import re

PARAGRAPH = re.compile(r"\n(?:[^\S\n]*\n\s*|[\x20\u3000]{2,}|\t)")
"""The separator of paragraphs: a blank line, or the indent of the next; other newlines only wrap lines."""
