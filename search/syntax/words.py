"""A word or a quotation as what is looked for in title and text: `trade`, `trade*`, `trade~1`, `=trade`, `"a b"~5`."""

from __future__ import annotations

import re

from search.syntax.lexer import Lexeme
from search.syntax.nodes import MAX_DISTANCE, MAX_EDITS, Exact, Fuzzy, Leaf, Near, Phrase, Prefix, Word
from search.syntax.notes import Notes
from search.text import tokens

MIN_LETTERS = 3
"""Letters that a word needs before `*` or `~`."""
SHORT = 5
"""Letters of a word in which one edit is looked for where `~` names no number; in a longer one `MAX_EDITS`."""

_TILDE = re.compile(r"~([0-9]*)$")
_STRAY = re.compile(r"(?<=\w)~\D.*$")
_STAR = re.compile(r"(?<=\w)\*")


def read(lexeme: Lexeme, field: str | None, notes: Notes) -> Leaf | None:
    """A leaf of the tree; None where there is no word in it."""
    return _quotation(lexeme, field, notes) if lexeme.kind == "quoted" else _word(lexeme, field, notes)


def _quotation(lexeme: Lexeme, field: str | None, notes: Notes) -> Leaf | None:
    words = tuple(token.word for token in tokens(lexeme.text))
    if not words:
        notes.add(lexeme.at, f"Nothing between the quotes at {lexeme.at}: passed over.")
        return None
    if star := _STAR.search(lexeme.text):
        at = lexeme.start + star.start()
        notes.add(at, f"“*” at {at} stands between quotes, where it means nothing: read without it.")
    if not lexeme.tilde:
        return _leaf(words, lexeme.exact, field)
    at = lexeme.start + len(lexeme.text) + 1
    given = f"“{lexeme.tilde}” at {at}"
    if not lexeme.tilde[1:].isdecimal() or len(words) == 1:
        needs = "two words or more before it" if len(words) == 1 else "a number of words after it"
        notes.add(at, f"{given} needs {needs}: read without it.")
        return _leaf(words, lexeme.exact, field)
    distance = int(lexeme.tilde[1:])
    if distance > MAX_DISTANCE:
        notes.add(at, f"{given} is more than the {MAX_DISTANCE} words that may stand between: read as ~{MAX_DISTANCE}.")
    if lexeme.exact:
        notes.add(lexeme.at, f"“=” at {lexeme.at} is not for words apart: read without it.")
    return Near(words, min(distance, MAX_DISTANCE), field)


def _word(lexeme: Lexeme, field: str | None, notes: Notes) -> Leaf | None:
    """A word, with the signs before and behind it; several where signs stand inside it, side by side."""
    text = lexeme.text
    exact = text.startswith("=")
    if (stray := _STRAY.search(text)) and not _TILDE.search(text):
        at = lexeme.start + stray.start()
        word = text[: stray.start()].lstrip("=")
        notes.add(at, f"“{stray[0]}” at {at} needs a number, as in {word}~1: read without it.")
        text = text[: stray.start()]
    tilde = _TILDE.search(text)
    bare = text[: tilde.start()] if tilde else text
    prefix = bare.endswith("*")
    words = tuple(token.word for token in tokens(bare))
    if not words:
        return None
    if star := _STAR.search(bare.rstrip("*")) or re.match(r"=*\*", bare):
        at = lexeme.start + star.end() - 1
        notes.add(at, f"“*” at {at} counts only at the end of a word: read without it.")
    enough = len(words) == 1 and len(words[0]) >= MIN_LETTERS
    needs = f"needs one word of {MIN_LETTERS} letters or more before it: read without it."
    if prefix:
        at = lexeme.start + len(bare.rstrip("*"))
        if tilde:
            after = lexeme.start + tilde.start()
            notes.add(after, f"“{tilde[0]}” at {after} is not for beginnings of words: read without it.")
        if enough:
            return Prefix(words[0], field)
        notes.add(at, f"“*” at {at} {needs}")
    elif tilde:
        at = lexeme.start + tilde.start()
        if enough:
            return _fuzzy(words[0], tilde[1], at, field, notes)
        notes.add(at, f"“{tilde[0]}” at {at} {needs}")
    return _leaf(words, exact, field)


def _fuzzy(word: str, number: str, at: int, field: str | None, notes: Notes) -> Leaf:
    edits = int(number) if number else 1 if len(word) <= SHORT else MAX_EDITS
    if edits > MAX_EDITS:
        notes.add(at, f"“~{number}” at {at}: at most {MAX_EDITS} letters may differ; read as ~{MAX_EDITS}.")
    if not edits:
        notes.add(at, f"“~{number}” at {at} lets no letter differ: read without it.")
        return Word(word, field)
    return Fuzzy(word, min(edits, MAX_EDITS), field)


def _leaf(words: tuple[str, ...], exact: bool, field: str | None) -> Leaf:
    if exact:
        return Exact(words, field)
    return Word(words[0], field) if len(words) == 1 else Phrase(words, field)
