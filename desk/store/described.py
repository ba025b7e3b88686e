"""How columns are described, here and in the migrations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text
from sqlalchemy.types import TypeEngine

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its bytes, in every database."""
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
_KINDS: Mapping[str, TypeEngine[Any]] = {"": TEXT, "int": NUMBER, "bytes": LargeBinary()}


def columns(key: str, others: str) -> list[Column[Any]]:
    """The columns of a table: `name` (text), `name:int`, `name:bytes` or `name?` (text or none), and their checksum."""
    described = [(each, True) for each in key.split()] + [(each, False) for each in others.split()]
    return [*(_column(each, in_key) for each, in_key in described), Column("sum", NUMBER, nullable=False)]


def _column(described: str, in_key: bool) -> Column[Any]:
    name, _, kind = described.removesuffix("?").partition(":")
    return Column(name, _KINDS[kind], primary_key=in_key, autoincrement=False, nullable=described.endswith("?"))
