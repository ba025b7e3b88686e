"""Which articles a query finds: those that have as many parts of its text as are required, and pass its filters."""

from __future__ import annotations

from dataclasses import replace

from search.names.vocabulary import labelled
from search.syntax import Parsed, asked, nodes, parse, write
from search.text.tokens import term
from search.values.article import Article
from search.values.query import Match, Query
from search.values.results import Partial
from tests.plain_engine.filters import passes
from tests.plain_engine.matching import Matching
from tests.plain_engine.stories import first_of_each


class Finding:
    """The articles of an archive that are found."""

    def __init__(self, matching: Matching) -> None:
        self.matching = matching
        self.values = matching.values
        self.archive = matching.archive

    def asked(self, query: Query) -> Parsed:
        with labelled(self.archive.decided.given_labels):
            return asked(query, self.archive.languages)

    def parsed(self, text: str) -> Parsed:
        with labelled(self.archive.decided.given_labels):
            return parse(text)

    def canonical(self, query: Query) -> str:
        return write(self.asked(replace(query, match=self.meant(query))).tree)

    def found(self, query: Query) -> list[Article]:
        """Those that have its text, in the order in which they were added."""
        query = replace(query, match=self.meant(query))
        return [a for a in self.archive.held.values() if self._is_found(query, a)]

    def kept(self, query: Query) -> list[Article]:
        """Those of them that pass its filters."""
        return [a for a in self.found(query) if passes(self.values, query, a)]

    def total(self, query: Query) -> int:
        """How many these are, each story once if that is asked for."""
        return len(first_of_each(self.kept(query), query))

    def meant(self, query: Query) -> Match:
        """What `auto` means."""
        if query.match != "auto":
            return query.match
        complete = self.matching.having(self.parsed(query.text).tree)
        return "most" if complete < 10 and len(self._parts(query)[0]) > 1 else "all"

    def partial(self, query: Query) -> Partial | None:
        """How many parts are required, and how many articles have all, unless all are and some have them."""
        parts = len(self._parts(query)[0])
        least = {"all": parts, "most": parts // 2 + 1, "any": 1}[query.match]
        found = self.total(query)
        if parts < 2 or (least == parts and (found or query.match == "all")):
            return None
        offered = None if found else self.total(replace(query, match="any"))
        return Partial(least, parts, self.total(replace(query, match="all")), offered)

    def _is_found(self, query: Query, article: Article) -> bool:
        """Whether an article has as many parts of the text as are required."""
        matches = self.matching.matches
        if query.match == "all":
            return matches(self.parsed(query.text).tree, article)
        worded, others = self._parts(query)
        had = sum(matches(part, article) for part in worded)
        enough = had * 2 > len(worded) if query.match == "most" else had > 0
        return (enough or not worded) and all(matches(part, article) for part in others)

    def _parts(self, query: Query) -> tuple[list[nodes.Node], list[nodes.Node]]:
        """The different parts of the outermost AND that have words, and the others."""
        tree = self.parsed(query.text).tree
        parts = tree.parts if isinstance(tree, nodes.And) else (tree,)
        worded = [part for part in parts if any(nodes.leaves(part))]
        groups: list[list[nodes.Node]] = []
        for part in dict.fromkeys(worded):
            near = [group for group in groups if any(self._is_inflection(part, other) for other in group)]
            if near:
                near[0] += [other for group in near[1:] for other in group] + [part]
                groups = [group for group in groups if group not in near[1:]]
            else:
                groups.append([part])
        either = [some[0] if len(some) == 1 else nodes.Or(tuple(some)) for some in groups]
        return either, [part for part in parts if part not in worded]

    def _is_inflection(self, one: nodes.Node, other: nodes.Node) -> bool:
        """Whether two parts are words that are searched as one in any language of the archive."""
        if not (isinstance(one, nodes.Word) and isinstance(other, nodes.Word) and one.field == other.field):
            return False
        return any(term(one.word, of) == term(other.word, of) for of in self.archive.languages or [None])
