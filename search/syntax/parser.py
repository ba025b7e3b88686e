"""Reading a query: a tree, and a note for everything that had to be repaired.

Recursive descent: or → and → not → atom. Cost: linear in the query, some 30 µs for an ordinary one.
"""

from __future__ import annotations

from dataclasses import dataclass

from search.errors import BadParameter, BadQuery
from search.query import MAX_TEXT, nearest
from search.syntax import conditions, words
from search.syntax.lexer import FIELDS, TEXT_FIELDS, Lexeme, lex
from search.syntax.nodes import All, And, Exact, Near, Node, Not, Or, Phrase
from search.syntax.notes import Notes

MAX_DEPTH = 32
MAX_CLAUSES = 256
MAX_GROUPS = 16
"""Phrases and groups of near words, each of which reads the positions of all its words; `cease-fire` is a phrase."""
MAX_NEAR = 64
"""Words in all groups of near words together: the positions of each are put in order, ten times a phrase's work."""
_NO_ATOM = ("", ")", "or", "and", "not", "-", "field")
"""What cannot follow a field: the end, and lexemes that begin no word, phrase or group."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, and a sentence for everything that had to be repaired, in the order of the query."""

    tree: Node
    notes: tuple[str, ...] = ()


def parse(text: str) -> Parsed:
    """Read a query.

    Raises:
        BadQuery: when it is nested deeper than `MAX_DEPTH`, has more than `MAX_CLAUSES` words, phrases and values, or
            more than `MAX_GROUPS` phrases and groups of near words, or `MAX_NEAR` words in the latter.
    """
    parser = _Parser(text)
    return Parsed(parser.query(), parser.notes.sentences())


def askable(text: str) -> bool:
    """Whether a query that was written from a changed tree is still one that can be asked."""
    if len(text) > MAX_TEXT:
        return False
    try:
        parse(text)
    except BadQuery:
        return False
    return True


class _Parser:
    def __init__(self, text: str) -> None:
        self.notes = Notes()
        self.lexemes = list(lex(text))
        self.next = 0
        self.depth = 0
        self.clauses = 0
        self.groups = 0
        self.near = 0

    def query(self) -> Node:
        tree = self._or(None)
        while self._peek() == ")":  # what closes nothing is passed over, and reading goes on
            at = self._take().at
            self.notes.add(at, f"Nothing to close with “)” at {at}: passed over.")
            tree = _join(And, [part for part in (tree, self._or(None)) if part is not None])
        if tree is None:
            if self.lexemes:
                self.notes.add(self.lexemes[-1].at, "No word to search for at 1 or after: every article is shown.")
            return All()
        return tree

    def _peek(self) -> str:
        return self.lexemes[self.next].kind if self.next < len(self.lexemes) else ""

    def _take(self) -> Lexeme:
        self.next += 1
        return self.lexemes[self.next - 1]

    def _or(self, field: str | None) -> Node | None:
        parts: list[Node] = []
        while True:
            part = self._and(field)
            if part is not None:
                parts.append(part)
            if self._peek() != "or":
                return _join(Or, parts)
            operator = self._take()
            if part is None or self._peek() in ("", ")", "or", "and"):
                self.notes.add(operator.at, f"OR at {operator.at} has nothing on one side: passed over.")

    def _and(self, field: str | None) -> Node | None:
        parts: list[Node] = []
        while self._peek() not in ("", ")", "or"):
            if self._peek() == "and":
                operator = self._take()
                if not parts or self._peek() in ("", ")", "or", "and"):
                    self.notes.add(operator.at, f"AND at {operator.at} has nothing on one side: passed over.")
                continue
            part = self._not(field)
            if part is not None:
                parts.append(part)
        return _join(And, parts)

    def _not(self, field: str | None) -> Node | None:
        negations = 0
        operator: Lexeme | None = None
        while self._peek() in ("not", "-"):
            operator = self._take()
            negations += 1
        if operator is not None and self._peek() in ("", ")", "or", "and"):
            self.notes.add(operator.at, f"{operator.text} at {operator.at} has nothing to exclude: passed over.")
            return None
        part = self._atom(field)
        if part is None or negations % 2 == 0:
            return part
        return part.part if isinstance(part, Not) else Not(part)

    def _atom(self, field: str | None) -> Node | None:
        lexeme = self._take()
        while lexeme.kind == "unclosed":
            self.notes.add(lexeme.at, f"Unclosed quote at {lexeme.at}: searched as words.")
            if self._peek() in _NO_ATOM:
                return None
            lexeme = self._take()
        match lexeme.kind:
            case "field":
                if self._peek() in _NO_ATOM:
                    self.notes.add(lexeme.at, f"{lexeme.text}: at {lexeme.at} names no word: passed over.")
                    return None
                return self._atom(lexeme.text)
            case "(":
                return self._group(lexeme, field)
            case _:
                return self._term(lexeme, field)

    def _group(self, opening: Lexeme, field: str | None) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _too_large(f"Parentheses are nested deeper than {MAX_DEPTH}.", "Nest them less deep.")
        inner = self._or(field)
        self.depth -= 1
        if self._peek() == ")":
            self._take()
        else:
            self.notes.add(opening.at, f"Unclosed “(” at {opening.at}: closed at the end.")
        if inner is None:
            self.notes.add(opening.at, f"Nothing in the parentheses at {opening.at}: passed over.")
        return inner

    def _term(self, lexeme: Lexeme, field: str | None) -> Node | None:
        if field is None or field in TEXT_FIELDS:
            self._look_for_strangers(lexeme)
            term: Node | None = words.read(lexeme, field, self.notes)
        else:
            term = conditions.read(lexeme, field, self.notes)
        if term is not None:
            self.clauses += 1
            if self.clauses > MAX_CLAUSES:
                reason = f"The query has more than {MAX_CLAUSES} words, phrases and values."
                raise _too_large(reason, "Leave some out.")
            self.groups += isinstance(term, Phrase | Near | Exact) and len(term.words) > 1
            if self.groups > MAX_GROUPS:
                reason = f"The query has more than {MAX_GROUPS} phrases and groups of near words."
                raise _too_large(reason, "Leave some out; a word with a hyphen is a phrase, too.")
            self.near += len(term.words) if isinstance(term, Near) else 0
            if self.near > MAX_NEAR:
                reason = f"The query has more than {MAX_NEAR} words that are to stand near others."
                raise _too_large(reason, "Leave some out, or search for a phrase.")
        return term

    def _look_for_strangers(self, lexeme: Lexeme) -> None:
        """Note a name before a colon that is no field, and a field whose word stands apart."""
        name, colon, rest = lexeme.text.partition(":")
        if lexeme.kind != "word" or not colon or not name.isascii() or not name.replace("_", "").isalpha():
            return
        if name.lower() in FIELDS:
            if not rest:
                together = f"a field and its word stand together, as in {name.lower()}:word"
                self.notes.add(lexeme.at, f"“{name}:” at {lexeme.at} is searched as a word; {together}.")
        elif rest or self._follows(lexeme):
            hint = nearest(name, FIELDS)
            self.notes.add(lexeme.at, f"No field “{name}” to search in, at {lexeme.at}: searched as words. {hint}")

    def _follows(self, lexeme: Lexeme) -> bool:
        """Whether a quotation or a parenthesis follows directly."""
        if self._peek() not in ("quoted", "("):
            return False
        return self.lexemes[self.next].at == lexeme.at + len(lexeme.text)


def _join(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    if not parts:
        return None
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _too_large(reason: str, hint: str) -> BadQuery:
    return BadQuery([BadParameter("q", "", reason, hint)])
