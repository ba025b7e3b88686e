"""Every rule by which a value is found has words for people, and evidence says where it is and how sure it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from msgspec import to_builtins

from indexer import languages
from indexer.enrich.countries import gazetteer, senses
from indexer.enrich.dates import published
from search.values.article import Article, Evidence
from service.formats import render
from service.wording.evidence import RULES, by_facet, why
from tests.cases import cases

ROOT = Path(__file__).parents[3]

COMPUTED = {
    ("indexer.enrich.countries.senses", "rule"): {*senses.KINDS, "namesake"},
    ("indexer.enrich.countries", "rule"): set[str](),  # that of a Said, whose rules are found where it is made
    ("indexer.enrich.dates.published", "source"): {*published.CONFIDENCE},
    ("indexer.enrich.topics.sections", "rule"): {"section", "url"},
    ("indexer.enrich.persons", "mention.rule"): set[str](),  # that of a Mention, whose rules are found where it is made
    ("indexer.enrich.persons.known", "row.source"): {"known"},
}
"""(module, expression) → its values, for rules that are not written where the evidence is made."""

MADE_WITH = {"Evidence": 4, "Mention": 4, "Said": 3}
"""Class → the position of the rule among its arguments."""


def rules_in(source: Path) -> Iterator[str]:
    """The rules of all evidence that a module makes."""
    name = ".".join(source.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    text = source.read_text("utf-8")
    if not any(word in text for word in ("rule", *MADE_WITH)):
        return
    for node in ast.walk(ast.parse(text)):
        for rule in _expressions(node):
            computed = COMPUTED.get((name, ast.unparse(rule)))
            if computed is not None:
                yield from computed
            elif isinstance(rule, ast.Constant):
                yield str(rule.value)
            else:
                assert isinstance(rule, ast.Name), f"{name}: say in COMPUTED what {ast.unparse(rule)} can be"
                found = getattr(import_module(name), rule.id, None)
                assert isinstance(found, str), f"{name}: say in COMPUTED what {rule.id} can be"
                yield found


def _expressions(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions of a rule in a call or a dictionary."""
    if isinstance(node, ast.Call):
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "rule")
        at = MADE_WITH.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if at is not None and len(node.args) > at:
            assert not any(isinstance(argument, ast.Starred) for argument in node.args[:at])
            yield node.args[at]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from (value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "rule")


def test_every_rule_that_evidence_is_made_with_has_words_and_no_other() -> None:
    sources = [source for package in ("desk", "indexer") for source in sorted((ROOT / package).rglob("*.py"))]
    found = {rule: source.name for source in sources for rule in rules_in(source)}

    assert {"input", "crf", "namesake", "city", "model", "label", "header", "limit"} <= found.keys()
    assert {rule: name for rule, name in found.items() if rule not in RULES} == {}
    assert RULES.keys() == found.keys(), "words for a rule that nothing gives"


def test_every_kind_of_place_has_words() -> None:
    assert {place.kind for place in gazetteer.places(languages.default()).values()} <= RULES.keys()


@cases("rule, within, words", [
    ("capital", "text", "its capital"),
    ("capital", "title", "in the headline: its capital"),
    ("crf; archive “Blinken”", "text",
     "recognised as a name; the articles of the archive unify “Blinken” with this name"),
    ("input; authority “X; Y”", "text", "stated by the archive; the authority file merges “X; Y” into this name"),
    ("crf; table “Thatcher”", "text", "recognised as a name; the table of people known by one name has “Thatcher”"),
    ("oracle; delphi", "text", "oracle"),
])  # fmt: skip
def test_a_rule_is_said_in_words(rule: str, within: str, words: str) -> None:
    assert why(Evidence("v", 0, 1, "v", rule, 0.5, within)) == words  # type: ignore[arg-type]


def test_a_correction_says_by_whom_and_is_no_quotation() -> None:
    said = "corrected by night desk on 2026-11-26"
    entries = (Evidence("New", None, None, said, "corrected", 1.0, "title"),)

    [(_, _, [title])] = by_facet(Article("x", "Paris", "New", evidence={"title": entries}))

    assert [(reason.text, reason.why, reason.sure) for reason in title.reasons] == [("", said, "")]


def test_by_facet_groups_by_value_and_says_how_sure_it_is() -> None:
    entries = (
        Evidence("FR", 0, 5, "Paris", "capital", 0.8),
        Evidence("FR", 0, 6, "FRANCE", "name", 0.95, "title"),
        Evidence("FR", 7, 13, "France", "name", 0.9996),
        Evidence("FR", None, None, "", "input", 1.0),
    )

    [(kind, label, [france])] = by_facet(Article("x", "Paris", evidence={"country": entries}))

    assert (kind, label, france.label) == ("country", "Country", "France")
    assert [(reason.why, reason.sure, reason.passage) for reason in france.reasons] == [
        ("its capital", "80 % sure", True),
        ("in the headline: its name", "95 % sure", True),
        ("its name", "99 % sure", True),
        ("stated by the archive", "", False),
    ]


def test_json_says_where_evidence_is_and_why() -> None:
    entries = (
        Evidence("FR", 0, 5, "Paris", "capital", 0.8),
        Evidence("FR", 0, 6, "FRANCE", "name", 0.9, "title"),
        Evidence("FR", None, None, "", "input", 1.0),
    )

    told = [render.evidence(entry) for entry in entries]

    assert [(one.start, one.end, one.within) for one in told] == [
        (0, 5, "text"),
        (0, 6, "title"),
        (None, None, None),
    ]
    assert [one.why for one in told] == [why(entry) for entry in entries]
    assert to_builtins(told[0]).keys() == {"value", "start", "end", "text", "rule", "confidence", "in", "why"}
