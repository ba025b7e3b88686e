"""What several values of the API are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct
from msgspec.json import Encoder

Likeness: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
"""A share: 0 to 1."""


def one_of(values: Sequence[str]) -> Meta:
    """That a string is one of these."""
    return Meta(extra_json_schema={"enum": list(values)})


class Brief(Struct):
    """An article, as far as a list names it."""

    id: str
    title: str
    published: str | None
    source: str | None


class Following(Struct):
    """The address of the rest of a list.

    Attributes:
        next: the next ones.
    """

    next: str | None


def _plain(value: object) -> str:
    """A string of another class, such as a sentence to translate, as a string. Raises TypeError for other values."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"{type(value).__name__} has no JSON.")


encode: Callable[[object], bytes] = Encoder(enc_hook=_plain).encode
"""A value as JSON."""
