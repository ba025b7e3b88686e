"""Parses a query: a tree, and a note for every repair.

Recursive descent: or → and → not → near → atom. Cost: linear in the query, some 30 µs for an ordinary one.

Function words (`function_words`) next to content words are dropped from the tree. To require one, write AND next to it,
quote it, or name a field: what was typed deliberately is respected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from search.errors import BadQuery, BadValue
from search.said import said
from search.syntax import conditions, function_words
from search.syntax import proximity_operators as together
from search.syntax import words_and_phrases as words
from search.syntax.lexer import ACCENTED, FIELDS, NAMED, TEXT_FIELDS, Lexeme, lex
from search.syntax.nodes import (
    All,
    And,
    AtLeast,
    Exact,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Together,
    Word,
    at_least,
    joined,
    leaves,
)
from search.syntax.notes import Notes
from search.text.numbers import whole_number
from search.text.tokens import fold_word
from search.values.bad_values import MAX_TEXT, near, nearest

MAX_DEPTH = 32
MAX_CLAUSES = 256
MAX_GROUPS = 16
"""Phrases and groups of near words; the positions of all their words must be read. `cease-fire` is a phrase."""
MAX_NEAR = 64
"""Words in all groups of near words together: their positions are merged in order, ten times the work of a phrase."""
_PLAIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){0,15}")
"""Some words of nothing but ASCII letters."""
_COUNT = re.compile("@[0-9]+")
_NOT_PLAIN = ("AND", "OR", "NOT")
_END = ("", ")", "or", "and", "near")
"""What cannot follow an operator: the end, and lexemes that do not begin a part."""
_NO_ATOM = (*_END, "not", "-", "field")
"""What cannot follow a field: also lexemes that do not begin a word, phrase or group."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, and a sentence for every repair, in the order of the query.

    Attributes:
        repairs: the notes without those on what was read as it stands, and on common words.
        counted: the parts of which a match has `least`, if not all are required (see `partial`).
    """

    tree: Node
    notes: tuple[str, ...] = ()
    counted: tuple[Node, ...] = ()
    least: int = 0
    repairs: tuple[str, ...] = ()


def parse(text: str) -> Parsed:
    """Read a query.

    Raises:
        BadQuery: if it is nested deeper than `MAX_DEPTH`, or has more than `MAX_CLAUSES` words, phrases and values,
            `MAX_GROUPS` phrases and groups of near words, or `MAX_NEAR` words in the latter and at `/s`, `/p`, `/5`.
    """
    tree = _plain(text)
    if tree is not None:
        return Parsed(tree)
    parser = _Parser(text)
    return Parsed(parser.query(), parser.notes.sentences(), repairs=parser.notes.repairs())


def _plain(text: str) -> Node | None:
    """The tree of a query of a few plain words, or of such with OR between all of them, as `_Parser` makes it, in a
    fraction of the time; None for any other.
    """
    if not _PLAIN.fullmatch(text):
        return None
    words = text.split()
    kind: type[And] | type[Or] = And
    if len(words) > 2 and words[1] == "OR":
        if len(words) % 2 == 0 or words[1::2].count("OR") != len(words) // 2:
            return None
        kind, words = Or, words[::2]
    found = tuple([Word(fold_word(word), None, word) for word in words])
    if any([word in _NOT_PLAIN for word in words]) or any([one.word in function_words.EVERY for one in found]):
        return None
    return found[0] if len(found) == 1 else kind(found)


def askable(text: str) -> bool:
    """True if a query that was written from a changed tree is still within the limits."""
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
        self.lexemes: list[Lexeme] = []
        self.least: dict[int, int] = {}
        self.misread: dict[int, tuple[int, words.Choice]] = {}
        self.forgiving: words.Choice | None = None
        self.named = ""
        self._split(text)
        self.optional = self._optional()
        self.omitted: list[Lexeme] = []
        self.next = 0
        self.depth = 0
        self.clauses = 0
        self.groups = 0
        self.near = 0

    def query(self) -> Node:
        tree = self._or(None)
        while self._peek() == ")":  # an unmatched ")" is ignored, and parsing goes on
            at = self._take().at
            self.notes.about(at, "Nothing to close with “)” at {at}: ignored.")
            tree = _join(And, [part for part in (tree, self._or(None)) if part is not None])
        if tree is None:
            if self.lexemes:
                self.notes.about(self.lexemes[-1].at, "No word to search for at 1 or after: every article is shown.")
            return All()
        self._note_omitted()
        return tree

    def _split(self, text: str) -> None:
        """Find the lexemes, and for each parenthesis that opens a group what follows it: how many of its parts are
        required, or that a scanner may have misread its words.
        """
        open_groups: list[int] = []
        closed: int | None = None
        for lexeme in lex(text):
            match lexeme.kind:
                case "boost":
                    self.notes.about(
                        lexeme.at, "“{text}” at {at}: words cannot be weighted; ignored.", text=lexeme.text
                    )
                    continue
                case "least":
                    self._note_least(lexeme, closed)
                    continue
                case "misread":
                    if closed is None:
                        self.notes.about(lexeme.at, "“{text}” at {at} follows no group: ignored.", text=lexeme.text)
                    else:
                        self.misread[closed] = lexeme.at, words.choice(lexeme.text)
                    continue
                case "word" if not lexeme.value and _COUNT.fullmatch(lexeme.text):
                    self.notes.about(
                        lexeme.at,
                        "“{text}” at {at} is searched as a word; a number of parts directly follows their "
                        "parenthesis, as in (a b c)@2.",
                        text=lexeme.text,
                    )
                case "(":
                    open_groups.append(len(self.lexemes))
                case ")":
                    closed = open_groups.pop() if open_groups else None
            self.lexemes.append(lexeme)

    def _note_least(self, lexeme: Lexeme, closed: int | None) -> None:
        """Note how many parts are required of the group that has just been closed."""
        number = lexeme.text[1:]
        if closed is None:
            self.notes.about(lexeme.at, "“{text}” at {at} follows no group: ignored.", text=lexeme.text)
        elif (least := whole_number(number)) is not None:
            self.least[closed] = least
        else:
            self.notes.about(
                lexeme.at, "“{text}” at {at} is no number of parts, as in (a b c)@2: ignored.", text=lexeme.text
            )

    def _optional(self) -> frozenset[Lexeme]:
        """The plainly typed function words of the query's language."""
        typed = {
            lexeme: word
            for lexeme in self.lexemes
            if lexeme.kind == "word" and not lexeme.value and (word := function_words.plain(lexeme.text))
        }
        self.language = function_words.language_of(typed.values()) or ""
        if not self.language:
            return frozenset()
        table = function_words.FUNCTION_WORDS.get(self.language, frozenset())
        flags = function_words.are_function_words([lexeme.text for lexeme in typed])
        return frozenset(
            lexeme for (lexeme, word), flag in zip(typed.items(), flags, strict=True) if flag and word in table
        )

    def _note_omitted(self) -> None:
        """Add notes about the function words that were dropped, and about possible operators.

        A word for AND is read as intended, and needs no note.
        """
        if not self.omitted:
            return
        either, without = function_words.EITHER.get(self.language), function_words.WITHOUT.get(self.language)
        places = {lexeme: place for place, lexeme in enumerate(self.lexemes)}
        named: dict[str, int] = {}
        for lexeme in sorted(self.omitted, key=lambda lexeme: lexeme.at):
            word = function_words.plain(lexeme.text)
            place = places[lexeme]
            around = self.lexemes[max(place - 1, 0) : place + 2]
            if word in (either, without) and len(around) == 3 and all(other.kind == "word" for other in around):
                before, _, after = (other.text for other in around)
                form = f"{before} OR {after}" if word == either else f"{before} NOT {after}"
                self.notes.aside(
                    lexeme.at,
                    "“{word}” at {at} was ignored as a common word; for the operator, write {form}.",
                    word=str(word),
                    form=form,
                )
            elif word is not None and word != function_words.BOTH.get(self.language):
                named.setdefault(word, lexeme.at)
        if named:
            first, at = next(iter(named.items()))
            words = ", ".join(named)
            self.notes.aside(
                at,
                'Omitted as too common, at {at} and after: {words}. Quote what is required: "{first}".',
                words=words,
                first=first,
            )

    def _peek(self) -> str:
        return self.lexemes[self.next].kind if self.next < len(self.lexemes) else ""

    def _take(self) -> Lexeme:
        self.next += 1
        return self.lexemes[self.next - 1]

    def _or(self, field: str | None, counted: bool = False) -> Node | None:
        """Parts with OR between them; those of a counted group stay as they are written."""
        parts: list[Node] = []
        while True:
            part = self._and(field, counted)
            if part is not None:
                parts.append(part)
            if self._peek() != "or":
                return _as_written(Or, parts) if counted else _join(Or, parts)
            operator = self._take()
            if part is None or self._peek() in _END:
                self.notes.about(operator.at, "OR at {at} has nothing on one side: ignored.")

    def _and(self, field: str | None, counted: bool = False) -> Node | None:
        parts: list[Node] = []
        optional: dict[int, Lexeme] = {}
        required = False
        while self._peek() not in ("", ")", "or"):
            if self._peek() == "and":
                operator = self._take()
                if not parts or self._peek() in _END:
                    self.notes.about(operator.at, "AND at {at} has nothing on one side: ignored.")
                # who writes AND next to a common word means that word
                optional.pop(len(parts) - 1, None)
                required = True
                continue
            if self._peek() == "near":
                self._note_one_sided(self._take())
                continue
            begun = self.next
            part = self._not(field)
            if part is not None:
                if not required and self.next == begun + 1 and self.lexemes[begun] in self.optional:
                    optional[len(parts)] = self.lexemes[begun]
                parts.append(part)
            required = False
        parts = self._with_content(parts, optional)
        return _as_written(And, parts) if counted else _join(And, parts)

    def _with_content(self, parts: list[Node], optional: dict[int, Lexeme]) -> list[Node]:
        """The parts without the optional ones, if the others contain anything to search for; else all."""
        rest = [part for number, part in enumerate(parts) if number not in optional]
        if not optional or not any(next(leaves(part), None) for part in rest):
            return parts
        self.omitted += optional.values()
        return rest

    def _not(self, field: str | None) -> Node | None:
        negations = 0
        operator: Lexeme | None = None
        while self._peek() in ("not", "-"):
            operator = self._take()
            negations += 1
        if operator is not None and self._peek() in _END:
            self.notes.about(operator.at, "{text} at {at} has nothing to exclude: ignored.", text=operator.text)
            return None
        part = self._near(field)
        if part is None or negations % 2 == 0:
            return part
        # a group may begin with NOT itself: two of them are none
        return part.part if isinstance(part, Not) else Not(part)

    def _near(self, field: str | None) -> Node | None:
        part = self._atom(field)
        if self._peek() != "near":
            return part
        parts: list[Node] = [] if part is None else [part]
        operators: list[Lexeme] = []
        while self._peek() == "near":
            operator = self._take()
            if self._peek() in ("not", "-"):
                self.notes.about(
                    operator.at, "“{text}” at {at} cannot be combined with NOT: read as AND.", text=operator.text
                )
                break
            part = None if not parts or self._peek() in _END else self._atom(field)
            if part is None:
                self._note_one_sided(operator)
            else:
                parts.append(part)
                operators.append(operator)
        joined = together.read(parts, operators, self.notes)
        self._count_again(joined, parts)
        return _join(And, joined)

    def _note_one_sided(self, operator: Lexeme) -> None:
        self.notes.about(operator.at, "“{text}” at {at} has nothing on one side: ignored.", text=operator.text)

    def _count_again(self, joined: list[Node], parts: list[Node]) -> None:
        """Count what was joined as it will be counted when its canonical form is read."""
        if len(joined) > 1 and self.depth == MAX_DEPTH:
            raise _too_deep()
        self.clauses += max(0, sum(map(_leaf_count, joined)) - sum(map(_leaf_count, parts)))
        self.groups += max(0, sum(map(_group_count, joined)) - sum(map(_group_count, parts)))
        self.near += sum(_word_count(node) for node in joined if isinstance(node, Together))
        self._check_size()

    def _atom(self, field: str | None) -> Node | None:
        lexeme = self._take()
        while lexeme.kind == "unclosed":
            self.notes.about(lexeme.at, "Unclosed quote at {at}: searched as words.")
            if self._peek() in _NO_ATOM:
                return None
            lexeme = self._take()
        match lexeme.kind:
            case "field":
                if self._peek() in _NO_ATOM:
                    self.notes.about(lexeme.at, "{text}: at {at} names no word: ignored.", text=lexeme.text)
                    return None
                around, self.named = self.named, lexeme.written
                found = self._atom(lexeme.text)
                self.named = around
                return found
            case "(":
                return self._group(lexeme, field)
            case _:
                return self._term(lexeme, field)

    def _group(self, opening: Lexeme, field: str | None) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _too_deep()
        # by the place of its “(”: the number is written behind the “)”, and is needed before the parts are read
        least, stated, around = self.least.get(self.next - 1), self.misread.get(self.next - 1), self.forgiving
        if stated is not None:
            self.forgiving = stated[1] if around is None else around.and_of(stated[1])
        inner = self._or(field, counted=least is not None)
        self.forgiving = around
        if stated is not None:
            words.note_unread(stated[1], inner, stated[0], self.notes)
        self.depth -= 1
        if self._peek() == ")":
            self._take()
        else:
            self.notes.about(opening.at, "Unclosed “(” at {at}: closed at the end.")
        if inner is None:
            self.notes.about(opening.at, "Nothing in the parentheses at {at}: ignored.")
        return inner if inner is None or least is None else self._counted(opening, least, inner)

    def _counted(self, opening: Lexeme, least: int, inner: Node) -> Node:
        """A group of whose parts some are required."""
        parts = inner.parts if isinstance(inner, And | Or) else (inner,)
        if isinstance(inner, Or):  # what is in parentheses within one of them is not counted
            parts = tuple(joined(And, part.parts) if isinstance(part, And) else part for part in parts)
        if least < 1:
            self.notes.about(opening.at, "Of the group at {at}, at least one part is required, not 0: any is enough.")
        elif least > len(set(parts)):
            self.notes.about(
                opening.at, "The group at {at} has fewer parts than {least}: all are required.", least=str(least)
            )
        return at_least(least, parts)

    def _term(self, lexeme: Lexeme, field: str | None) -> Node | None:
        if field is None or field in TEXT_FIELDS:
            self._note_unknown_field(lexeme)
            self._note_operator(lexeme)
            leaf = words.read(lexeme, field, self.notes, self.forgiving)
            if self.named and leaf is not None and not isinstance(leaf, Together):
                leaf = replace(leaf, named=self.named)
            term: Node | None = leaf
        else:
            term = conditions.read(lexeme, field, self.notes, self.named)
        if term is not None:
            self.clauses += 1
            self.groups += _is_group(term) or isinstance(term, Together)
            self.near += len(term.words) if isinstance(term, Near) else 0
            self.near += _word_count(term) if isinstance(term, Together) else 0
            self._check_size()
        return term

    def _check_size(self) -> None:
        if self.clauses > MAX_CLAUSES:
            reason = said(
                "The query has more than {max_clauses} words, phrases and values.", max_clauses=str(MAX_CLAUSES)
            )
            raise _too_large(reason, "Leave some out.")
        if self.groups > MAX_GROUPS:
            reason = said(
                "The query has more than {max_groups} phrases and groups of near words.", max_groups=str(MAX_GROUPS)
            )
            raise _too_large(reason, "Leave some out; a word with a hyphen is a phrase, too.")
        if self.near > MAX_NEAR:
            reason = said("The query has more than {max_near} words in groups of near words.", max_near=str(MAX_NEAR))
            raise _too_large(reason, "Leave some out, or search for a phrase.")

    def _note_unknown_field(self, lexeme: Lexeme) -> None:
        """Add a note for a name before a colon that is not a field, and for a field that is separated from its word."""
        name, colon, rest = lexeme.text.partition(":")
        if lexeme.kind != "word" or not colon or not name.replace("_", "").isalpha():
            return
        if name.lower() in NAMED:
            if not rest:
                self.notes.about(
                    lexeme.at,
                    "“{name}:” at {at} is searched as a word; a field and its word are written together, as in "
                    "{field}:word.",
                    name=name,
                    field=ACCENTED.get(name.lower(), name.lower()),
                )
        elif rest or self._follows(lexeme):
            hint = nearest(name, FIELDS, ACCENTED)
            self.notes.about(
                lexeme.at, "No field “{name}” to search in, at {at}: searched as words. {hint}", name=name, hint=hint
            )

    def _note_operator(self, lexeme: Lexeme) -> None:
        """Add a note for an operator of another language between two words, as ODER."""
        if lexeme.kind != "word" or not lexeme.text.isupper() or lexeme.at == 1 or self._peek() in _END:
            return
        operator = function_words.OPERATORS.get(function_words.plain(lexeme.text) or "")
        if operator is not None and lexeme not in self.optional:
            self.notes.aside(
                lexeme.at,
                "“{word}” at {at} is searched as a word; the operator is written {operator}.",
                word=lexeme.text,
                operator=operator,
            )

    def _follows(self, lexeme: Lexeme) -> bool:
        """True if a quotation or a parenthesis follows directly."""
        if self._peek() not in ("quoted", "("):
            return False
        return self.lexemes[self.next].at == lexeme.at + len(lexeme.text)


