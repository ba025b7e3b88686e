"""The transcript in docs/assistants.md is what an assistant is answered over `seeds/`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.archive import Archive
from service.assistants.asking import Application
from service.server.app import create_app
from tests.conftest import PATIENT, ROOT
from tests.service.assistants.test_server import call, server

TURNS = re.findall(r"^> (\w+) (.*)\n((?:[ {].+\n)+)", (ROOT / "docs/assistants.md").read_text("utf-8"), re.MULTILINE)


def is_part(shown: Any, found: Any) -> bool:
    """True if an answer has what is shown of it; “…” ends a string that was shortened."""
    if isinstance(shown, Mapping):
        return all(name in found and is_part(value, found[name]) for name, value in shown.items())
    if isinstance(shown, list):
        return len(shown) <= len(found) and all(map(is_part, shown, found))
    if isinstance(shown, str) and shown.endswith("…"):
        return str(found).startswith(shown[:-1])
    return bool(shown == found)


def test_an_assistant_is_answered_as_the_transcript_says(seeds_index: Path) -> None:
    quote = ""
    with Archive(str(seeds_index)) as archive:
        made = server(Application(create_app(archive, PATIENT)))
        for tool, arguments, shown in TURNS:
            given = json.loads(arguments)
            if given.get("quote", "").endswith("…"):
                given["quote"] = quote
            found = call(made, tool, **given)
            assert is_part(json.loads(shown), found), f"{tool}: {json.dumps(found, ensure_ascii=False)}"
            if tool == "search":
                quote = found["hits"][0]["passages"][-1]["citation"]["quote"]
    assert [tool for tool, _, _ in TURNS] == ["count", "search", "verify_citation", "verify_citation"]
