"""Here is an article, give me the document for a cluster; and back."""

from __future__ import annotations

from base64 import b64decode, b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b, sha256
from itertools import pairwise

import orjson

from search.fields import COUNTED, HAS, MEASURES, PLACED, TITLE_WEIGHT
from search.meaning.passages import checked
from search.names.vocabulary import vocabulary
from search.opensearch.mapping import FORMS, MARKS, MEANING, STEMS, UNMARKED, field_of
from search.snippets import sentences
from search.system.json import Json
from search.text import addresses, dates
from search.text.tokens import DEFAULT_LANGUAGE, fold, term, tokens
from search.values.article import Article, changed
from search.values.record import decode, encode

MAX_VALUE = 8000
"""Characters of a value that are compared: a cluster does not index longer ones."""


def document(article: Article) -> Json:
    """An article as the fields of `mapping`."""
    day = dates.day_of(article.published)
    found: Json = {
        "id": article.id,
        "record": encode(article).decode(),
        "digest": article.digest,
        "collection": article.collection[:MAX_VALUE],
        "story": f"g {article.group}" if article.group else f"a {article.id}",
        "stemmed_as": article.language or DEFAULT_LANGUAGE,
    }
    if article.meaning:
        found[MEANING] = b64encode(checked(article.meaning)).decode()
    if article.group:
        found["group"] = article.group
    if day is not None:
        found |= {"day": day.toordinal(), "date": day.isoformat(), "instant": dates.instant_of(article.published)}
    if address := addresses.key(article.url or ""):
        found["url"] = address
    if mentioned := list(_ranges(article.mentioned)):
        found["mentioned"] = mentioned
    if article.has:
        found[HAS] = list(article.has)
    for name in MEASURES.values():
        if measured := getattr(article, name):
            found[name] = list(measured)
    for name in ("added", "changed"):
        if moment := dates.instant_of(getattr(article, name)):
            found[name] = moment
    parts = {"title": _words(article.title, article.language), "text": _words(article.text, article.language)}
    for kind, place in ((FORMS, 0), (STEMS, 1)):
        title, text = parts["title"][place], parts["text"][place]
        found[kind] = [*[title] * TITLE_WEIGHT, text]
        found[field_of(kind, "title")], found[field_of(kind, "text")] = title, text
    found |= {field_of(MARKS, part): _marks(article, part) for part in ("title", "text")}
    for name in COUNTED:
        spelled = values(article, name)
        keys = sorted({key(value) for value in spelled})
        if keys:
            found[name] = keys
            found[f"{name}_as"] = spelled
            found[f"{name}_h"] = [hashed(one) for one in keys]
        found[f"{name}_n"] = len(keys)
    return found


def _ranges(named: Iterable[str]) -> Iterator[dict[str, int]]:
    """The days that dates cover, as ordinals; values that are not dates are skipped."""
    for one in dict.fromkeys(named):
        with suppress(ValueError):
            days = dates.parse(one)
            yield {"gte": days.first.toordinal(), "lte": days.last.toordinal()}


def values(article: Article, name: str) -> list[str]:
    """The values of a facet that count an article, as the article spells them, topics with their ancestors."""
    value = getattr(article, name)
    found = list(value) if isinstance(value, tuple) else [value] if value else []
    if name == "topic":
        found += [above for code in found for above in vocabulary("topic").ancestors(code)]
    return list(dict.fromkeys(one[:MAX_VALUE] for one in found))


def key(value: str) -> str:
    """A value in normalized form."""
    return fold(value[:MAX_VALUE])[:MAX_VALUE]


def hashed(one: str) -> int:
    """64 bits that represent a normalized value, as a signed number."""
    digest = blake2b(one.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def article(source: Json) -> Article:
    """The article of a document, as added; its vectors only if they are among the fields that were asked for."""
    read = decode(source["record"].encode())
    return changed(read, meaning=meaning(source)) if MEANING in source else read


def meaning(source: Json) -> bytes:
    """The vectors of the article of a document."""
    return b64decode(source.get(MEANING, ""))


def action(one: Article, version: int | None = None) -> bytes:
    """The lines that index an article, replacing the one with its id, unless that has a greater version."""
    return b'{"index":%s}\n%s\n' % (_target(one.id, version), orjson.dumps(document(one)))


def acted(lines: bytes) -> Article:
    """The article that `action` encoded."""
    return article(orjson.loads(lines.split(b"\n", 1)[1]))


def removal(article_id: str, version: int | None = None) -> bytes:
    """The line that removes an article, unless it has a greater version."""
    return b'{"delete":%s}\n' % _target(article_id, version)


def _target(article_id: str, version: int | None) -> bytes:
    versioned = {} if version is None else {"version": version, "version_type": "external_gte"}
    return orjson.dumps({"_id": article_id, **versioned})


def ends(within: str) -> tuple[str, str, str]:
    """The marks of the first word of a sentence (`s`) or paragraph (`p`), of the last one, and of its only one."""
    return f"{within}0", f"{within}1", f"{within}2"


def mention(facet: str, one: str) -> str:
    """The mark of each word that mentions a normalized value."""
    return f"{facet[0]}{sha256(one.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def _marks(article: Article, part: str) -> str:
    """The marks of each word of the title or the text."""
    text = article.title if part == "title" else article.text
    words = [(token.start, token.end) for token in tokens(text)]
    marks: list[dict[str, None]] = [{} for _ in words]
    starts, stops = [start for start, _ in words], [end for _, end in words]
    begun = sentences.starts(text, article.language) if part == "text" else []
    for within in "sp":
        first, last, only = ends(within)
        wanted = [bisect_left(starts, start) for start, breaks in begun if breaks or within == "s"]
        for begin, end in pairwise([*dict.fromkeys(wanted), len(words)]):
            if end - begin == 1:
                marks[begin][only] = None
            elif begin < end:
                marks[begin][first] = marks[end - 1][last] = None
    for facet in PLACED:
        having = getattr(article, facet)
        for entry in article.evidence.get(facet, ()):
            if entry.within != part or entry.start is None or entry.end is None or entry.value not in having:
                continue
            if entry.start == entry.end:  # no word: inside one it would count as that
                continue
            for place in range(bisect_right(stops, entry.start), bisect_left(starts, entry.end)):
                marks[place][mention(facet, key(entry.value))] = None
    return " ".join("|".join(some) or UNMARKED for some in marks)


def _words(text: str, language: str | None) -> tuple[str, str]:
    """The forms of a text separated by spaces, and its terms."""
    forms = [token.word for token in tokens(text)]
    return " ".join(forms), " ".join(term(form, language) for form in forms)
