"""The analyser of plain Whoosh's query parser: words as `search.text.tokens` defines them.

The schema in a table of contents has these analysers, so that `QueryParser("text", ix.schema).parse("germany")` looks
up the indexed term. Nothing of ours is indexed with them.

Plain Whoosh reads their import path from the index, like that of `codec.ColumnarSegment`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis.acore import Token
from whoosh.analysis.tokenizers import Tokenizer

from search.text.tokens import fold, terms_in, tokens


class Words(Tokenizer):
    """Tokenizes, folds and stems.

    Args:
        languages: codes of the languages whose terms a word of a query matches; without any it is only folded.
    """

    def __init__(self, languages: tuple[str, ...] = ()) -> None:
        self.languages = languages

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        **options: Any,
    ) -> Iterator[Token]:
        """The words of a text; a prefix, which Whoosh does not tokenize, is only folded.

        For a single word of a query all its stems are returned. In a phrase, for which Whoosh requests positions
        (`chars`),
        each word has its stem in the first language: Whoosh requires one term for each.
        """
        token = Token(positions, chars, mode=mode, **{k: v for k, v in options.items() if k == "removestops"})
        if not tokenize:
            token.text, token.boost, token.stopped = fold(value), 1.0, False
            yield token
            return
        for place, word in enumerate(tokens(value)):
            for text in self._terms(word.word, mode == "query" and not chars):
                token.text, token.boost, token.stopped = text, 1.0, False
                if positions:
                    token.pos = start_pos + place
                if chars:
                    token.startchar, token.endchar = start_char + word.start, start_char + word.end
                yield token

    def _terms(self, word: str, every: bool) -> tuple[str, ...]:
        if not self.languages:
            return (word,)
        return tuple(terms_in(word, self.languages if every else self.languages[:1]))
