"""Sentences that keep their words and their values apart, so that a page can say them in another language.

    said("No {field} “{value}”.", field="country", value="Frnace")

is the English sentence, a string like any other for everybody who does not ask further.
"""

from __future__ import annotations

from collections.abc import Mapping


class Said(str):
    """An English sentence.

    Attributes:
        message: its words, with the names of its values in braces.
        values: these: strings, of which some may be `Said`, and numbers, which have separators between thousands.
    """

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, str | int]

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.message, dict(self.values))


def said(message: str, **values: str | int) -> Said:
    """A sentence of words with values."""
    return _again(message, values)


def clause(sentence: str) -> str:
    """The same without its full stop, for within another sentence."""
    bare = sentence.removesuffix(".")
    if isinstance(sentence, Said):
        shorter = Said(bare)
        shorter.message, shorter.values = sentence.message, sentence.values
        return shorter
    return bare


def _again(message: str, values: Mapping[str, str | int]) -> Said:
    written = {name: value if isinstance(value, str) else f"{value:,}" for name, value in values.items()}
    sentence = Said(message.format_map(written))
    sentence.message, sentence.values = message, values
    return sentence
