"""What of the client comes from elsewhere: its types from the description of the API, `AsyncClient` from `Client`."""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.server.app import description

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "client" / "dateline_client"
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
Schema = Mapping[str, Any]


def values() -> str:
    """A type for each value of the API."""
    schemas: Mapping[str, Schema] = description()["components"]["schemas"]
    head = (
        '"""The values of the API, as its description has them: made by `python -m tests.derived`."""\n\n'
        "from __future__ import annotations\n\nfrom typing import Any, NotRequired, TypedDict\n\n"
    )
    return _formatted(head + "\n".join(_declared(name, schema) for name, schema in schemas.items()))


def _declared(name: str, schema: Schema) -> str:
    forms = [one for one in schema.get("oneOf", ()) if one.get("properties")]
    if forms:  # one or the other: what all have is always there
        required = set.intersection(*(set(one["required"]) for one in forms))
        properties = {field: kind for one in forms for field, kind in one["properties"].items()}
    elif "properties" in schema:
        required, properties = set(schema.get("required", ())), schema["properties"]
    else:
        return f"{name} = {_type(schema)}\n"
    kinds = {
        field: _type(kind) if field in required else f"NotRequired[{_type(kind)}]" for field, kind in properties.items()
    }
    if any(keyword.iskeyword(field) or not field.isidentifier() for field in kinds):
        members = ", ".join(f"{field!r}: {kind!r}" for field, kind in kinds.items())
        return f"{name} = TypedDict({name!r}, {{{members}}})\n"
    lines = [f"    {field}: {kind}" for field, kind in kinds.items()]
    told = [f'    """{schema["description"]}"""\n'] if schema.get("description") else []
    return "\n".join([f"class {name}(TypedDict):", *told, *lines, ""])


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "oneOf" in schema or "anyOf" in schema:
        return " | ".join(dict.fromkeys(map(_type, schema.get("oneOf") or schema["anyOf"])))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(dict.fromkeys(_type({**schema, "type": one}) for one in kind))
    if kind == "array":
        return f"list[{_type(schema.get('items') or {})}]"
    if kind == "object":
        others = schema.get("additionalProperties")
        return f"dict[str, {_type(others) if isinstance(others, dict) else 'Any'}]"
    return _PLAIN.get(str(kind), "Any")


_ASYNCHRONOUS = (
    ('"""`Client`: waits for each answer."""', '"""`AsyncClient`, from `Client` by `python -m tests.derived`."""'),
    ("class Client:", "class AsyncClient:"),
    ("Can be shared between threads. A context manager", "Its methods are awaited. A context manager"),
    ("import time\n", "import asyncio\n"),
    ("    def ", "    async def "),
    ("async def __init__", "def __init__"),
    ("import Iterable, Iterator, Sequence", "import AsyncIterator, Iterable, Sequence"),
    ("-> Iterator[", "-> AsyncIterator["),
    ("time.sleep", "await asyncio.sleep"),
    ("httpx.BaseTransport", "httpx.AsyncBaseTransport"),
    ("httpx.Client", "httpx.AsyncClient"),
    ("self._http.close()", "await self._http.aclose()"),
    ("self._http.send(", "await self._http.send("),
    ("self.close()", "await self.close()"),
    ("__enter__", "__aenter__"),
    ("__exit__", "__aexit__"),
    ("for hit in self.iterate", "async for hit in self.iterate"),
)


def asynchronous() -> str:
    """The module with `AsyncClient`."""
    text = (PACKAGE / "synchronous.py").read_text("utf-8")
    for before, after in _ASYNCHRONOUS:
        text = text.replace(before, after)
    text = re.sub(r"(?<!def )self\._json\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)", r"(await self._json(\1))", text)
    text = re.sub(r"yield from (\S+)", r"for one in \1:\n                yield one", text)
    return _formatted(text)


def _formatted(text: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--line-length", "120", "-"],
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def files() -> dict[Path, str]:
    """What is written, by file."""
    return {PACKAGE / "values.py": values(), PACKAGE / "asynchronous.py": asynchronous()}
