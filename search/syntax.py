"""The query language: `parse(text)` gives a tree and notes, `write(tree)` gives it back in canonical form.

    trade talks            both words (AND is understood)
    "trade talks"          the words side by side; so is a word with a hyphen, like cease-fire
    oil OR gas             either; operators are upper case, NOT binds before AND, AND before OR
    china -trade           without a word; the same as NOT trade
    (oil OR gas) crisis    parentheses
    title:reactor          in the headline only; also title:"…" and title:(…)
    trade*                 any word that begins so; three letters at least

It never fails on what a person may type: what cannot be read is repaired, and a note says what, where (from 1) and how
it was read. Only size is refused: more than `MAX_DEPTH` nested parentheses or `MAX_CLAUSES` words.

`parse(write(tree)).tree == tree` for every tree that `parse` gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.errors import BadParameter, BadQuery
from search.text import tokens

MAX_DEPTH = 32
MAX_CLAUSES = 256
MIN_PREFIX = 3
TEXT_FIELDS = ("title",)
"""Fields that can be named before a colon."""


@dataclass(frozen=True, slots=True)
class All:
    """Every article: what an empty query asks for."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, in the title or the text, or in one field only."""

    word: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins with these letters (folded)."""

    letters: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words side by side, within the title or within the text."""

    words: tuple[str, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class And:
    """Every part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every article but these."""

    part: Node


Leaf = Word | Prefix | Phrase
Node = All | Word | Prefix | Phrase | And | Or | Not


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, and a sentence for everything that had to be repaired."""

    tree: Node
    notes: tuple[str, ...] = ()


def parse(text: str) -> Parsed:
    """Read a query.

    Raises:
        BadQuery: when it is nested deeper than `MAX_DEPTH` or has more than `MAX_CLAUSES` words and phrases.
    """
    parser = _Parser(text)
    return Parsed(parser.query(), tuple(parser.notes))


def leaves(tree: Node) -> Iterator[Leaf]:
    """The words and phrases that an article may be found by: those not under a NOT, in order, each once."""
    return iter(dict.fromkeys(_leaves(tree)))


def _leaves(tree: Node) -> Iterator[Leaf]:
    match tree:
        case Word() | Prefix() | Phrase():
            yield tree
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)


def write(tree: Node) -> str:
    """The tree in canonical form; "" for every article."""
    match tree:
        case All():
            return ""
        case Word(word, field):
            return _in(field, word)
        case Prefix(letters, field):
            return _in(field, letters + "*")
        case Phrase(words, field):
            return _in(field, f'"{" ".join(words)}"')
        case Not(part):
            return f"NOT {_operand(part, And | Or)}"
        case And(parts):
            return " AND ".join(_operand(part, And | Or) for part in parts)
        case Or(parts):
            return " OR ".join(_operand(part, And | Or) for part in parts)


def _in(field: str | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def _operand(part: Node, bracketed: type | object) -> str:
    return f"({write(part)})" if isinstance(part, bracketed) else write(part)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str  # "(", ")", "-", "field", "and", "or", "not", "quoted", "word"
    text: str
    at: int  # 1-based position, for notes
    star: bool = False


_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "”": "”"}
_LEX = re.compile(
    r"""(?P<space>\s+)
      | (?P<paren>[()])
      | (?P<quote>["“„«”])
      | (?P<minus>(?<![^\s(])[-−](?=[^\s)]))
      | (?P<field>[A-Za-z][A-Za-z_]*):(?=[^\s)])
      | (?P<word>[^\s()"“„«”]+)""",
    re.VERBOSE,
)
_SLOP = re.compile(r"~\d*")
_FUZZY = re.compile(r"~\d*$")


class _Parser:
    """Recursive descent over lexemes: or → and → not → atom."""

    def __init__(self, text: str) -> None:
        self.notes: list[str] = []
        self.clauses = 0
        self.depth = 0
        self.lexemes = list(self._lex(text))
        self.next = 0

    # -- letters to lexemes ------------------------------------------------------------------

    def _lex(self, text: str) -> Iterator[_Lexeme]:
        at = 0
        while at < len(text):
            match = _LEX.match(text, at)
            if match is None:  # a lone minus before a bracket or at the end
                at += 1
                continue
            start, at = at + 1, match.end()
            kind = match.lastgroup
            if kind == "paren":
                yield _Lexeme(match[0], match[0], start)
            elif kind == "minus":
                yield _Lexeme("-", match[0], start)
            elif kind == "field":
                if match["field"].lower() in TEXT_FIELDS:
                    yield _Lexeme("field", match["field"].lower(), start)
                else:
                    self._note(f"No field “{match['field']}” to search in, at {start}: searched as a word.")
                    yield _Lexeme("word", match["field"], start)
            elif kind == "quote":
                end = self._closing(text, match[0], at)
                if end < 0:
                    self._note(f"Unclosed quote at {start}: searched as words.")
                    continue
                yield _Lexeme("quoted", text[at:end], start)
                at = end + 1
                if slop := _SLOP.match(text, at):
                    self._note(f"“{slop[0]}” at {at + 1}: words apart are not searched for yet; read as a phrase.")
                    at = slop.end()
            elif kind == "word":
                yield self._word(match[0], start)

    @staticmethod
    def _closing(text: str, quote: str, at: int) -> int:
        ends = [end for mark in {_QUOTES[quote], '"' if quote != '"' else "”"} if (end := text.find(mark, at)) >= 0]
        return min(ends, default=-1)

    def _word(self, text: str, at: int) -> _Lexeme:
        if text in ("AND", "OR", "NOT"):
            return _Lexeme(text.lower(), text, at)
        if (fuzzy := _FUZZY.search(text)) and len(text) > len(fuzzy[0]):
            self._note(
                f"“{fuzzy[0]}” at {at + fuzzy.start()}: similar words are not searched for yet; read without it."
            )
            return _Lexeme("word", text[: fuzzy.start()], at)
        if text.endswith("*") and len(text) > 1:
            return _Lexeme("word", text[:-1], at, star=True)
        return _Lexeme("word", text, at)

    def _note(self, sentence: str) -> None:
        self.notes.append(sentence)

    # -- lexemes to a tree -------------------------------------------------------------------

    def query(self) -> Node:
        tree = self._or(None)
        while self._peek() == ")":  # what closes nothing is passed over, and reading goes on
            self._note(f"Nothing to close with “)” at {self._take().at}: passed over.")
            tree = self._join(And, [part for part in (tree, self._or(None)) if part is not None])
        if tree is None:
            if self.lexemes:
                self._note("There is no word to search for: every article is shown.")
            return All()
        return tree

    def _peek(self) -> str:
        return self.lexemes[self.next].kind if self.next < len(self.lexemes) else ""

    def _take(self) -> _Lexeme:
        self.next += 1
        return self.lexemes[self.next - 1]

    def _or(self, field: str | None) -> Node | None:
        parts: list[Node] = []
        while True:
            part = self._and(field)
            if part is not None:
                parts.append(part)
            if self._peek() != "or":
                return self._join(Or, parts)
            operator = self._take()
            if part is None or self._peek() in ("", ")", "or", "and"):
                self._note(f"OR at {operator.at} has nothing on one side: passed over.")

    def _and(self, field: str | None) -> Node | None:
        parts: list[Node] = []
        while self._peek() not in ("", ")", "or"):
            if self._peek() == "and":
                operator = self._take()
                if not parts or self._peek() in ("", ")", "or", "and"):
                    self._note(f"AND at {operator.at} has nothing on one side: passed over.")
                continue
            part = self._not(field)
            if part is not None:
                parts.append(part)
        return self._join(And, parts)

    def _not(self, field: str | None) -> Node | None:
        negations = 0
        operator: _Lexeme | None = None
        while self._peek() in ("not", "-"):
            operator = self._take()
            negations += 1
        if operator is not None and self._peek() in ("", ")", "or", "and"):
            self._note(f"{operator.text} at {operator.at} has nothing to exclude: passed over.")
            return None
        part = self._atom(field)
        return Not(part) if part is not None and negations % 2 else part

    def _atom(self, field: str | None) -> Node | None:
        lexeme = self._take()
        match lexeme.kind:
            case "field":
                if self._peek() in ("", ")", "or", "and", "not", "-", "field"):
                    self._note(f"{lexeme.text}: at {lexeme.at} names no word: passed over.")
                    return None
                return self._atom(lexeme.text)
            case "(":
                return self._group(lexeme, field)
            case "quoted":
                words = tuple(token.word for token in tokens(lexeme.text))
                if not words:
                    self._note(f"Nothing between the quotes at {lexeme.at}: passed over.")
                return self._leaf(words, field)
            case _:
                return self._term(lexeme, field)

    def _group(self, opening: _Lexeme, field: str | None) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _too_large(f"Parentheses are nested deeper than {MAX_DEPTH}.", "Nest them less deep.")
        inner = self._or(field)
        self.depth -= 1
        if self._peek() == ")":
            self._take()
        else:
            self._note(f"Unclosed “(” at {opening.at}: closed at the end.")
        if inner is None:
            self._note(f"Nothing in the parentheses at {opening.at}: passed over.")
        return inner

    def _term(self, lexeme: _Lexeme, field: str | None) -> Node | None:
        words = tuple(token.word for token in tokens(lexeme.text))
        if lexeme.star and len(words) == 1 and len(words[0]) >= MIN_PREFIX:
            self._count()
            return Prefix(words[0], field)
        if lexeme.star and words:
            need = f"needs one word of {MIN_PREFIX} letters or more before it"
            self._note(f"“*” at {lexeme.at + len(lexeme.text)} {need}: read without it.")
        return self._leaf(words, field)

    def _leaf(self, words: tuple[str, ...], field: str | None) -> Node | None:
        if not words:
            return None
        self._count()
        return Word(words[0], field) if len(words) == 1 else Phrase(words, field)

    def _count(self) -> None:
        self.clauses += 1
        if self.clauses > MAX_CLAUSES:
            raise _too_large(f"The query has more than {MAX_CLAUSES} words and phrases.", "Leave some out.")

    @staticmethod
    def _join(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
        if not parts:
            return None
        flat: list[Node] = []
        for part in parts:
            flat.extend(part.parts if isinstance(part, kind) else (part,))
        return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _too_large(reason: str, hint: str) -> BadQuery:
    return BadQuery([BadParameter("q", "", reason, hint)])
