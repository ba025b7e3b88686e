"""How columns are described, here and in the migrations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Text(TypeDecorator[str]):
    """Text in the order of its bytes, in every database; what one cannot store is not asked for as it is."""

    impl = Text
    cache_ok = True
    python_type = str

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = Text(collation="C") if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            value.encode()
        except UnicodeEncodeError:
            value = value.encode("utf-8", "replace").decode()
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if dialect.name == "postgresql" else value


TEXT = _Text()
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
_KINDS: Mapping[str, TypeEngine[Any]] = {"": TEXT, "int": NUMBER, "bytes": LargeBinary()}


def columns(key: str, others: str) -> list[Column[Any]]:
    """The columns of a table: `name` (text), `name:int`, `name:bytes` or `name?` (text or none), and their checksum."""
    described = [(each, True) for each in key.split()] + [(each, False) for each in others.split()]
    return [*(_column(each, in_key) for each, in_key in described), Column("sum", NUMBER, nullable=False)]


def _column(described: str, in_key: bool) -> Column[Any]:
    name, _, kind = described.removesuffix("?").partition(":")
    return Column(name, _KINDS[kind], primary_key=in_key, autoincrement=False, nullable=described.endswith("?"))
