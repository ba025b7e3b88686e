"""Facts about a whole archive that queries depend on: names, languages, whether it has near-duplicates.

Read once a generation, at the first query after a commit. Cost: two requests, and one for each `CHUNK` of those names
with several spellings that the commit has touched (see `touched`). At the first query of a process, and after a commit
that touches very many names, one request for each `PAGE` of all spellings, if a facet has `FIRST`, and one for each
`CHUNK` of all names with several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from search.fields import COUNTED, facet_of
from search.names.authority import KINDS, Authority, Part
from search.opensearch.ask.translate import MAX_WORDS, Clause, Term, having, without_any
from search.opensearch.cluster import Cluster
from search.opensearch.mapping import FORMS, STEMS
from search.opensearch.shown import touched
from search.opensearch.shown.company import ClusterCompany
from search.opensearch.shown.shown_names import FacetNames, facet_names
from search.opensearch.state import State
from search.syntax.nodes import MAX_SIMILAR, Condition, Leaf
from search.system import collector
from search.system.json import Json
from search.text import misreadings
from search.text.edits import within
from search.text.tokens import DEFAULT_LANGUAGE, terms_in
from search.values.bad_values import too_many_words
from search.values.results import DateFacet

K = TypeVar("K")
V = TypeVar("V")

FIRST, PAGE = 5000, 50_000
"""Spellings of each facet in the first answer, and of one facet in the next: a cluster sends 65,535 at once, and visits
all articles for each answer."""
CHUNK = 500
MAX_LANGUAGES = 1000
MAX_KNOWN = 100_000
"""Terms and conditions of which the number of articles is remembered."""
MAX_LISTS = 1000
"""Prefixes, and similar words, whose forms are remembered."""
NEAR = 1000
"""Similar forms that each shard returns."""
_LANGUAGES: Clause = {"terms": {"field": "stemmed_as", "size": MAX_LANGUAGES, "shard_size": MAX_LANGUAGES}}


@dataclass(frozen=True, slots=True)
class View:
    """One generation of the index, as queries see it.

    Attributes:
        articles: their number.
        grouped: true if there are near-duplicates.
        dated: true if every article has a day.
        shards: their number.
        by: identifies the commit that made this generation.
        log: identifies the log of the names that commits touch.
        similar: a cache of the forms similar to a word.
        misread: a cache of the misreadings of a word.
        covered: a cache of the days of which there are articles (see `coverage`).
        begun: a cache of the forms that begin with some letters.
        having: a cache of the number of articles that have a term or meet a condition.
        terms: a cache of the number of articles that have a term of a field.
        timelines: a cache of the histogram of all articles, by interval.
    """

    generation: int
    articles: int
    languages: tuple[str, ...]
    names: Mapping[str, FacetNames]
    grouped: bool
    dated: bool
    shards: int
    by: str = ""
    log: str = ""
    authority: Authority = field(default_factory=Authority)
    similar: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    misread: dict[str, misreadings.Forms] = field(default_factory=dict)
    covered: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    begun: dict[str, list[str]] = field(default_factory=dict)
    having: dict[Leaf | Condition, int] = field(default_factory=dict)
    terms: dict[Term, int] = field(default_factory=dict)
    timelines: dict[str, DateFacet] = field(default_factory=dict)


def read(cluster: Cluster, state: State, before: View | None = None) -> View:
    """The last generation.

    Args:
        before: an earlier one, of which names that no later commit has touched are taken.
    """
    with collector.paused():  # the names are many objects, none of them garbage
        return _read(cluster, state, before)


def _read(cluster: Cluster, state: State, before: View | None) -> View:
    generation, by, _ = state.commit()
    log, authority = state.touched() or {}, state.authority()
    asked: Clause = {"languages": _LANGUAGES, "grouped": {"filter": {"exists": {"field": "group"}}}}
    asked["undated"] = {"missing": {"field": "day"}}
    again = None
    if before is not None and log and log["id"] == before.log:
        again = touched.after(log, (before.generation, before.by), (generation, by))
    if again is None:
        asked |= {name: _spellings(name, FIRST, {}) for name in COUNTED}
    else:
        asked |= {name: _these(name, some) for name, some in again.items()}
    answer = cluster.search({"size": 0, "track_total_hits": True, "aggs": asked}, cluster.address.name)
    found = answer["aggregations"]
    names: dict[str, FacetNames] = {}
    company = ClusterCompany(cluster)
    for name in COUNTED:
        rules = authority.names(facet_of(name))
        if again is None or before is None:
            counted = dict(_counted(cluster, name, found[name]))
            names[name] = facet_names(name, counted, rules, company, cluster.is_part)
            heads: Iterable[str] = names[name].totals
        else:
            changed = dict.fromkeys(again.get(name, ()), 0)
            if changed:
                changed |= {bucket["key"]: int(bucket["doc_count"]) for bucket in found[name]["buckets"]}
            names[name], heads = before.names[name].after(changed, rules, company)
        _settle(cluster, names[name], heads)
    without = counts(cluster, {name: without_any(facet) for name, facet in names.items()})
    for name, count in without.items():
        names[name].missing = count
    return View(
        generation,
        int(answer["hits"]["total"]["value"]),
        _languages(found["languages"]),
        names,
        bool(found["grouped"]["doc_count"]),
        not found["undated"]["doc_count"],
        int(answer["_shards"]["total"]),
        by,
        str(log.get("id", "")),
        Part(rules={kind: names[kind].rules for kind in KINDS}) if cluster.is_part else authority,
    )


def former(cluster: Cluster, seen: View, generation: int, point: Json) -> View:
    """A generation before that of a view: its articles and languages, on which scores depend. All else is the view's.

    Args:
        point: the point in time of that generation.
    """
    answer = cluster.search({"size": 0, "track_total_hits": True, "aggs": {"languages": _LANGUAGES}, "pit": point})
    return replace(
        seen,
        generation=generation,
        articles=int(answer["hits"]["total"]["value"]),
        languages=_languages(answer["aggregations"]["languages"]),
    )


def _languages(found: Json) -> tuple[str, ...]:
    return tuple(sorted(bucket["key"] for bucket in found["buckets"]) or [DEFAULT_LANGUAGE])


def _spellings(name: str, size: int, after: Json) -> Clause:
    """The aggregation for the next spellings of a facet's values."""
    return {"composite": {"size": size, "sources": [{"as": {"terms": {"field": f"{name}_as"}}}]} | after}


