"""What a stored question tells of an article: its id, or a value that no other article has.

A purge erases the questions that tell of its articles. They are found in the parsed query, however it is written, and
in the filters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from urllib.parse import parse_qsl

from search.errors import BadQuery
from search.syntax import parse
from search.syntax.nodes import Exact, Id, Near, Phrase, Url, Value
from search.text.tokens import fold, tokens

_ID = re.compile(r"[a-z0-9._~:@+-]+")

Values = Collection[tuple[str, str]]
"""Facets and values of them, folded as names; and `url` with addresses as `addresses.key` has them."""


def ids_in(question: str) -> frozenset[str]:
    """The ids that a question asks for, in lower case.

    Args:
        question: its parameters, as a query string.
    """
    return frozenset(node.id.lower() for node in _nodes(question) if isinstance(node, Id))


def values_in(question: str) -> frozenset[tuple[str, str]]:
    """The facets and the folded values that a question asks for, in its text or as a filter, of any kind."""
    filters = {(name.partition(".")[0], fold(value)) for name, value in _parameters(question)}
    nodes = list(_nodes(question))
    filters |= {(node.facet, fold(node.value)) for node in nodes if isinstance(node, Value)}
    return frozenset(filters | {("url", node.beginning) for node in nodes if isinstance(node, Url)})


def names_in(question: str, names: Collection[str]) -> bool:
    """Whether words that a question wants together, however near, have one of some folded names among them."""
    wanted = {tuple(token.word for token in tokens(name)) for name in names}
    together = (node.words for node in _nodes(question) if isinstance(node, Phrase | Exact | Near))
    return any(
        words[start:end] in wanted
        for words in together
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    )


def _begins(beginning: str, address: str) -> bool:
    """Whether the beginning of an address means it: no more than an end of its last part is missing."""
    return address.startswith(beginning) and "/" in beginning[:-1] and "/" not in address[len(beginning) - 1 :]


def tells(question: str, ids: Collection[str], values: Values) -> bool:
    """Whether a question tells of one of some articles, or of a value.

    In doubt it does: an id that stands anywhere next to an `id:` that was not read as one, and any mention in a
    question that cannot be read.
    """
    said = " ".join(value for name, value in _parameters(question) if name == "q").lower()
    if "id:" in said and not {name.lower() for name in ids}.isdisjoint(_ID.findall(said.replace("id:", " "))):
        return True
    try:
        names = {value for _, value in values}
        return (
            not ids_in(question).isdisjoint(map(str.lower, ids))
            or not (asked := values_in(question)).isdisjoint(values)
            or names_in(question, names)
            or any(_begins(one, url) for kind, one in asked if kind == "url" for of, url in values if of == "url")
        )
    except BadQuery:
        return any(name.lower() in said for name in ids) or any(value in fold(said) for _, value in values)


def _parameters(question: str) -> list[tuple[str, str]]:
    return parse_qsl(question, keep_blank_values=True)


def _nodes(question: str) -> Iterator[object]:
    """Each node of the trees of a question's texts."""
    left: list[object] = [parse(value).tree for name, value in _parameters(question) if name == "q"]
    while left:
        one = left.pop()
        if isinstance(one, tuple):
            left.extend(one)
        elif is_dataclass(one):
            yield one
            left.extend(getattr(one, field.name) for field in fields(one))
