"""A tree as a query: `parse(write(tree)).tree == tree` for every tree that `parse` gives.

`write` gives the canonical form, with words as they are compared; `spelled` the same with words as they were typed.

AND is written out, and in parentheses next to OR, unless the query would be too long or nested too deep to be parsed
again. A function word of the tree is required: next to an AND it is parsed as such, and without one it is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from search.errors import BadQuery
from search.syntax import nodes
from search.syntax.function_words import EVERY
from search.syntax.parser import MAX_DEPTH, Parsed, parse
from search.syntax.words_and_phrases import Choice
from search.values.bad_values import MAX_TEXT

Term = (
    nodes.Word | nodes.Prefix | nodes.Fuzzy | nodes.Misread | nodes.Exact | nodes.Phrase | nodes.Near | nodes.Condition
)
Spell = Callable[[Term], str]

_PLAIN = re.compile(r"(?!(?:AND|OR|NOT)$)[A-Za-z0-9:]+")
"""Values that need no quotes."""
_SIGN = re.compile(r'["”\\]')
_ESCAPE = r"\\\g<0>"


def write(tree: nodes.Node) -> str:
    """The tree in canonical form; "" for every article."""
    written = _write(tree, " AND ", _canonical)
    return written if len(written) <= MAX_TEXT and _depth(tree) <= MAX_DEPTH else _write(tree, " ", _canonical)


def spelled(tree: nodes.Node) -> str:
    """The tree in the same form, with words and values as they were typed wherever that means the same."""
    written = _write(tree, " AND ", _as_typed)
    return written if len(written) <= MAX_TEXT and _read(written).tree == tree else write(tree)


def _depth(tree: nodes.Node) -> int:
    """The nesting depth when all parentheses are written."""
    match tree:
        case nodes.And(parts) | nodes.Or(parts):
            return max(isinstance(part, nodes.And | nodes.Or) + _depth(part) for part in parts)
        case nodes.AtLeast(parts):
            return 1 + max(isinstance(part, nodes.And | nodes.Or) + _depth(part) for part in parts)
        case nodes.Together(parts):
            return max(isinstance(part, nodes.Or) + _depth(part) for part in parts)
        case nodes.Not(part):
            return isinstance(part, nodes.And | nodes.Or) + _depth(part)
        case _:
            return 0


def _write(tree: nodes.Node, joint: str, term: Spell) -> str:
    match tree:
        case nodes.All():
            return ""
        case nodes.Together(parts, "next"):
            first = next(part for part in parts if isinstance(part, nodes.Misread))
            words = " ".join(part.word for part in parts if isinstance(part, nodes.Word | nodes.Misread))
            return _in(first.field, f'"{words}"{_ocr(first)}')
        case nodes.Together(parts, within):
            return f" /{within} ".join(_operand(part, joint, term) for part in parts)
        case nodes.AtLeast(parts, least) if joint == " ":
            listed = " OR ".join(
                _operand(p, joint, term) if isinstance(p, nodes.Or) else _write(p, joint, term) for p in parts
            )
            return f"({min(listed, _write(nodes.And(parts), joint, term), key=len)})@{least}"
        case nodes.AtLeast(parts, least):
            return f"({' OR '.join(_operand(part, joint, term) for part in parts)})@{least}"
        case nodes.Not(part):
            return f"NOT {_operand(part, joint, term)}"
        case nodes.And(parts) if joint == " ":
            optional = any(not _is_function_word(leaf) for leaf in nodes.leaves(tree))
            written = (_operand(part, joint, term) for part in parts)
            return joint.join(
                f'"{text}"' if optional and _is_function_word(part) else text
                for part, text in zip(parts, written, strict=True)
            )
        case nodes.And(parts):
            return joint.join(_operand(part, joint, term) for part in parts)
        case nodes.Or(parts) if joint == " ":
            return " OR ".join(_write(part, joint, term) for part in parts)
        case nodes.Or(parts):
            return " OR ".join(_operand(part, joint, term) for part in parts)
        case _:
            return term(tree)


def _canonical(term: Term) -> str:
    """A word, phrase or value as it is compared."""
    match term:
        case nodes.Word(word, field):
            return _in(field, word)
        case nodes.Prefix(letters, field):
            return _in(field, f"{letters}*")
        case nodes.Fuzzy(word, edits, field):
            return _in(field, f"{word}~{edits}")
        case nodes.Misread(word, _, field):
            return _in(field, f"{word}{_ocr(term)}")
        case nodes.Exact((word,), field):
            return _in(field, f"={word}")
        case nodes.Exact(words, field):
            return _in(field, f'="{" ".join(words)}"')
        case nodes.Phrase(words, field):
            return _in(field, f'"{" ".join(words)}"')
        case nodes.Near(words, distance, field):
            return _in(field, f'"{" ".join(words)}"~{distance}')
        case nodes.Value(facet, value):
            return _in(facet, _quoted(value))
        case nodes.Id(value):
            return _in("id", _quoted(value))
        case nodes.Url(beginning):
            return _in("url", _quoted(beginning))
        case nodes.Days(first, last, field):
            return _in(field, first if first and first == last else f"{first or ''}..{last or ''}")


def _as_typed(term: Term) -> str:
    """A word, phrase or value as it was typed, if it is then read as the same, without a repair."""
    canonical = _as_named(term, _canonical(term))
    for written in (_as_named(term, spelling) for spelling in _spellings(term)):
        if written == canonical:
            break
        parsed = _read(written)
        if parsed.tree == term and not parsed.notes and _typed(parsed.tree) == _typed(term):
            return written
    return canonical


def _ocr(word: nodes.Misread) -> str:
    return Choice(word.without, word.also).written()


def _spellings(term: Term) -> Iterator[str]:
    """What may have been typed for a word, phrase or value, the shortest first."""
    typed = _typed(term)
    match term:  # a node that is not here is written in canonical form
        case _ if not typed:
            return
        case nodes.Word(field=field) | nodes.Phrase(field=field):
            for text in (typed, _in_quotes(typed)):
                yield _in(field, text)
        case nodes.Prefix(field=field):
            yield _in(field, f"{typed}*")
        case nodes.Fuzzy(edits=edits, field=field):
            yield _in(field, f"{typed}~{edits}")
        case nodes.Misread(field=field):
            yield _in(field, f"{typed}{_ocr(term)}")
        case nodes.Exact(field=field):
            for text in (typed, _in_quotes(typed)):
                yield _in(field, f"={text}")
        case nodes.Near(distance=distance, field=field):
            yield _in(field, f"{_in_quotes(typed)}~{distance}")
        case nodes.Value(facet):
            yield _in(facet, _quoted(typed))
        case nodes.Url():
            yield _in("url", typed)
            yield _in("url", _quoted(typed))
        case nodes.Days(field=field):
            yield _in(field, typed)
            yield _in(field, _quoted(typed))


def _as_named(term: Term, written: str) -> str:
    """What is written for a term, with the name of its field as it was typed."""
    named = getattr(term, "named", "")
    return f"{named}:{written.partition(':')[2]}" if named else written


def _typed(tree: nodes.Node) -> str:
    return getattr(tree, "typed", "")


def _read(text: str) -> Parsed:
    """What a spelling is read as; something that no term is if it cannot be."""
    try:
        return parse(text)
    except BadQuery:
        return Parsed(nodes.All())


def _is_function_word(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Word) and node.field is None and node.word in EVERY


def _in(field: str | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def _quoted(value: str) -> str:
    """A value as it can be typed."""
    return value if _PLAIN.fullmatch(value) else _in_quotes(value)


def _in_quotes(text: str) -> str:
    """A text in quotes, with a backslash before what would end them and before each backslash."""
    return f'"{_SIGN.sub(_ESCAPE, text)}"'


def _operand(part: nodes.Node, joint: str, term: Spell) -> str:
    written = _write(part, joint, term)
    return f"({written})" if isinstance(part, nodes.And | nodes.Or) else written
