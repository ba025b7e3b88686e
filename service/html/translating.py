"""Translates templates when they are compiled, so that a page in any language costs what it costs in English.

`{% trans %}…{% endtrans %}` and `{{ _("…") }}` become the text of the template's language. Only the form of a plural is
chosen when a page is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy

from jinja2 import nodes
from jinja2.ext import InternationalizationExtension
from jinja2.visitor import NodeTransformer

from service.wording.messages import Words

_PLACE = re.compile(r"%\((\w+)\)s")
FORM = "form_of"
"""The global of templates that gives the plural form of a number."""


class Translation(InternationalizationExtension):
    """`{% trans %}` with the words of its environment (`environment.words`)."""

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
        known: Words = self.environment.words  # type: ignore[attr-defined]
        forms = [nodes.Output(list(_pieces(form, variables))) for form in known.forms(singular, plural, context or "")]
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


class Folded(NodeTransformer):
    """Replaces `_("…")` and `pgettext("…", "…")` by their words."""

    def __init__(self, known: Words) -> None:
        self._calls: dict[str, Callable[..., str]] = {"_": known.gettext, "pgettext": known.pgettext}

    def visit_Call(self, node: nodes.Call, *names: object, **more: object) -> nodes.Node:
        """Jinja calls it for each call."""
        self.generic_visit(node)
        arguments = _constants(node.args)
        if isinstance(node.node, nodes.Name) and node.node.name in self._calls and arguments is not None:
            return nodes.Const(self._calls[node.node.name](*arguments), lineno=node.lineno)
        return node


def _constants(arguments: Sequence[nodes.Expr]) -> list[str] | None:
    """The values of arguments; None if one is not constant."""
    known = [one.value for one in arguments if isinstance(one, nodes.Const)]
    return known if len(known) == len(arguments) else None
