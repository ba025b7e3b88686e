"""The cluster's fields, derived from the table of fields.

Words are sent as our own tokens, separated by spaces. `stems` has the title three times and then the text, so that a
word's frequency and an article's length are those of `search.syntax.nodes`; between the parts there is a gap wider than
any query can bridge. `forms` has the words as written. Both also exist for title and text alone, for queries that name
a field.

`marks` has, at the position of each word of title and text, what is known of it besides: that a sentence or a paragraph
ends or begins there, and whom or what it mentions (see `document`). Nothing is indexed for other words.

Each facet has its values in normalized form (`person`), as spelled (`person_as`), hashes of the former (`person_h`), by
which different ones are counted without a look at each, and their number (`person_n`), and so have the main countries.
The article itself is stored, and not indexed; so are its vectors (`meaning`), if it has any.
"""

from __future__ import annotations

from collections.abc import Mapping

from search.fields import COUNTED, HAS, MEASURES
from search.opensearch.address import Access
from search.syntax import MAX_CLAUSES
from search.syntax.nodes import MAX_DISTANCE
from search.system.json import Json
from search.values.query import MAX_DEPTH, MAX_SIZE

GAP = 1000
"""Positions between the parts of a text field."""
CHANGES: Mapping[int, str] = {
    8: "knows where sentences begin and names stand (/s, /p)",
    9: "has the meaning of articles, if a model is chosen",
    10: "counts different values without a look at each",
    11: "finds a contraction as its word (“we'll” as “we”)",
    12: "knows which articles have a scan",
    13: "knows the quality of text that was read from scans",
    14: "knows how many words of a text are words of its language",
    15: "knows where sentences end in languages other than English (/s)",
}
"""Version of the fields → what it changed, as the rest of a sentence that begins with an index."""
VERSION = max(CHANGES)
"""The version that is written; `dateline upgrade` converts an index of an earlier one."""
READ_FROM = 10
"""The first version that is searched as it is: its fields are those of now, though not all of their words may be."""
SCANS_FROM = 12
"""The first version that knows which articles have a scan."""
QUALITY_FROM = 13
"""The first version that knows the quality of articles."""
KNOWN_FROM = 14
"""The first version that knows the share of their words that are known."""
CONVERTED_FROM = min(CHANGES) - 1
"""The first version whose articles can be read, which is all that converting it takes."""
AWAY_SETTING = "index.unassigned.node_left.delayed_timeout"
AWAY = "15s"
"""How long a machine may be away before others rebuild its replicas."""
STEMS, FORMS, MARKS = "stems", "forms", "marks"
MEANING = "meaning"

UNMARKED = "-"
"""In place of the marks of a word that has none."""

assert GAP > MAX_CLAUSES + MAX_DISTANCE


def changes_since(version: int) -> tuple[str, ...]:
    """What versions after this one changed."""
    return tuple(change for later, change in sorted(CHANGES.items()) if later > version)


def field_of(kind: str, part: str | None) -> str:
    """The field with the `stems`, `forms` or `marks` of the title, of the text, or of both."""
    return kind if part is None else f"{part}_{kind}"


def mapping() -> Json:
    """The mapping of an index of articles."""
    keyword = {"type": "keyword"}
    unread = {"type": "keyword", "index": False, "doc_values": False}
    properties: Json = {
        "id": keyword,
        "record": unread,
        MEANING: {"type": "binary"},
        "digest": {"type": "keyword", "index": False},
        "collection": keyword,
        "group": keyword,
        "story": {"type": "keyword", "index": False},
        "stemmed_as": keyword,
        "url": {"type": "keyword", "doc_values": False},
        "mentioned": {"type": "integer_range"},
        HAS: keyword,
        **dict.fromkeys(MEASURES.values(), keyword),
        "day": {"type": "integer"},
        "instant": {"type": "long", "index": False},
        "added": {"type": "long"},
        "changed": {"type": "long", "index": False},
        "date": {"type": "date", "format": "strict_date", "index": False},
    }
    for kind in (STEMS, FORMS):
        for part in (None, "title", "text"):
            words: Json = {"type": "text", "analyzer": "whitespace", "position_increment_gap": GAP}
            # The length of an article is that of both parts together.
            properties[field_of(kind, part)] = words | ({"norms": False} if part else {})
    for part in ("title", "text"):
        properties[field_of(MARKS, part)] = {
            "type": "text", "analyzer": MARKS, "search_analyzer": "whitespace", "norms": False,
        }  # fmt: skip
    for kind in (STEMS, FORMS):
        properties[kind]["fielddata"] = True  # loaded to count all words, and the words of a result; for nothing else
    for name in COUNTED:
        properties[name] = keyword
        properties[f"{name}_as"] = {"type": "keyword", "index": False}
        properties[f"{name}_h"] = {"type": "long", "index": False}
        properties[f"{name}_n"] = {"type": "integer", "index": False}
    return {
        "dynamic": "strict",
        "_meta": {"dateline": VERSION},
        "_source": {"includes": ["record", MEANING]},
        "properties": properties,
    }


_ANALYSIS: Json = {
    "tokenizer": {"words": {"type": "whitespace", "max_token_length": 1 << 20}},
    "filter": {
        "each": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]},
        "unmarked": {"type": "stop", "stopwords": [UNMARKED]},
    },
    "analyzer": {MARKS: {"type": "custom", "tokenizer": "words", "filter": ["each", "unmarked"]}},
}
"""Several marks of a word are separated by bars, and stand at one position."""


def index(access: Access) -> Json:
    """Settings and mapping of a new index of articles."""
    return {
        "settings": {
            "number_of_shards": access.shards,
            "number_of_replicas": access.replicas,
            "refresh_interval": "-1",  # only commits become visible
            "replication.type": "DOCUMENT",  # to all copies at once
            AWAY_SETTING: AWAY,
            "max_result_window": MAX_DEPTH + MAX_SIZE,
            "analysis": _ANALYSIS,
            "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}},
        },
        "mappings": mapping(),
    }
