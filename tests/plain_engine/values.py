"""The values of facets as they are shown: under which name, in which spelling, with which label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from search.fields import FACET_NAMES, facet_of
from search.names import completion, near_names
from search.names.authority import NameRules
from search.names.vocabulary import vocabulary
from search.text.tokens import fold, spelling_order
from search.values.article import Article
from search.values.query import Filter
from search.values.results import NameCount
from tests.plain_engine.archive import Archive
from tests.plain_engine.names import shown_under
from tests.plain_engine.times import day_of

Like = Callable[[str, str, tuple[str, ...], NameRules], bool]


class Values:
    """The values of an archive; folded values are compared, spelled ones are answered."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def rules(self, field: str) -> NameRules:
        return self.archive.decided.names(field)

    def label(self, name: str, value: str) -> str:
        return completion.label(name, value, self.rules(name))

    def shown(self, name: str) -> dict[str, str | None]:
        """Folded value → the folded value it is shown under, None where it is not."""
        return self.archive.once(("shown", name), lambda: self._found_shown(name))

    def _found_shown(self, name: str) -> dict[str, str | None]:
        articles = [(day_of(a), [fold(v) for v in listed(a, name)]) for a in self.archive.held.values()]
        return shown_under(articles, self.spellings(name), name == "person", self.rules(facet_of(name)))

    def spellings(self, name: str) -> dict[str, str]:
        """Folded value → the spelling most articles use, the better one where several are equal."""
        return self.archive.once(("spellings", name), lambda: self._found_spellings(name))

    def _found_spellings(self, name: str) -> dict[str, str]:
        used = Counter(v for a in self.archive.held.values() for v in set(listed(a, name)))
        best: dict[str, str] = {}
        for value in sorted(used, key=lambda v: (-used[v], spelling_order(v))):
            best.setdefault(fold(value), value)
        return best | {fold(name): name for name in self.rules(facet_of(name)).listed.values()}

    def of(self, article: Article, name: str) -> set[str]:
        """The folded values that an article is shown with."""
        under = self.shown(name)
        return {to for v in listed(article, name) if (to := under[fold(v)]) is not None}

    def spelled_of(self, article: Article, name: str) -> set[str]:
        """The same, as they are spelled."""
        return {self.spellings(name)[key] for key in self.of(article, name)}

    def named(self, facet: str, value: str) -> str:
        """A value as it is spelled, unchanged if it is not shown."""
        under = self.shown(facet).get(fold(value))
        return value if under is None else self.spellings(facet)[under]

    def nearest(self, facet: str, name: str) -> str | None:
        """The value of a facet that was meant by a name."""
        held = self.archive.held.values()
        return near_names.nearest(name, Counter(v for a in held for v in self.spelled_of(a, facet)).items())

    def wanted(self, name: str, asked: Filter) -> Filter:
        """A filter in terms of the values that are shown."""
        under = self.shown(name)

        def of(some: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(under.get(fold(v)) or "\0" for v in some)

        return Filter(of(asked.any), of(asked.all), of(asked.none), asked.missing)

    def begins(self, name: str, value: str, typed: tuple[str, ...], like: Like = completion.begins) -> bool:
        """Whether a value, or another spelling that is shown under it, begins as typed."""
        spelling, facet = self.spellings(name), facet_of(name)
        return any(
            like(facet, spelling.get(key, key), typed, self.rules(facet))
            for key, to in self.shown(name).items()
            if to == fold(value)
        )

    def names(self, field: str, value: str) -> tuple[NameCount, ...]:
        """By definition: each article counts once for each name that it lists."""
        under, spelled = self.shown(field), self.spellings(field)
        head = under.get(fold(value))
        counts = Counter(
            key
            for a in self.archive.held.values()
            for key in {fold(v) for v in listed(a, field)}
            if under[key] == head
        )  # fmt: skip
        return NameCount.arranged((spelled[key], count) for key, count in counts.items() if head is not None)

    def listing(self, field: str, names: Sequence[str]) -> int:
        """By definition."""
        wanted = set(map(fold, names))
        return sum(not wanted.isdisjoint(map(fold, listed(a, field))) for a in self.archive.held.values())

    def spelled(self, article: Article) -> Article:
        """An article with its values, and their evidence, as they are shown."""
        changed: dict[str, object] = {}
        evidence = dict(article.evidence)
        for name in FACET_NAMES:
            under, spelled = self.shown(name), self.spellings(name)
            value = getattr(article, name)
            mine = value if isinstance(value, tuple) else [value] if value else []
            kept = tuple(dict.fromkeys(spelled[to] for v in mine if (to := under[fold(v)]) is not None))
            changed[name] = kept if isinstance(value, tuple) else next(iter(kept), None)
            evidence[name] = tuple(
                replace(e, value=spelled[to], rule=e.rule + self._why(name, e.value, to))
                for e in article.evidence.get(name, ())
                if (to := under[fold(e.value)]) is not None
            )
        changed["evidence"] = {name: entries for name, entries in evidence.items() if name in article.evidence}
        return replace(article, **changed)  # type: ignore[arg-type]

    def _why(self, name: str, value: str, to: str) -> str:
        if fold(value) == to:
            return ""
        who = "authority" if fold(value) in self.rules(name).listed else "archive"
        return f"; {who} “{value}”"


def listed(article: Article, name: str) -> list[str]:
    """The values of a facet that an article counts under, topics with their ancestors."""
    value = getattr(article, name)
    found = list(value) if isinstance(value, tuple) else [value] if value else []
    if name == "topic":
        found += [parent for code in found for parent in vocabulary("topic").ancestors(code)]
    return list(dict.fromkeys(found))
