"""What a delivery says: the articles that are new, changed and gone, all of them, as text and JSON.

Near-duplicates are one story, whose copies stand below its earliest article. Titles are those of the moment at which
the message is made; of an article that is gone that which it had before, if the delivery has it, or else the id. A
purged article is only counted.

Titles, sources and names are by strangers: in text and headers they have no line ends, no control characters and no
signs that turn the direction of writing; in HTML they are escaped (`markup`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from desk.alerts.alert import Alert, Delivery
from search.engine import Engine
from search.errors import ArticleMissing
from search.system.json import Json
from search.text import dates
from search.values.article import Article
from service.formats.chart import in_words
from service.wording.directions import isolated_text
from service.wording.messages import counted, gettext
from service.wording.printable import printable

_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://dateline.invalid/delivery")
_TURNING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@dataclass(frozen=True, slots=True)
class Line:
    """An article in a message.

    Attributes:
        title: what it is called (`Article.heading`); its id if it is not in the archive and the delivery has no title.
        url: its page; "" if the address of the service is not known.
    """

    id: str
    title: str
    source: str
    published: str | None
    url: str
    in_archive: bool

    @property
    def about(self) -> str:
        """Its source and its day, in words."""
        if not self.in_archive:
            return "not in the archive any more"
        return " · ".join(filter(None, (self.source, in_words(self.published))))


@dataclass(frozen=True, slots=True)
class Story:
    """An article and its near-duplicates in one part of a message, earliest first."""

    first: Line
    copies: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What a delivery says.

    Attributes:
        came, changed, went: latest first, undated last.
        site: the name of the service; `base` is its address, "" if that is not known.
        asked: the question, with lists by their names.
    """

    alert: Alert
    delivery: Delivery
    came: tuple[Story, ...]
    changed: tuple[Story, ...]
    went: tuple[Story, ...]
    site: str
    base: str
    asked: str

    @property
    def id(self) -> str:
        """What identifies the delivery: the same however often it is sent, and that of no other."""
        return identity(self.alert, self.delivery)

    @property
    def subject(self) -> str:
        """What it is about, in a line: `Oil in France: 12 new, 1 changed`."""
        return f"{plain(self.alert.name)}: {summary(self.delivery)}"

    @property
    def parts(self) -> tuple[tuple[str, tuple[Story, ...]], ...]:
        """The parts that it has, with their headings."""
        told = (("New", self.came), ("Changed", self.changed), ("Gone", self.went))
        return tuple((heading, stories) for heading, stories in told if stories)

    @property
    def search(self) -> str:
        """The address of the whole result; "" if it is not known."""
        return f"{self.base}/?{self.asked}" if self.base else ""

    @property
    def purged(self) -> str:
        """How many articles have been purged, in a sentence; "" if none has."""
        erased = self.delivery.erased
        return f"{erased:,} {'article was' if erased == 1 else 'articles were'} removed by takedown." if erased else ""


def identity(alert: Alert, delivery: Delivery) -> str:
    """What identifies a delivery among those of all alerts, of other archives too."""
    parts = (alert.number, alert.made, alert.made_by, alert.question, delivery.number, delivery.at)
    return str(uuid.uuid5(_NAMES, "\n".join(map(str, parts))))


def summary(delivery: Delivery) -> str:
    """The numbers of a delivery: `12 new, 1 changed, 2 gone, 1 purged`."""
    came, changed, went, erased = len(delivery.came), len(delivery.changed), len(delivery.went), delivery.erased
    told = [
        *([counted("{count} new", "{count} new", came)] if came else []),
        *([counted("{count} changed", "{count} changed", changed)] if changed else []),
        *([counted("{count} gone", "{count} gone", went)] if went else []),
        *([counted("{count} purged", "{count} purged", erased)] if erased else []),
    ]
    return ", ".join(told) or gettext("nothing new")


def compose(
    engine: Engine, alert: Alert, delivery: Delivery, site: str, base: str, asked: str | None = None
) -> Message:
    """Make the message of a delivery. Cost: reads each of its articles.

    Args:
        engine: has what its receiver may see.
        base: the address of the service, without a slash at the end; "" if it is not known.
        asked: the question, with lists by their names; None if it is about none.
    """
    titles = dict(delivery.titles)
    came, changed, went = (
        tuple(_stories(engine, ids, base, titles)) for ids in (delivery.came, delivery.changed, delivery.went)
    )
    return Message(alert, delivery, came, changed, went, site, base, alert.question if asked is None else asked)


def as_text(message: Message) -> str:
    """A message as plain text."""
    lines = [plain(message.site), message.subject]
    if message.search:
        lines.append(message.search)
    for heading, stories in message.parts:
        lines += ["", heading.upper()]
        for story in stories:
            lines += ["", *_text(story.first, "")]
            for copy in story.copies:
                lines += _text(copy, "    ")
    if message.purged:
        lines += ["", message.purged]
    return "\n".join(lines) + "\n"


def as_json(message: Message) -> Json:
    """A message as JSON, for programs."""
    delivery, alert = message.delivery, message.alert
    return {
        "id": message.id,
        "alert": alert.name,
        "question": message.asked,
        "number": delivery.number,
        "since": delivery.since,
        "at": delivery.at,
        "generation": delivery.generation,
        "summary": summary(delivery),
        "new": [_story(each) for each in message.came],
        "changed": [_story(each) for each in message.changed],
        "gone": [_story(each) for each in message.went],
        "purged": delivery.erased,
        "links": {"search": message.search or None},
    }


def plain(text: str) -> str:
    """A stranger's text in one line, without control characters and signs that turn the direction."""
    return " ".join(printable(text.translate(_TURNING)).split())


def _stories(engine: Engine, ids: Iterable[str], base: str, titles: Mapping[str, str]) -> Iterator[Story]:
    """Some articles, near-duplicates together.

    Args:
        titles: by id, of those that are gone.
    """
    groups: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for each in ids:
        try:
            article = engine.article(each)
        except ArticleMissing:
            groups[f"id {each}"].append((0, Line(each, plain(titles.get(each, "")) or each, "", None, "", False)))
        else:
            group = f"group {article.group}" if article.group else f"id {each}"
            groups[group].append((dates.instant_of(article.published), _line(article, base)))
    stories = [sorted(lines, key=lambda each: (not each[0], each[0], each[1].id)) for lines in groups.values()]
    for (_, first), *copies in sorted(stories, key=lambda lines: (-lines[0][0], lines[0][1].id)):
        yield Story(first, tuple(line for _, line in copies))


def _line(article: Article, base: str) -> Line:
    title, source = plain(article.heading), plain(article.source or "")
    return Line(article.id, title, source, article.published, f"{base}/article/{article.id}" if base else "", True)


def _text(line: Line, indent: str) -> Iterator[str]:
    yield f"{indent}{isolated_text(line.title)}"
    yield f"{indent}{isolated_text(line.about)}"
    if line.url:
        yield f"{indent}{line.url}"


def _story(story: Story) -> Json:
    return {**_json(story.first), "copies": [_json(each) for each in story.copies]}


def _json(line: Line) -> Json:
    return {
        "id": line.id,
        "title": line.title if line.in_archive or line.title != line.id else None,
        "source": line.source or None,
        "published": line.published,
        "in_archive": line.in_archive,
        "url": line.url or None,
    }
