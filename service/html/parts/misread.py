"""What a scanner may have read in place of the words of a query: how many articles each adds, and links without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.syntax.forgiving import adding, excluded, excluding, forgiving, including, is_forgiving, unforgiving
from search.values.results import Results
from service.html.view import PageState
from service.wording.messages import gettext


@dataclass(frozen=True, slots=True)
class Forms:
    """The readings that add articles.

    Attributes:
        forms: each as it is written, the word it is taken for, the number of articles that it adds, and the URL of the
            result without it; "" if the query would be too long.
        own: the same of words of their own, which are omitted: the number that each would add, and the URL with it.
        without: those that the query excludes.
        again: the URL of the result with these, too.
    """

    forms: Sequence[tuple[str, str, int, str]]
    own: Sequence[tuple[str, str, int, str]]
    without: Sequence[str]
    again: str


def forms(state: PageState, results: Results) -> Forms | None:
    """The readings that a result has; None if the query forgives nothing, there are none, or no time to count them."""
    text = state.query.text
    if not is_forgiving(text) or "query.forms" in results.incomplete:
        return None

    def to(changed: str | None) -> str:
        return "" if changed is None else state.to(replace(state.query, text=changed))

    found: dict[bool, list[tuple[str, str, int, str]]] = {False: [], True: []}
    for one in results.query.forms:
        other = (adding if one.own else excluding)(text, one.word, one.form)
        found[one.own].append((one.form.replace("+", " "), one.word, one.articles, to(other)))
    left = excluded(text)
    return Forms(found[False], found[True], left, to(including(text))) if results.query.forms or left else None


def switch(state: PageState, offered: bool) -> Sequence[tuple[str, str, bool]]:
    """The choices of a menu: with misreadings or without; none if nothing can be forgiven.

    Args:
        offered: True if the archive has scans.
    """
    query = state.query
    now = is_forgiving(query.text)
    if not (offered or now):
        return ()
    other = unforgiving(query.text) if now else forgiving(query.text)
    if other is None:
        return ()
    texts = (other, query.text) if now else (query.text, other)
    return [
        (name, state.to(replace(query, text=text)), chosen == now)
        for name, text, chosen in zip((gettext("as typed"), gettext("forgiven")), texts, (False, True), strict=True)
    ]
