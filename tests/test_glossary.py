"""The code and the documents have none of the words that the glossary of ARCHITECTURE.md replaces."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache

from tests.conftest import ROOT

FOLDERS = ("search", "desk", "indexer", "service")
DOCUMENTS = (
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    *(f"docs/{file.name}" for file in ROOT.glob("docs/*.md")),
)
_HEAD = "| instead of | write |\n| --- | --- |\n"
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


@cache
def replaced() -> dict[str, str]:
    """What the first table of the glossary replaces → what to write."""
    table = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition(_HEAD)[2].partition("\n\n")[0]
    rows = (row.strip("| ").split(" | ") for row in table.splitlines())
    return {word: write for words, write in rows for word in words.split(", ")}


def prose(source: str) -> Iterator[tuple[int, str]]:
    """The docstrings, the comments and the names that a module makes, each with its line."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(ast.Constant(str(text))):
                yield node.lineno, text
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name.replace("_", " ")
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name.replace("_", " ")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


@cache
def pattern() -> re.Pattern[str]:
    """Each of the words, also over the end of a line."""
    return re.compile(rf"\b({'|'.join(word.replace(' ', chr(92) + 's+') for word in replaced())})\b", re.IGNORECASE)


def found(name: str, parts: Iterator[tuple[int, str]]) -> list[str]:
    """Each of the words in some text, with its place and what to write; quoted code is not read."""
    words = replaced()
    return [
        f"{name}:{line + text.count(chr(10), 0, match.start())}: not “{word}” but: {words[word]}"
        for line, whole in parts
        for text in [_CODE.sub(lambda code: "\n" * code[0].count("\n"), whole)]
        for match in pattern().finditer(text)
        for word in [" ".join(match[0].lower().split())]
    ]


def test_the_code_has_no_word_that_the_glossary_replaces() -> None:
    assert [
        line
        for file in sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
        for source in [file.read_text("utf-8")]
        if pattern().search(source.replace("_", " "))  # else it need not be parsed
        for line in found(str(file.relative_to(ROOT)), prose(source))
    ] == []


def test_the_documents_have_no_word_that_the_glossary_replaces() -> None:
    table = re.compile(rf"{re.escape(_HEAD)}.*?\n\n", re.DOTALL)
    for name in DOCUMENTS:
        text = table.sub(lambda rows: "\n" * rows[0].count("\n"), (ROOT / name).read_text("utf-8"))

        assert found(name, iter([(1, text)])) == []


def test_a_word_is_found_in_docstrings_comments_and_names_and_not_in_code() -> None:
    source = '"""What is\nset\naside, unlike `kept`."""\nkept_rows = others.beside  # whoever\n'

    assert [line.split(" but")[0] for line in found("a.py", prose(source))] == [
        "a.py:2: not “set aside”",
        "a.py:4: not “kept”",
        "a.py:4: not “whoever”",
    ]
