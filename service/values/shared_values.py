"""What several values of the API are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from msgspec import Meta, Struct
from msgspec.json import Encoder

from search.values.article import Article

T = TypeVar("T", bound=Struct)
Likeness: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
"""A share: 0 to 1."""


def made_of(kind: type[T], source: object, /, **others: Any) -> T:
    """A value of the API with the attributes of another object that have the same names, and others."""
    names = [name for name in kind.__struct_fields__ if name not in others and hasattr(source, name)]
    return kind(**{name: getattr(source, name) for name in names}, **others)


def naming(kind: type[T], article: Article, /, **others: Any) -> T:
    """A value of the API that only names an article: its title is what it is called (`Article.heading`), never ""."""
    return made_of(kind, article, title=article.heading, **others)


def at_most(most: int, what: Literal["Length", "Items"] = "Length") -> Meta:
    """A limit that is described here, and checked with a sentence of its own by what the value is for."""
    return Meta(extra_json_schema={f"max{what}": most})


def one_of(values: Sequence[str]) -> Meta:
    """That a string is one of these."""
    return Meta(extra_json_schema={"enum": list(values)})


EXAMPLE = {"id": "1961-08-berlin-wall", "title": "Wall", "text": "Text of the article.", "published": "1961-08-13"}
"""An article that is sent."""


class Brief(Struct):
    """An article, as far as a list names it.

    Attributes:
        title: the first words of its text if it has no title.
    """

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
