"""Translates templates when they are compiled, so that a page in any language costs what it costs in English.

`{% trans %}…{% endtrans %}` and `{{ _("…") }}` become the text of the template's language. Only the form of a plural is
chosen when a page is made. Jinja's own extension looks up each message for each page: docs/decisions.md has what that
costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy

from jinja2 import nodes
from jinja2.ext import InternationalizationExtension
from jinja2.lexer import Token, TokenStream

from service.wording.messages import Words

_PLACE = re.compile(r"%\((\w+)\)s")
FORM = "form_of"
"""The global of templates that gives the plural form of a number."""


class Translation(InternationalizationExtension):
    """`{% trans %}`, `_("…")` and `pgettext("…", "…")` with the words of its environment (`environment.known`)."""

    @property
    def _known(self) -> Words:
        known: Words = self.environment.known  # type: ignore[attr-defined]
        return known

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, with words in place of the calls for them that have constants; Jinja calls it."""
        calls: dict[str, Callable[..., str]] = {"_": self._known.gettext, "pgettext": self._known.pgettext}
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            token, called = tokens[at], tokens[at + 1 : at + 6]
            kinds = [one.type for one in called]
            if token.type == "name" and token.value in calls and kinds[:2] == ["lparen", "string"]:
                until = kinds.index("rparen") if "rparen" in kinds else 0
                if set(kinds[1:until]) <= {"string", "comma"} and until:
                    texts = [one.value for one in called[:until] if one.type == "string"]
                    token, at = Token(token.lineno, "string", calls[token.value](*texts)), at + until + 1
            yield token
            at += 1

    def _make_node(  # type: ignore[override]
        self,
        singular: str,
        plural: str | None,
        context: str | None,
        variables: Mapping[str, nodes.Expr],
        plural_expr: nodes.Expr | None,
        vars_referenced: bool,
        num_called_num: bool,
    ) -> nodes.Output | nodes.If:
        messages = self._known.forms(singular, plural, context or "")
        forms = [nodes.Output(list(_pieces(form, variables))) for form in messages]
        if plural_expr is None or len(forms) == 1:
            return forms[0]
        *some, last = forms
        tests = [
            nodes.Compare(
                nodes.Call(nodes.Name(FORM, "load"), [deepcopy(plural_expr)], [], None, None),
                [nodes.Operand("eq", nodes.Const(number))],
            )
            for number in range(len(some))
        ]
        first, *further = [nodes.If(test, [form], [], []) for test, form in zip(tests, some, strict=True)]
        first.elif_, first.else_ = further, [last]
        return first


def _pieces(message: str, variables: Mapping[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    """The text of a message and its values, in the order of its language."""
    for number, piece in enumerate(_PLACE.split(message)):
        if number % 2:
            yield deepcopy(variables[piece])
        elif piece:
            yield nodes.TemplateData(piece.replace("%%", "%"))
