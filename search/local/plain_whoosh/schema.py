"""The Whoosh schema of an index, derived from the table of fields, with standard Whoosh field types only.

    title, text             stemmed words with positions, for words and phrases
    title_form, text_form   folded words as written, for prefixes
    person, country, …      the facets' values; a topic with all its ancestors
    id, collection          names, as written
    day, length             columns: day of publication (0 unknown), words, a title word counting three times;
                            sort keys in time (`search.text.dates.instant_of`) are columns, too
    article, digest         stored: the article (see `record`), and the digest it was read with

`inverter` writes them and `codec` reads them.
"""

from __future__ import annotations

from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

from search.fields import COUNTED, TITLE_WEIGHT
from search.local.format.layout import UNKNOWN_DAY
from search.local.plain_whoosh.analysis import Words
from search.text.tokens import DEFAULT_LANGUAGE

TEXTS = {"title": TITLE_WEIGHT, "text": 1}
"""The searched fields, and the weight of a word in each."""


def schema(languages: tuple[str, ...] = (DEFAULT_LANGUAGE,)) -> Schema:
    """The schema of an index, for plain Whoosh, whose parser stems with it.

    Args:
        languages: codes of the languages whose stems a word is searched with.
    """
    fields = {
        "id": ID(unique=True, sortable=True),
        "collection": ID(),
        "day": day_field(),
        "length": NUMERIC(int, sortable=True, default=0),
        "article": STORED(),
        "digest": STORED(),
    }
    for name in TEXTS:
        together = "phrase" if len(languages) == 1 else "or"
        fields[name] = TEXT(analyzer=Words(languages), phrase=True, multitoken_query=together)
        fields[form_field(name)] = KEYWORD()
        fields[form_field(name)].analyzer = Words()  # type: ignore[assignment]
    for name in COUNTED:
        fields[name] = KEYWORD()
    return Schema(**fields)


def day_field() -> NUMERIC:
    """The field that converts a day to a term and back."""
    return NUMERIC(int, sortable=True, default=UNKNOWN_DAY, shift_step=0)


def form_field(name: str) -> str:
    """The field that holds the words of a searched field as written."""
    return f"{name}_form"
