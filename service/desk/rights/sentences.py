"""Rules as sentences, in the language of a request."""

from __future__ import annotations

from collections.abc import Sequence

from desk.rights.rule import EVERYONE, GROUP, SIGNED_IN, Rule
from search.engine import Engine, article_count
from search.said import said
from search.values.rights import Tier
from service.wording.messages import gettext, mark, pgettext

_SENTENCES: dict[Tier, str] = {
    "none": mark("{who} sees nothing of {articles}."),
    "metadata": mark("{who} sees only the metadata of {articles}."),
    "text": mark("{who} sees {articles}, without scans and exports."),
    "export": mark("{who} sees and may export {articles}."),
}
TIER_NAMES: dict[Tier, str] = {
    "none": mark("nothing"),
    "metadata": mark("metadata only"),
    "text": mark("text, too"),
    "export": mark("everything, with scans and exports"),
}
_PARTS = {
    "collection": mark("collection: {names}"),
    "source": mark("source: {names}"),
    "language": mark("language: {names}"),
    "from": mark("from {day}"),
    "to": mark("to {day}"),
}


def sentence(rule: Rule) -> str:
    """A rule as a sentence, such as “Everyone sees only the metadata of articles (source: Gazette; from 1950).”."""
    return gettext(_SENTENCES[rule.tier]).format(who=who(rule.who), articles=articles(rule))


def idle(engine: Engine, rules: Sequence[Rule]) -> dict[int, str]:
    """The number of each rule that fits no article of an engine, from 1, and a sentence that says so."""
    every = article_count(engine)
    return {
        number: said("No article fits rule {number} now.", number=number)
        for number, one in enumerate(rules, 1)
        if article_count(engine.narrowed(one.without)) == every
    }


def who(named: str) -> str:
    """Who a rule is for."""
    if named == EVERYONE:
        return gettext("Everyone")
    if named == SIGNED_IN:
        return gettext("Everyone who has signed in")
    return gettext("The group “{name}”").format(name=named.removeprefix(GROUP))


def articles(rule: Rule) -> str:
    """What articles a rule is about."""
    parts = [_part(name, rule.what[name]) for name in _PARTS if name in rule.what]
    return gettext("articles ({what})").format(what="; ".join(parts)) if parts else pgettext("seen", "all articles")


def _part(name: str, value: Sequence[str] | str) -> str:
    if isinstance(value, str):
        return gettext(_PARTS[name]).format(day=value)
    names = gettext(" or ").join(one or gettext("none") for one in value)
    return gettext(_PARTS[name]).format(names=names)
