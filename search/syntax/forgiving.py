"""A query's text that forgives what a scanner misread, or no longer: `(oil price)~ocr`, `oil~ocr-oi1=oit`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from search.syntax.lexer import Lexeme, lex
from search.syntax.nodes import Misread, Node, Part, Phrase, Together, Word, mapped, misread
from search.syntax.parser import askable, parse
from search.syntax.words_and_phrases import Choice, choice, chosen
from search.syntax.writer import spelled


def is_forgiving(text: str) -> bool:
    """True if a word of a query is also found as a scanner may have misread it."""
    return bool(misread(parse(text).tree))


def is_whole(text: str) -> bool:
    """True if `~ocr` is for the whole of a query, in parentheses."""
    return _whole(text) is not None


def forgiving(text: str) -> str | None:
    """A query with `~ocr` for each of its words; None if it has no word for it, or would be too long."""
    for whole in (f"({text.strip()})~ocr", f"({spelled(parse(text).tree)})~ocr"):
        if askable(whole) and not (read := parse(whole)).repairs and misread(read.tree):
            return whole
    return None


def unforgiving(text: str) -> str:
    """A query with each word as it is."""
    whole = _whole(text)
    inner = text if whole is None else text[text.index("(") + 1 : whole.start - 2]
    tree = parse(inner).tree
    return spelled(_changed(tree, lambda one: Word(one.word, one.field, one.typed))) if misread(tree) else inner


def excluding(text: str, word: str, form: str) -> str | None:
    """A query without what a scanner may have read for a word; None if it would be too long.

    Args:
        form: as `FormCount.form`.
    """
    left = choice(f"-{form}").without

    def less(now: Choice) -> Choice:
        if set(left) <= {*now.also}:
            return now._replace(also=tuple(one for one in now.also if one not in left))
        return now.and_of(Choice(left))

    return _rechosen(text, word, less)


def adding(text: str, word: str, form: str) -> str | None:
    """A query that takes a word of its own for a misread one; None if it would be too long."""
    more = Choice(also=choice(f"={form}").also)
    return _rechosen(text, word, lambda now: now.and_of(more))


def excluded(text: str) -> tuple[str, ...]:
    """What a query excludes of that which a scanner may have read."""
    return tuple(dict.fromkeys(form for one in misread(parse(text).tree) for form in one.without))


def including(text: str) -> str:
    """A query that excludes nothing of that which a scanner may have read."""
    return _rechosen(text, None, lambda now: now._replace(without=())) or text


def _rechosen(text: str, word: str | None, change: Callable[[Choice], Choice]) -> str | None:
    """A query with other readings of a word, or of all; None if it would be too long."""
    whole = _whole(text)
    if whole is not None:
        changed = text[: whole.start - 1] + change(choice(whole.text)).written()
    else:
        tree = parse(text).tree
        changed = spelled(_changed(tree, lambda one: chosen(one, change(Choice(one.without, one.also))), word))
    return changed if askable(changed) else None


def _whole(text: str) -> Lexeme | None:
    """The `~ocr` after the parentheses around a whole query."""
    lexemes = list(lex(text))
    if not lexemes or lexemes[0].kind != "(" or lexemes[-1].kind != "misread":
        return None
    depth = 0
    for lexeme in lexemes[:-1]:
        depth += {"(": 1, ")": -1}.get(lexeme.kind, 0)
        if not depth and lexeme is not lexemes[-2]:
            return None
    return lexemes[-1]


def _changed(tree: Node, change: Callable[[Misread], Word | Misread], word: str | None = None) -> Node:
    """The tree with a word changed that a scanner may have misread, and those in quotes with it; or each such word."""

    def changed(node: Node) -> Node:
        match node:
            case Misread() if word in (None, node.word):
                return change(node)
            case Together(parts, within):
                has = within == "next" and any(isinstance(part, Misread) and part.word == word for part in parts)
                some = tuple(cast(Part, _changed(part, change, None if has else word)) for part in parts)
                words = [part.word for part in some if isinstance(part, Word)]
                if within == "next" and len(words) == len(some):
                    return Phrase(tuple(words), next(part.field for part in some if isinstance(part, Word)))
                return replace(node, parts=some)
            case _:
                return node

    return mapped(tree, changed)
