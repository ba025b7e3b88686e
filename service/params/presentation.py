"""The parameters of a page that say how a result is shown: `service.html.view` reads them, and the API has none."""

from __future__ import annotations

NAMES = (
    "view", "scale", "more", "order", "field", "against", "pair", "measure", "draw", "by", "find", "min", "skip",
    "context", "row", "mark", "pages",
)  # fmt: skip
