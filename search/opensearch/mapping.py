"""The cluster's fields, derived from the table of fields.

Words are sent as our own tokens, between spaces. `stems` has the title three times and then the text, so that a word's
frequency and an article's length are what `search.syntax.nodes` says they are; between the parts there is a gap wider
than any question reaches. `forms` has the words as written. Both are also kept of title and text alone, for questions
that name one.

Of each facet there are the values as they are compared (`person`), as they are spelled (`person_as`), and how many
there are (`person_n`). The article itself is stored beside them and not looked at.
"""

from __future__ import annotations

from typing import Any

from search.fields import FACETS
from search.opensearch.address import Access
from search.query import MAX_DEPTH, MAX_SIZE
from search.syntax import MAX_CLAUSES, MAX_DISTANCE

GAP = 1000
"""Positions between the parts of a field of words."""
VERSION = 5
"""Of the fields; an index of another version is made anew with `dateline copy`."""
AWAY_SETTING = "index.unassigned.node_left.delayed_timeout"
AWAY = "15s"
"""For how long a machine may be away before others make the copies anew that it had."""
STEMS, FORMS = "stems", "forms"

assert GAP > MAX_CLAUSES + MAX_DISTANCE


def field_of(kind: str, part: str | None) -> str:
    """The field that has the `stems` or `forms` of the title, of the text, or of both."""
    return kind if part is None else f"{part}_{kind}"


def mapping() -> dict[str, Any]:
    """The mapping of an index of articles."""
    keyword = {"type": "keyword"}
    unread = {"type": "keyword", "index": False, "doc_values": False}
    properties: dict[str, Any] = {
        "id": keyword,
        "record": unread,
        "digest": {"type": "keyword", "index": False},
        "collection": keyword,
        "group": keyword,
        "story": {"type": "keyword", "index": False},
        "stemmed_as": keyword,
        "url": {"type": "keyword", "doc_values": False},
        "mentioned": {"type": "integer_range"},
        "day": {"type": "integer"},
        "instant": {"type": "long", "index": False},
        "added": {"type": "long"},
        "changed": {"type": "long", "index": False},
        "date": {"type": "date", "format": "strict_date", "index": False},
    }
    for kind in (STEMS, FORMS):
        for part in (None, "title", "text"):
            words: dict[str, Any] = {"type": "text", "analyzer": "whitespace", "position_increment_gap": GAP}
            # The length of an article is that of both parts together.
            properties[field_of(kind, part)] = words | ({"norms": False} if part else {})
    properties[STEMS]["fielddata"] = True  # loaded where all words are counted, and nowhere else
    for facet in FACETS:
        properties[facet.name] = keyword
        properties[f"{facet.name}_as"] = {"type": "keyword", "index": False}
        properties[f"{facet.name}_n"] = {"type": "integer", "index": False}
    return {
        "dynamic": "strict",
        "_meta": {"dateline": VERSION},
        "_source": {"includes": ["record"]},
        "properties": properties,
    }


def index(access: Access) -> dict[str, Any]:
    """Settings and mapping of an index of articles that is to be made."""
    return {
        "settings": {
            "number_of_shards": access.shards,
            "number_of_replicas": access.replicas,
            "refresh_interval": "-1",  # what is not committed is not seen
            AWAY_SETTING: AWAY,
            "max_result_window": MAX_DEPTH + MAX_SIZE,
            "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}},
        },
        "mappings": mapping(),
    }
