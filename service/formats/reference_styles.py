"""An article as an entry of a reference list, in the styles of Chicago, APA and MLA for articles of newspapers.

The rules are those of The Chicago Manual of Style (18th edition, bibliography), of the Publication Manual of the APA
(7th edition) and of the MLA Handbook (9th edition). What is not known is omitted, or said to be missing as the manual
says it. Titles keep their capitals: which words are names is not known. Months are in English, the titles in their own
language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from search.values.article import Article
from service.formats.author_names import Name, authors
from service.wording.messages import MONTHS

_SHORT = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
"""Months as MLA writes them."""
_ENDS = tuple(".?!…。？！؟।۔")
_CLOSING = '”’“‘»«›‹」』"'
"""Quotation marks that may close what they are at the end of, in one language or another."""
_QUOTATION = frozenset('“”"')
_LOW = {"„": "‚"}
"""Marks that open a quotation in German and its neighbours, where “ closes it."""
_ARTICLE = re.compile("The (?=[A-Z])")
CHICAGO_NAMES, CHICAGO_FIRST, APA_NAMES, MLA_NAMES = 6, 3, 20, 2
"""How many authors are named; of more, Chicago names three, APA 19 and the last one, MLA one."""


class Run(NamedTuple):
    """A part of an entry."""

    text: str
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """What an entry is made from.

    Attributes:
        published: year, month and day, as far as they are known.
        archive: the name of the archive; `id` is that of the article in it.
        accessed: the day on which it was read.
    """

    authors: tuple[Name, ...]
    title: str
    source: str
    published: tuple[int, ...]
    url: str
    archive: str
    id: str
    accessed: date
    english: bool


def cited(article: Article, archive: str, accessed: date) -> Cited:
    """What is known about an article; an article without a title is called by its heading."""
    return Cited(
        authors(article),
        _line(article.heading),
        _line(article.source or ""),
        tuple(int(part) for part in (article.published or "")[:10].split("-") if part),
        _line(article.url or ""),
        archive,
        article.id,
        accessed,
        article.language in (None, "en"),
    )


def chicago(one: Cited) -> list[Run]:
    """An entry of a bibliography. A newspaper takes the place of an unknown author, and loses its initial “The”."""
    source = _ARTICLE.sub("", one.source, count=1) if one.english and _ARTICLE.match(one.source) else one.source
    when = _day(one.published) or "n.d."
    where = _ended(one.url) if one.url else f"{one.archive} ({one.id})."
    read = f"Accessed {_day(_of(one.accessed))}. " if one.url else ""
    title = _quoted(one.title)
    if one.authors:
        begins = [Run(f"{_ended(_in_chicago(one.authors))} {title} ")]
        if source:
            begins += [Run(source, italic=True), Run(", ")]
    elif source:
        begins = [Run(source, italic=True), Run(f"{_stop(source)} {title} ")]
    else:
        begins = [Run(f"{title} ")]
    return _joined([*begins, Run(f"{_ended(_capital(when, begins))} {read}{where}")])


def apa(one: Cited) -> list[Run]:
    """An entry of a list of references. What is undated has the day on which it was read."""
    year, *rest = one.published or (0,)
    within = f"{year}, {_month_and_day(rest)}" if rest else str(year)
    when = f"({within if one.published else 'n.d.'})."
    title = Run(one.title, italic=not one.source)  # a work of its own, if it is in no newspaper
    stop = Run(_stop(one.title))
    if one.authors:
        begins = [Run(f"{_ended(_in_apa(one.authors))} {when} "), title, stop]
    else:
        begins = [title, stop, Run(f" {when}")]
    if one.source:
        begins += [Run(" "), Run(one.source, italic=True), Run(_stop(one.source))]
    read = f"Retrieved {_day(_of(one.accessed))}, from " if not one.published else ""
    return _joined([*begins, Run(f" {read}{one.url}" if one.url else "")])


def mla(one: Cited) -> list[Run]:
    """An entry of a list of works cited."""
    begins = [Run(f"{_ended(_in_mla(one.authors))} " if one.authors else ""), Run(f"{_quoted(one.title)} ")]
    elements: list[Run] = [Run(one.source, italic=True)] if one.source else []
    elements += [Run(_day_first(one.published))] if one.published else []
    if one.url:
        return _joined(
            [*begins, *_listed([*elements, Run(one.url)]), Run(f" Accessed {_day_first(_of(one.accessed))}.")]
        )
    archive = _listed([Run(one.archive, italic=True), Run(one.id)])
    return _joined([*begins, *_listed(elements), Run(" " if elements else ""), *archive])


STYLES: tuple[tuple[str, Callable[[Cited], list[Run]]], ...] = (("Chicago", chicago), ("APA", apa), ("MLA", mla))


def plain(runs: Iterable[Run]) -> str:
    """An entry without italics."""
    return "".join(run.text for run in runs)


def _in_chicago(names: Sequence[Name]) -> str:
    if len(names) > CHICAGO_NAMES:
        names = names[:CHICAGO_FIRST]
        return f"{_turned(names[0])}, {', '.join(name.printed for name in names[1:])}, et al."
    first, others = _turned(names[0]), [name.printed for name in names[1:]]
    if not others:
        return first
    return f"{', '.join([first, *others[:-1]])}, and {others[-1]}"


def _in_apa(names: Sequence[Name]) -> str:
    written = [", ".join(part for part in (n.family, n.initials, n.suffix) if part) for n in names]
    if len(written) == 1:
        return written[0]
    if len(written) > APA_NAMES:
        return f"{', '.join(written[: APA_NAMES - 1])}, . . . {written[-1]}"
    return f"{', '.join(written[:-1])}, & {written[-1]}"


def _in_mla(names: Sequence[Name]) -> str:
    first = _turned(names[0])
    if len(names) > MLA_NAMES:
        return f"{first}, et al."
    return f"{first}, and {names[1].printed}" if names[1:] else first


def _turned(name: Name) -> str:
    return ", ".join(part for part in name if part)


def _quoted(title: str) -> str:
    """A title in quotation marks, those in it made single, with a stop before the last ones."""
    inner, closes = [], ""
    for sign in title:
        if sign in _LOW:
            sign, closes = _LOW[sign], "‘"
        elif sign in _QUOTATION:
            opening = not closes if sign in '"“' else False
            sign, closes = ("‘", "’") if opening else (closes or "’", "")
        inner.append(sign)
    text = "".join(inner)
    words = text.rstrip("’‘") if title[-1] in _QUOTATION else text
    return f"“{words}{_stop(words)}{text[len(words) :]}”"


def _day(day: tuple[int, ...]) -> str:
    """`June 18, 2023`, `June 2023` or `2023`."""
    if len(day) < 2:
        return "".join(map(str, day))
    return f"{_month_and_day(day[1:])}{',' if len(day) > 2 else ''} {day[0]}"


def _month_and_day(parts: Sequence[int]) -> str:
    return " ".join([MONTHS[parts[0] - 1], *map(str, parts[1:])])


def _day_first(day: tuple[int, ...]) -> str:
    """`18 June 2023`, `Sept. 2023` or `2023`."""
    year, *rest = day
    return " ".join([*map(str, rest[1:]), *(_SHORT[month - 1] for month in rest[:1]), str(year)])


def _of(day: date) -> tuple[int, ...]:
    return day.year, day.month, day.day


def _capital(when: str, before: Sequence[Run]) -> str:
    """A date with a capital if it begins a sentence."""
    return when if before[-1].text == ", " else when[0].upper() + when[1:]


def _listed(elements: Sequence[Run]) -> list[Run]:
    """Elements with commas between them and a stop at the end."""
    found: list[Run] = []
    for number, element in enumerate(elements, 1):
        last = number == len(elements)
        found += [element, Run(_stop(element.text) if last else ", ")]
    return found


def _joined(runs: Iterable[Run]) -> list[Run]:
    """The same text in as few runs as possible."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].italic == run.italic:
            found[-1] = Run(found[-1].text + run.text, run.italic)
        elif run.text:
            found.append(run)
    return found


def _ended(text: str) -> str:
    return f"{text}{_stop(text)}"


def _stop(after: str) -> str:
    """The full stop that a text needs: none after *Globe Inc.*, nor where a quotation at its end has one."""
    return "" if after.rstrip(_CLOSING).endswith(_ENDS) else "."


def _line(text: str) -> str:
    return " ".join(text.split())
