"""Lists of articles, as they are sent and shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from desk.named import MAX_NOTE, MOST_ARTICLES
from search.values.results import Count
from service.values.desk_values import Name
from service.values.shared_values import at_most


class NotedArticle(Struct, forbid_unknown_fields=True):
    """An article that is put on a list, with a note."""

    id: str
    note: str = ""


Named: TypeAlias = Annotated[Sequence[str | NotedArticle], at_most(MOST_ARTICLES, "Items")]


class SentArticles(Struct, forbid_unknown_fields=True):
    """Articles that are put on a list: those that are named, and those that a query finds.

    Attributes:
        query: parameters of a search: all articles that it finds.
    """

    articles: Named = ()
    query: str | UnsetType = UNSET


class SentList(Struct, forbid_unknown_fields=True):
    """A list that is made.

    Attributes:
        query: parameters of a search: all articles that it finds.
        shared: false makes it one's own, true shares it with others. Without it, it is nobody's if the key may edit.
    """

    name: Name = ""
    about: Annotated[str, at_most(MAX_NOTE)] = ""
    articles: Named = ()
    query: str | UnsetType = UNSET
    shared: bool | UnsetType = UNSET


class ChangedList(Struct, forbid_unknown_fields=True):
    """What is changed of a list.

    Attributes:
        before: what is replaced by `about`; if somebody has changed it meanwhile, nothing is stored.
        shared: others find it.
    """

    name: Name | UnsetType = UNSET
    shared: bool | UnsetType = UNSET
    about: Annotated[str, at_most(MAX_NOTE)] | UnsetType = UNSET
    before: str | UnsetType = UNSET


class SentNote(Struct, forbid_unknown_fields=True):
    """A note about an article on a list.

    Attributes:
        before: the note that is replaced; if somebody has changed it meanwhile, nothing is stored.
    """

    note: str = ""
    before: str | UnsetType = UNSET


class ListLinks(Struct):
    """The addresses of a list.

    Attributes:
        page: for people.
        search: a search in it.
    """

    self: str
    page: str
    search: str


class List(Struct, kw_only=True):
    """A list without its articles.

    Attributes:
        articles: articles on it, in the archive or not; of those that are seen, if not every article is.
        made_by: the name of the key.
        mine: it belongs to the one who asks; `private`: nobody else finds it.
        added: after putting articles on it: those that were not on it before.
    """

    added: Count | UnsetType = UNSET
    name: str
    about: str
    articles: Count
    made_by: str
    made: str
    changed_by: str
    changed: str
    mine: bool
    private: bool
    links: ListLinks


class Lists(Struct):
    """All lists, by name."""

    lists: Sequence[List]


class ListEntry(Struct):
    """An article on a list.

    Attributes:
        by: the name of the key that put it there.
        present: the archive has it.
    """

    id: str
    note: str
    by: str
    at: str
    present: bool
    title: str | None
    published: str | None
    source: str | None


class PartLinks(ListLinks):
    """The addresses of a list, and of its next articles."""

    next: str | None


class ListContents(List, kw_only=True):
    """A list and some of its articles, in the order in which they were put on it.

    Attributes:
        present: articles on it that the archive has.
        missing: articles on it that are no longer in the archive.
    """

    present: Count
    missing: Count
    entries: Sequence[ListEntry]
    links: PartLinks
