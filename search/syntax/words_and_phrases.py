"""Parses a word or a quotation to be matched in title and text: `trade`, `trade*`, `trade~1`, `=trade`, `"a b"~5`.

With `~ocr` a word is one that a scanner may have misread, and so is each word of a quotation or of a group.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from search.said import said
from search.syntax.lexer import Lexeme
from search.syntax.nodes import (
    MAX_DISTANCE,
    MAX_EDITS,
    Exact,
    Fuzzy,
    Leaf,
    Misread,
    Near,
    Node,
    Phrase,
    Prefix,
    Together,
    Word,
    nodes,
)
from search.syntax.notes import Notes
from search.text.misreadings import misreadings
from search.text.tokens import fold_word, tokens


class Choice(NamedTuple):
    """What is not to be found of that which a scanner may have read, and what is although it is a word of its own."""

    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def and_of(self, other: Choice) -> Choice:
        """Both; what either excludes is excluded."""
        without = dict.fromkeys((*self.without, *other.without))
        return Choice((*without,), (*(one for one in dict.fromkeys((*self.also, *other.also)) if one not in without),))

    def written(self) -> str:
        """As it is typed: `~ocr-harbonr-har+bour=arbour`."""
        signed = (f"{sign}{one.replace(' ', '+')}" for sign, some in zip("-=", self, strict=True) for one in some)
        return "".join(("~ocr", *signed))


MIN_LETTERS = 3
"""Minimum letters of a word before `*` or `~`."""
SHORT = 5
"""Maximum letters of a word for which `~` without a number means one edit; for a longer one it means `MAX_EDITS`."""

_TILDE = re.compile(r"~([0-9]*|ocr(?:[-=][^~=-]+)*)$", re.IGNORECASE)
_SIGNED = re.compile("([-=])([^-=]+)")
_UNFINISHED = re.compile(r"(?<=\w)~ocr(?:[-=][^~=-]+)*([-=]+)$", re.IGNORECASE)
_STRAY = re.compile(r"(?<=\w)~\D.*$")
_STAR = re.compile(r"(?<=\w)\*")
_FIRST = re.compile(r"=*\*")


def read(lexeme: Lexeme, field: str | None, notes: Notes, around: Choice | None = None) -> Leaf | None:
    """A leaf of the tree; None if the lexeme has no word.

    Args:
        around: what is to be found of that which a scanner may have read, if it is in a group with `~ocr`.
    """
    leaf = _quotation(lexeme, field, notes) if lexeme.kind == "quoted" else _word(lexeme, field, notes)
    return leaf if leaf is None or around is None else _forgiven(leaf, around)


def choice(suffix: str) -> Choice:
    """What a `~ocr` excludes and adds: `~ocr-harbonr-har+bour=arbour`."""
    chosen: dict[str, list[str]] = {"-": [], "=": []}
    for sign, form in _SIGNED.findall(suffix):
        if one := " ".join(map(fold_word, form.split("+"))).strip():
            chosen[sign].append(one)
    return Choice().and_of(Choice((*chosen["-"],), (*chosen["="],)))


def _forgiven(leaf: Leaf, choice: Choice) -> Leaf:
    """The same, whatever a scanner may have read; short words, and what states its letters, are as they were."""

    def one(word: str, typed: str = "") -> Word | Misread:
        if len(word) < MIN_LETTERS:
            return Word(word, leaf.field, typed)
        return Misread(word, choice.without, leaf.field, typed, choice.also)

    match leaf:
        case Word(word):
            choice = _read_in((word,), choice)
            return one(word, leaf.typed)
        case Phrase(words):
            choice = _read_in(words, choice)
            parts = tuple(map(one, words))
            return Together(parts, "next") if any(isinstance(part, Misread) for part in parts) else leaf
        case Misread(word):
            return chosen(leaf, Choice(leaf.without, leaf.also).and_of(_read_in((word,), choice)))
        case _:
            return leaf


def chosen(word: Misread, choice: Choice) -> Misread:
    """A word with other readings."""
    return replace(word, without=choice.without, also=choice.also)


def _read_in(words: Sequence[str], choice: Choice) -> Choice:
    """A choice without what no scanner reads in place of one of some words."""
    return choice._replace(
        also=tuple(one for one in choice.also if " " not in one and any(one in misreadings(word) for word in words))
    )


def note_unread(choice: Choice, node: Node | None, at: int, notes: Notes) -> None:
    """Add a note for each form that is to be found, too, and that no word is taken for."""
    read = {form for word in nodes(node) if isinstance(word, Misread) for form in word.also} if node else set()
    for form in choice.also:
        if form not in read:
            notes.about(
                at,
                "“={form}” at {at} is nothing that a scanner reads in place of a word before it: ignored.",
                form=form.replace(" ", "+"),
            )


def _noted(leaf: Leaf, choice: Choice, at: int, notes: Notes) -> Leaf:
    """The same with notes on the choice, which is at a position."""
    forgiven = _forgiven(leaf, choice)
    note_unread(choice, forgiven, at, notes)
    return forgiven


def _quotation(lexeme: Lexeme, field: str | None, notes: Notes) -> Leaf | None:
    words = tuple(token.word for token in tokens(lexeme.text))
    if not words:
        notes.about(lexeme.at, "Nothing between the quotes at {at}: ignored.")
        return None
    if star := _STAR.search(lexeme.written):
        at = lexeme.start + star.start()
        notes.about(at, "“*” at {at} is in quotes, where it has no meaning: ignored.")
    if not lexeme.tilde:
        return _leaf(words, lexeme.exact, field, lexeme.text, quoted=True)
    at = lexeme.end + 1
    if _is_ocr(lexeme.tilde):
        if lexeme.exact:
            notes.about(lexeme.at, "“=” at {at} cannot be used with “~”: ignored.")
        return _noted(_leaf(words, False, field, lexeme.text, quoted=True), choice(lexeme.tilde), at, notes)
    if len(words) == 1:
        notes.about(at, "“{text}” at {at} needs two words or more before it: ignored.", text=lexeme.tilde)
        return _leaf(words, lexeme.exact, field, lexeme.text, quoted=True)
    if not lexeme.tilde[1:].isdecimal():
        notes.about(at, "“{text}” at {at} needs a number of words after it: ignored.", text=lexeme.tilde)
        return _leaf(words, lexeme.exact, field, lexeme.text, quoted=True)
    distance = int(lexeme.tilde[1:])
    if distance > MAX_DISTANCE:
        notes.about(
            at,
            "“{text}” at {at} is more than the {max_distance} words that may be between: read as ~{max_distance}.",
            text=lexeme.tilde,
            max_distance=str(MAX_DISTANCE),
        )
    if lexeme.exact:
        notes.about(lexeme.at, "“=” at {at} cannot be used with “~”: ignored.")
    return Near(words, min(distance, MAX_DISTANCE), field, lexeme.text)


def _word(lexeme: Lexeme, field: str | None, notes: Notes) -> Leaf | None:
    """A word with its prefix and suffix operators; a phrase if there are other signs inside it."""
    text = lexeme.text
    if text.isalpha() and text.isascii():  # the usual word: nothing in it is a sign, and it is one token
        return Word(fold_word(text), field, text)
    exact = text.startswith("=")
    if unfinished := _UNFINISHED.search(text):
        at = lexeme.start + unfinished.start(1)
        word = text[: unfinished.start()].lstrip("=")
        notes.about(
            at, "“{sign}” at {at} needs a form after it, as in {word}~ocr=form: ignored.", sign=unfinished[1], word=word
        )
        text = text[: unfinished.start(1)]
    if (stray := _STRAY.search(text)) and not _TILDE.search(text):
        at = lexeme.start + stray.start()
        word = text[: stray.start()].lstrip("=")
        notes.about(at, "“{stray}” at {at} needs a number, as in {word}~1: ignored.", stray=stray[0], word=word)
        text = text[: stray.start()]
    tilde = _TILDE.search(text)
    bare = text[: tilde.start()] if tilde else text
    prefix = bare.endswith("*")
    words = tuple(token.word for token in tokens(bare))
    if not words:
        return None
    if star := _STAR.search(bare.rstrip("*")) or _FIRST.match(bare):
        at = lexeme.start + star.end() - 1
        notes.about(at, "“*” at {at} has a meaning only at the end of a word: ignored.")
    enough = len(words) == 1 and len(words[0]) >= MIN_LETTERS
    needs = said("needs one word of {min_letters} letters or more before it: ignored.", min_letters=str(MIN_LETTERS))
    if prefix:
        at = lexeme.start + len(bare.rstrip("*"))
        if tilde:
            after = lexeme.start + tilde.start()
            notes.about(after, "“{tilde}” at {after} cannot follow “*”: ignored.", tilde=tilde[0], after=str(after))
        if enough:
            return Prefix(words[0], field, bare.rstrip("*"))
        notes.about(at, "“*” at {at} {needs}", needs=needs)
    elif tilde and _is_ocr(tilde[0]):
        if exact:
            notes.about(lexeme.at, "“=” at {at} cannot be used with “~”: ignored.")
        at = lexeme.start + tilde.start()
        return _noted(_leaf(words, False, field, bare.lstrip("=")), choice(tilde[0]), at, notes)
    elif tilde:
        at = lexeme.start + tilde.start()
        if enough:
            return _fuzzy(words[0], bare, tilde[1], at, field, notes)
        notes.about(at, "“{tilde}” at {at} {needs}", tilde=tilde[0], needs=needs)
    return _leaf(words, exact, field, bare.lstrip("=") if exact else bare)


def _is_ocr(tilde: str) -> bool:
    return tilde[1:4].lower() == "ocr" and tilde[4:5] in ("", "-", "=")


def _fuzzy(word: str, typed: str, number: str, at: int, field: str | None, notes: Notes) -> Leaf:
    edits = int(number) if number else 1 if len(word) <= SHORT else MAX_EDITS
    if edits > MAX_EDITS:
        notes.about(
            at,
            "“~{number}” at {at}: at most {max_edits} letters may differ; read as ~{max_edits}.",
            number=str(number),
            max_edits=str(MAX_EDITS),
        )
    if not edits:
        notes.about(at, "“~{number}” at {at} allows no difference: ignored.", number=str(number))
        return Word(word, field, typed)
    return Fuzzy(word, min(edits, MAX_EDITS), field, typed)


def _leaf(words: tuple[str, ...], exact: bool, field: str | None, typed: str, quoted: bool = False) -> Leaf:
    if exact:
        return Exact(words, field, typed)
    return Word(words[0], field, typed, quoted) if len(words) == 1 else Phrase(words, field, typed)
