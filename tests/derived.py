"""What of the documents comes from the code, and what writes it there.

    python -m tests.derived        # or: make docs

Text between `<!-- NAME -->` and `<!-- /NAME -->` is replaced, and `openapi.json` is written whole. A test holds the
documents to it, so that no change of what programs rely on goes unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from benchmarks.page import filled
from indexer.readers import FORMATS
from search.fields import FIELDS
from service.params import PARAMETERS
from service.params.parameter import Parameter
from service.server.app import description
from service.settings import PREFIX, Settings
from tests import derived_client
from tests.browser.test_journeys import JOURNEYS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def rows(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ("---",) * len(head), *lines))


def _values(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(f"`{choice}`" for choice in parameter.choices)
    if parameter.bounds:
        low, high = parameter.bounds
        return f"{low} to {high}" if high is not None else f"from {low}"
    return {"boolean": "`true`, `false`"}.get(parameter.kind, f"`{parameter.example}`" if parameter.example else "text")


def parameters() -> str:
    """What a search can be asked with."""
    return rows(("parameter", "values", "meaning"), [(f"`{p.name}`", _values(p), p.help) for p in PARAMETERS])


def article_fields() -> str:
    """What an article has."""
    return rows(("field", "holds"), [(f"`{f.name}`", f.help) for f in FIELDS])


def settings() -> str:
    """What the environment can say."""
    lines = [
        (
            f"`{PREFIX}{f.name.upper()}`",
            f"`{f.default}`" if f.default != "" else "",
            str(f.metadata["least"]) if type(f.default) is int else "",
            f.metadata["help"],
        )
        for f in fields(Settings)
    ]
    return rows(("variable", "default", "minimum", "meaning"), lines)


def forms() -> str:
    """What an archive's files may be."""
    lines = [(form.name, ", ".join(f"`{suffix}`" for suffix in form.suffixes)) for form in FORMATS]
    others = [("JSON, JSON Lines", "`.json`, `.jsonl`, `.ndjson`"), ("plain text", "`.txt`, `.text`, `.md`, any other")]
    return rows(("form", "told by its content, else by"), [*lines, *others])


def journeys() -> str:
    """How many actions it takes to do what readers do daily, as the tests of the browser count them."""
    return rows(("to get", "from", "actions"), [(what, begins, str(actions)) for what, begins, actions in JOURNEYS])


TABLES = {
    "api.md": {"parameters": parameters()},
    "formats.md": {"forms": forms(), "fields": article_fields()},
    "operations.md": {"settings": settings()},
    "page.md": {"journeys": journeys()},
}


OPENAPI = DOCS / "openapi.json"


def openapi() -> str:
    """The description of the HTTP API, in short lines: a change is seen where it is."""
    return _lines(description(), "\n") + "\n"


def _lines(value: object, begin: str) -> str:
    """JSON: on one line if it is short, else each member on lines of its own."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= 110 or not isinstance(value, dict | list):
        return text
    inner = f"{begin} "
    if isinstance(value, list):
        return f"[{inner}" + f",{inner}".join(_lines(one, inner) for one in value) + f"{begin}]"
    members = (f"{json.dumps(name)}: {_lines(one, inner)}" for name, one in value.items())
    return f"{{{inner}" + f",{inner}".join(members) + f"{begin}}}"


def main() -> None:
    """Write them."""
    OPENAPI.write_text(openapi(), "utf-8")
    for file, text in derived_client.files().items():
        file.write_text(text, "utf-8")
    for name, parts in TABLES.items():
        path = DOCS / name
        path.write_text(filled(path.read_text("utf-8"), parts), "utf-8")


if __name__ == "__main__":
    main()