def field_near(name: str) -> str | None:
    """The name of a field, in any language, that is nearest to one that does not exist; None if none is near."""
    return near(name, FIELDS, ACCENTED)


def _join(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    return joined(kind, parts) if parts else None


def _as_written(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    """The parts of a counted group; what is in parentheses inside it is one part."""
    return kind(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _placed(node: Node) -> Iterator[Node]:
    """The words, phrases and values of a part of a `Together`, or of one."""
    match node:
        case Together(parts) | And(parts) | Or(parts) | AtLeast(parts):
            for part in parts:
                yield from _placed(part)
        case Not(part):
            yield from _placed(part)
        case _:
            yield node


def _is_group(node: Node) -> bool:
    return isinstance(node, Phrase | Near | Exact) and len(node.words) > 1


def _leaf_count(node: Node) -> int:
    return sum(1 for _ in _placed(node))


def _group_count(node: Node) -> int:
    return sum(map(_is_group, _placed(node)))


def _word_count(node: Node) -> int:
    return sum(len(one.words) if isinstance(one, Phrase | Exact) else 1 for one in _placed(node))


def _too_deep() -> BadQuery:
    return _too_large(f"Parentheses are nested deeper than {MAX_DEPTH}.", "Nest them less deep.")


def _too_large(reason: str, hint: str) -> BadQuery:
    return BadQuery([BadValue("text", "", reason, hint)])