def _these(name: str, spellings: Collection[str]) -> Clause:
    """The aggregation that counts some spellings of a facet's values."""
    size = max(1, len(spellings))
    return {"terms": {"field": f"{name}_as", "include": sorted(spellings), "size": size, "shard_size": size}}


def _counted(cluster: Cluster, name: str, found: Json) -> Iterator[tuple[str, int]]:
    """All spellings of a facet's values, and the number of articles that have each.

    Args:
        found: the answer to the aggregation for the first of them.
    """
    asked = FIRST
    while True:
        for bucket in found["buckets"]:
            yield bucket["key"]["as"], int(bucket["doc_count"])
        if len(found["buckets"]) < asked:
            return
        asked = PAGE
        body = {"size": 0, "aggs": {"next": _spellings(name, asked, {"after": found["after_key"]})}}
        found = cluster.search(body, cluster.address.name)["aggregations"]["next"]


def _settle(cluster: Cluster, names: FacetNames, heads: Iterable[str]) -> None:
    """Count the values with several spellings among some, and find those that occur more than once in an article."""
    doubtful = sorted(names.doubtful.intersection(heads))
    several = {head: having(names.name, names.members[head]) for head in doubtful}
    for head, count in counts(cluster, several).items():
        if count != names.totals[head]:
            names.totals[head] = count
            if len(names.members[head]) > 1:
                names.shared.add(head)


