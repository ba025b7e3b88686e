"""JSON Schemas, read from the types of the API (`service.values`).

A field has its bounds from `msgspec.Meta`, and its meaning from the docstring of its class, under `Attributes:`.
msgspec's own schemas sort the values of an enumeration, and have no meanings from docstrings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import FieldInfo, fields

from search.system.json import Json

_SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}
_BOUNDS = {"ge": "minimum", "le": "maximum", "pattern": "pattern", "description": "description"}
_LENGTHS = {"min_length": "min", "max_length": "max"}
_ATTRIBUTES = re.compile(r"^    ([\w, ]+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def schema(kind: Any, named: dict[str, Json]) -> Json:
    """The schema of a type. Those of its classes are added to `named`, by their names.

    Raises:
        TypeError: if a type has no schema.
    """
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if origin in _SCALARS:
        return {"type": _SCALARS[origin]}
    if origin is Any:
        return {}
    if origin is Annotated:
        return _bounded(schema(inner[0], named), inner[1:])
    if origin in (Union, UnionType):
        return _either([schema(one, named) for one in inner if one is not UnsetType])
    if origin is Literal:
        return _chosen(inner)
    if origin is Sequence or inner[1:] == (...,):
        return {"type": "array", "items": schema(inner[0], named)}
    if origin is tuple:
        return {"type": "array", "items": schema(inner[0], named), "minItems": len(inner), "maxItems": len(inner)}
    if origin is Mapping:
        values = schema(inner[1], named)
        return {"type": "object", "additionalProperties": values} if values else {"type": "object"}
    if isinstance(origin, type) and issubclass(origin, Struct):
        if origin.__name__ not in named:
            named[origin.__name__] = {}  # its place, before those of the classes in it
            named[origin.__name__] = _record(origin, named)
        return {"$ref": f"#/components/schemas/{origin.__name__}"}
    raise TypeError(f"{kind!r} has no schema.")


def _bounded(plain: Json, bounds: Iterable[Meta]) -> Json:
    bounded = dict(plain)
    what = "Items" if plain.get("type") == "array" else "Length"
    for meta in bounds:
        names = _BOUNDS | {name: end + what for name, end in _LENGTHS.items()}
        bounded |= {there: bound for name, there in names.items() if (bound := getattr(meta, name)) is not None}
        bounded |= meta.extra_json_schema or {}
    return bounded


def _either(schemas: list[Json]) -> Json:
    """One of some schemas; a scalar or null is one of two types."""
    first, *others = schemas
    if not others:
        return first
    if others == [{"type": "null"}] and first.get("type") in _SCALARS.values() and "enum" not in first:
        return first | {"type": [first["type"], "null"]}
    return {"oneOf": schemas}


def _chosen(values: tuple[Any, ...]) -> Json:
    if len(values) == 1:
        return {"const": values[0]}
    return ({"type": "string"} if None not in values else {}) | {"enum": list(values)}


def _record(kind: type[Struct], named: dict[str, Json]) -> Json:
    summary, meanings = _told(kind)
    taken, shortened = kind.__struct_config__.forbid_unknown_fields, kind.__struct_config__.omit_defaults
    known = {each.encode_name: _field(each, shortened, named) for each in fields(kind)}
    for name in meanings.keys() & known.keys():
        known[name] = known[name] | {"description": meanings[name]}
    if forms := getattr(kind, "one_of", ()):
        return {"description": summary, "oneOf": [_object({name: known[name] for name in form}) for form in forms]}
    always = not (taken or shortened)  # an answer has its fields, whether or not they have defaults in Python
    required = [each.encode_name for each in fields(kind) if each.required or (always and each.default is not UNSET)]
    made: Json = {"type": "object", "description": summary, "properties": known}
    made |= {"required": required} if required else {}
    return made | ({"additionalProperties": False} if taken else {})


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _field(field: FieldInfo, absent: bool, named: dict[str, Json]) -> Json:
    """The schema of a field.

    Args:
        absent: true if it is omitted where it has its default.
    """
    if absent and field.default is False:
        return {"const": True}
    if absent and field.default is None:
        return _either([schema(one, named) for one in get_args(field.type) if one is not NoneType])
    standard = {"default": field.default} if isinstance(field.default, str) and field.default else {}
    return schema(field.type, named) | standard


def _told(kind: type[Struct]) -> tuple[str, dict[str, str]]:
    """What a class is, and the meaning of its fields, by its docstring and those of its bases."""
    meanings: dict[str, str] = dict(getattr(kind, "meanings", {}))
    for one in reversed(kind.__mro__[:-2]):
        meanings |= dict(_meanings(cleandoc(one.__doc__ or "")))
    return " ".join(cleandoc(kind.__doc__ or "").partition("\n\n")[0].split()), meanings


def _meanings(docstring: str) -> Iterator[tuple[str, str]]:
    for names, text in _ATTRIBUTES.findall(docstring.partition("Attributes:\n")[2]):
        said = " ".join(text.split())
        yield from ((name, said[0].upper() + said[1:]) for name in names.split(", "))