def counts(
    cluster: Cluster, clauses: Mapping[str, Clause], send: Callable[[Clause], Json] | None = None
) -> dict[str, int]:
    """The number of articles of the archive that match each clause.

    Args:
        send: searches, if not the current index.
    """
    found: dict[str, int] = {}
    for chunk in _chunks(clauses.items()):
        body = {"size": 0, "aggs": {"each": {"filters": {"filters": dict(chunk)}}}}
        answer = send(body) if send else cluster.search(body, cluster.address.name)
        buckets = answer["aggregations"]["each"]["buckets"]
        found |= {name: int(bucket["doc_count"]) for name, bucket in buckets.items()}
    return found


def _chunks(items: Iterable[tuple[str, Clause]]) -> Iterator[list[tuple[str, Clause]]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def beginning(cluster: Cluster, view: View, letters: str) -> list[str]:
    """The archive's words that begin with some letters. Raises BadQuery if there are more than `MAX_WORDS`."""
    known = view.begun.get(letters)
    if known is None:
        pattern = re.sub(r"(\W|_)", r"\\\1", letters)
        terms = {"field": FORMS, "include": f"{pattern}.*", "size": MAX_WORDS + 1, "shard_size": MAX_WORDS + 1}
        answer = cluster.search({"size": 0, "aggs": {"words": {"terms": terms}}}, cluster.address.name)
        words = sorted(bucket["key"] for bucket in answer["aggregations"]["words"]["buckets"])
        known = remembered(view.begun, letters, words)
    if len(known) > MAX_WORDS:
        raise too_many_words(letters, MAX_WORDS)
    return known


def nearest(cluster: Cluster, view: View, word: str, edits: int) -> list[str]:
    """The archive's words within some edits: the fewest edits first, then the most frequent, then by spelling.

    Only words with the same first letter, at most `MAX_SIMILAR` (see `search.syntax.nodes.Fuzzy`). Each shard returns
    the `NEAR` nearest.
    """
    known = view.similar.get((word, edits))
    if known is None:
        found = _edited(cluster, word, edits)
        known = remembered(view.similar, (word, edits), [form for _, _, form in sorted(found)[:MAX_SIMILAR]])
    return known


def misread(cluster: Cluster, view: View, word: str) -> misreadings.Forms:
    """The archive's misreadings of a word (see `search.syntax.nodes.Misread`)."""
    known = view.misread.get(word)
    if known is None:
        of_term: dict[str, list[str]] = {}
        for one in misreadings.words_of(word):
            for term in terms_in(one, view.languages):
                of_term.setdefault(term, []).append(one)
        having: dict[str, int] = {}
        terms = {"field": STEMS, "include": list(of_term), "size": len(of_term), "shard_size": len(of_term)}
        answer = cluster.search({"size": 0, "aggs": {"words": {"terms": terms}}}, cluster.address.name)
        for bucket in answer["aggregations"]["words"]["buckets"]:
            for one in of_term[bucket["key"]]:
                having[one] = having.get(one, 0) + int(bucket["doc_count"])
        known = remembered(view.misread, word, misreadings.forms(word, having))
    return known


def _edited(cluster: Cluster, word: str, edits: int) -> list[tuple[int, int, str]]:
    """Edits, the number of articles times -1, and the form, of each."""
    term = {
        "field": "forms", "suggest_mode": "always", "max_edits": edits, "prefix_length": 1, "min_word_length": 1,
        "size": NEAR, "shard_size": NEAR, "max_inspections": 10, "accuracy": 0, "max_term_freq": 2_000_000_000,
    }  # fmt: skip
    body = {"size": 0, "suggest": {"near": {"text": word, "term": term}}}
    entries = cluster.search(body, cluster.address.name)["suggest"]["near"] if edits else []
    forms = {word, *(option["text"] for entry in entries for option in entry["options"])}
    away = {
        form: next(n for n in range(edits + 1) if within(form, word, n))
        for form in forms
        if form[0] == word[0] and within(form, word, edits)
    }
    having_form = counts(cluster, {form: {"term": {"forms": form}} for form in away})
    return [(away[form], -count, form) for form, count in having_form.items() if count]


def remembered(cache: dict[K, V], key: K, forms: V) -> V:
    """Remember some forms; when there are `MAX_LISTS`, all others are forgotten."""
    if len(cache) >= MAX_LISTS:
        cache.clear()
    cache[key] = forms
    return forms
